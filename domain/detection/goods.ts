import type { DetectionPolicy } from '../policy/detection-policy.ts';
import type { ListingFacts } from './model.ts';
import { tokensOf } from './text.ts';

/** Goods words by their first word, so that one pass over a text finds them all. */
export type GoodsIndex = ReadonlyMap<string, readonly { readonly words: readonly string[]; readonly niceClass: string }[]>;

/** Indexes the policy's goods words (`{ '025': ['shoes', 'running shoes'] }`). */
export function goodsIndex(goods: DetectionPolicy['goods']): GoodsIndex {
  const index = new Map<string, { words: readonly string[]; niceClass: string }[]>();
  for (const [niceClass, phrases] of Object.entries(goods)) {
    for (const phrase of phrases) {
      const words = tokensOf(phrase);
      const first = words[0];
      if (first === undefined) continue;
      const same = index.get(first) ?? [];
      same.push({ words, niceClass });
      index.set(first, same);
    }
  }
  return index;
}

/**
 * The Nice classes of a listing's goods: what the category says, else what the title says (a title names a T-shirt for
 * a plush toy). Empty = cannot be told. Feeds carry no class; the word table is the policy's and invented.
 */
export function classesOf(listing: ListingFacts, goods: GoodsIndex): ReadonlySet<string> {
  const byCategory = classesIn(tokensOf(listing.category ?? ''), goods);
  return byCategory.size > 0 ? byCategory : classesIn(tokensOf(listing.title), goods);
}

function classesIn(tokens: readonly string[], goods: GoodsIndex): Set<string> {
  const found = new Set<string>();
  tokens.forEach((token, at) => {
    for (const { words, niceClass } of goods.get(token) ?? goods.get(singular(token)) ?? []) {
      if (words.every((word, index) => index === 0 || tokens[at + index] === word)) found.add(niceClass);
    }
  });
  return found;
}

function singular(token: string): string {
  return token.endsWith('s') ? token.slice(0, -1) : token;
}
