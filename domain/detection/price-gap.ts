import type { Money } from '../money.ts';
import type { PriceGapPolicy } from '../policy/detection-policy.ts';
import { Detector } from '../policy/detection-policy.ts';
import type { DetectionIndex } from './detection-index.ts';
import type { ListingWords, MarkUse } from './mark-use.ts';
import { roundScore } from './mark-use.ts';
import type { Finding, ListingFacts, Reason } from './model.ts';
import { DetectionReason } from './model.ts';
import { resolveOwner } from './owners.ts';
import { piecesIn } from './pieces.ts';
import { referenceFor } from './references.ts';
import { phraseIn } from './words.ts';

export const PRICE_GAP = { detector: Detector.priceGap, version: 1 } as const;

interface Gap {
  readonly share: number;
  readonly from: number;
  readonly reason: Reason;
}

/**
 * `price-gap@1`: the price of one piece lies far below the holder's reference price (part number or model in the
 * text), else below the median of the holder's goods on this marketplace. Only for new goods offered as the holder's own:
 * compatible, used and empty ones have prices of their own.
 */
export function priceGapFinding(
  use: MarkUse,
  listing: ListingFacts,
  words: ListingWords,
  index: DetectionIndex,
  policy: PriceGapPolicy,
): Finding | undefined {
  if (listing.price === undefined || listing.price.amount <= 0 || use.isReferential) return undefined;
  if (phraseIn(words.title, index.words.used) !== undefined) return undefined;
  const pieces = piecesIn(words.title, index.words);
  const gap = referenceGap(use, listing.price, pieces, words, index, policy) ?? medianGap(use, listing, listing.price, pieces, index, policy);
  if (gap === undefined || gap.share < gap.from) return undefined;
  const reach = Math.min(1, (gap.share - gap.from) / Math.max(policy.fullGap - gap.from, 0.01));
  const score = roundScore(policy.fromScore + reach * (policy.fullScore - policy.fromScore));
  return { ...PRICE_GAP, holder: use.holder, rights: use.rights, score, reasons: [gap.reason] };
}

function referenceGap(
  use: MarkUse,
  price: Money,
  pieces: number,
  words: ListingWords,
  index: DetectionIndex,
  policy: PriceGapPolicy,
): Gap | undefined {
  for (const brand of index.references.brands) {
    if (!isBrandOfHolder(brand, use, index)) continue;
    const hit = referenceFor(brand, price.currency, words.title, words.description, index.references);
    if (hit === undefined) continue;
    const expected = hit.price.amount * pieces;
    const params = { price: price.amount, expected, pieces, currency: price.currency, by: hit.by };
    return { share: 1 - price.amount / expected, from: policy.fromGap, reason: { code: DetectionReason.belowReference, params } };
  }
  return undefined;
}

function isBrandOfHolder(brand: string, use: MarkUse, index: DetectionIndex): boolean {
  if (use.mark.joined === brand) return true;
  const owner = resolveOwner(brand, index.owners);
  return 'organisation' in owner && owner.organisation === use.holder;
}

function medianGap(
  use: MarkUse,
  listing: ListingFacts,
  price: Money,
  pieces: number,
  index: DetectionIndex,
  policy: PriceGapPolicy,
): Gap | undefined {
  const median = index.survey.median(listing.marketplace, use.holder, price.currency);
  if (median === undefined || median.n < policy.medianAtLeast) return undefined;
  const expected = median.amount * pieces;
  const params = { price: price.amount, expected, pieces, currency: price.currency, n: median.n };
  return { share: 1 - price.amount / expected, from: policy.medianFromGap, reason: { code: DetectionReason.belowMedian, params } };
}
