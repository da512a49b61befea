import type { Money } from '../money.ts';

/** A brand's prices beyond this many change its median little; the bound keeps a sweep's memory flat. */
const MOST_PRICES = 5_000;

/** What the sweep's own listings tell about prices and sellers. Filled in a first pass, read in the second. */
export interface Survey {
  addHolder(marketplace: string, seller: string, holder: string): void;
  addPrice(marketplace: string, holder: string, price: Money, pieces: number): void;
  /** How many holders' goods the seller offers, going by the brand field. */
  holdersOf(marketplace: string, seller: string): ReadonlySet<string>;
  /** The median price of one piece of the holder's goods in the currency, in minor units, and of how many listings. */
  median(marketplace: string, holder: string, currency: string): { readonly amount: number; readonly n: number } | undefined;
}

/** A survey of nothing yet. Keeps counts and prices in memory, in the order given. */
export function emptySurvey(): Survey {
  const holders = new Map<string, Set<string>>();
  const prices = new Map<string, number[]>();
  const medians = new Map<string, { readonly amount: number; readonly n: number }>();
  return {
    addHolder(marketplace, seller, holder) {
      const key = JSON.stringify([marketplace, seller]);
      const known = holders.get(key) ?? new Set<string>();
      holders.set(key, known.add(holder));
    },
    addPrice(marketplace, holder, price, pieces) {
      const key = JSON.stringify([marketplace, holder, price.currency]);
      const known = prices.get(key) ?? [];
      prices.set(key, known);
      if (known.length < MOST_PRICES) known.push(price.amount / pieces);
      medians.delete(key);
    },
    holdersOf: (marketplace, seller) => holders.get(JSON.stringify([marketplace, seller])) ?? new Set(),
    median(marketplace, holder, currency) {
      const key = JSON.stringify([marketplace, holder, currency]);
      const known = medians.get(key);
      if (known !== undefined) return known;
      const sorted = [...(prices.get(key) ?? [])].sort((a, b) => a - b);
      const amount = sorted[Math.floor(sorted.length / 2)];
      if (amount === undefined) return undefined;
      const fresh = { amount: Math.round(amount), n: sorted.length };
      medians.set(key, fresh);
      return fresh;
    },
  };
}
