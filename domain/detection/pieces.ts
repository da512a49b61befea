import type { WordSets } from './words.ts';

/** A pack of more is trade in bulk and priced by other rules. */
const MOST_PIECES = 20;

/**
 * How many pieces a title offers: `kit 2`, `pack c/3`, `3 cartridges`, `2 black + 1 colour`, `black and colour`.
 * The largest reading, since a price is compared with that many reference prices only when the title says so; 1 when
 * the title says nothing.
 */
export function piecesIn(tokens: readonly string[], words: WordSets): number {
  let stated = 1;
  let byVariant = 0;
  const variants = new Set<string>();
  tokens.forEach((token, at) => {
    const count = smallNumber(token);
    if (words.variants.has(token)) variants.add(token);
    if (count === undefined) return;
    if (isPackCount(tokens, at, words)) stated = Math.max(stated, count);
    else if (nextIs(tokens, at, words.variants)) byVariant += count;
  });
  return Math.max(stated, byVariant, variants.size);
}

/** `kit 2`, `kit com 02`, `pack c 3` (a number up to two words after) or `3 units` (right before). */
function isPackCount(tokens: readonly string[], at: number, words: WordSets): boolean {
  const before = [tokens[at - 1], tokens[at - 2]];
  return before.some((word) => word !== undefined && words.pack.has(word)) || words.pack.has(tokens[at + 1] ?? '');
}

function nextIs(tokens: readonly string[], at: number, set: ReadonlySet<string>): boolean {
  return set.has(tokens[at + 1] ?? '');
}

function smallNumber(token: string): number | undefined {
  const digits = /^0?(\d{1,2})x?$/.exec(token)?.[1];
  const count = Number(digits ?? 0);
  return count >= 1 && count <= MOST_PIECES ? count : undefined;
}
