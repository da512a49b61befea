import type { Money } from '../money.ts';
import type { ReferenceFacts } from './model.ts';
import { fold, tokensOf } from './text.ts';

/** Reference prices by brand and currency, found by part number or by the model name inside a title. */
export interface ReferenceIndex {
  /** Key: brand, currency, part number without its region suffix. */
  readonly byPart: ReadonlyMap<string, number>;
  /** Key: brand, currency, model (`667xl`); the lowest price of that model. */
  readonly byModel: ReadonlyMap<string, number>;
  readonly models: ReadonlySet<string>;
  readonly brands: ReadonlySet<string>;
  readonly regionSuffix: number;
}

/** A reference price for one piece, and what in the title led to it. */
export interface ReferenceHit {
  readonly price: Money;
  readonly by: string;
}

/** Indexes reference products; rows without price say nothing and are left out. */
export function referenceIndex(references: Iterable<ReferenceFacts>, regionSuffix: number): ReferenceIndex {
  const byPart = new Map<string, number>();
  const byModel = new Map<string, number>();
  const models = new Set<string>();
  const brands = new Set<string>();
  for (const { brand, partNumber, product, price } of references) {
    if (price === undefined) continue;
    brands.add(fold(brand));
    const scope = `${fold(brand)}|${price.currency}|`;
    if (partNumber !== undefined) lowest(byPart, scope + partStem(fold(partNumber), regionSuffix), price.amount);
    for (const model of modelTokens(tokensOf(product))) {
      models.add(model);
      lowest(byModel, scope + model, price.amount);
    }
  }
  return { byPart, byModel, models, brands, regionSuffix };
}

/**
 * The reference price of what a listing offers: by a part number in the text, else by the model in the title. Where a
 * title names a model and its larger variant (`667 667XL`) the larger one is what it claims; of unrelated models the
 * cheapest, so that a doubt speaks for the seller.
 */
export function referenceFor(
  brand: string,
  currency: string,
  title: readonly string[],
  description: readonly string[],
  index: ReferenceIndex,
): ReferenceHit | undefined {
  const scope = `${fold(brand)}|${currency}|`;
  for (const token of [...title, ...description]) {
    if (token.length < 5 || !/\d/.test(token) || !/\p{L}/u.test(token)) continue;
    const amount = index.byPart.get(scope + partStem(token, index.regionSuffix));
    if (amount !== undefined) return { price: { amount, currency }, by: token };
  }
  const named = modelTokens(title).filter((model) => index.byModel.has(scope + model));
  const claimed = named.filter((model) => !named.some((other) => other !== model && other.startsWith(model)));
  const cheapest = claimed.reduce<string | undefined>(
    (best, model) => (best === undefined || amountOf(model) < amountOf(best) ? model : best),
    undefined,
  );
  return cheapest === undefined ? undefined : { price: { amount: amountOf(cheapest), currency }, by: cheapest };

  function amountOf(model: string): number {
    return index.byModel.get(scope + model) ?? Number.POSITIVE_INFINITY;
  }
}

/** Model names: words with a number of at least three characters, a size letter written apart joined to them (`667 XL`). */
function modelTokens(tokens: readonly string[]): string[] {
  const models: string[] = [];
  tokens.forEach((token, at) => {
    if (!/\d{2}/.test(token)) return;
    const next = tokens[at + 1] ?? '';
    const model = /^\d+$/.test(token) && /^x{0,2}l$/.test(next) ? token + next : token;
    if (model.length >= 3) models.push(model);
  });
  return models;
}

/** A part number without the letters that only name a region (`3ym81ab` and `3ym81al` are one product). */
function partStem(part: string, regionSuffix: number): string {
  const end = part.slice(part.length - regionSuffix);
  return /^\p{L}+$/u.test(end) ? part.slice(0, part.length - regionSuffix) : part;
}

function lowest(map: Map<string, number>, key: string, amount: number): void {
  const known = map.get(key);
  if (known === undefined || amount < known) map.set(key, amount);
}
