import type { Instant } from '../instant.ts';
import { plusMs } from '../instant.ts';
import type { StayDownPolicy } from '../policy/detection-policy.ts';
import { Detector } from '../policy/detection-policy.ts';
import type { DetectionIndex } from './detection-index.ts';
import { isAuthorised, rightsOfHolder } from './detection-index.ts';
import { classesOf } from './goods.ts';
import { roundScore } from './mark-use.ts';
import type { Finding, ListingFacts, Reason, RemovedListing } from './model.ts';
import { DetectionReason } from './model.ts';
import { type Pieces, piecesOfText, similarity } from './near-duplicate.ts';

export const STAY_DOWN = { detector: Detector.stayDown, version: 1 } as const;

const DAY_MS = 86_400_000;

/** The instant before which removals are forgotten, in plain days: nobody has to act at it. */
export function remembersSince(at: Instant, { within }: StayDownPolicy): Instant {
  return plusMs(at, -within.n * DAY_MS);
}

/** What of a seller's actor was removed and stays down, taken apart once; by seller. */
export type RemovedIndex = ReadonlyMap<string, readonly Removed[]>;
interface Removed {
  readonly of: RemovedListing;
  readonly pieces: Pieces;
}

/** Nothing was removed. */
export const NOTHING_REMOVED: RemovedIndex = new Map();

/** Indexes what was removed; each row already belongs to one of the sellers asked about (store/queries/earlier-removals.ts). */
export function removedIndex(removed: Iterable<RemovedListing>): RemovedIndex {
  const index = new Map<string, Removed[]>();
  for (const of of removed) {
    const entry = { of, pieces: piecesOfText(of.title, of.description) };
    const known = index.get(of.seller);
    if (known === undefined) index.set(of.seller, [entry]);
    else known.push(entry);
  }
  return index;
}

/**
 * `stay-down@1`: the listing is a near-duplicate of one that the same party had, that was removed on a confirmed verdict and
 * is still down. One finding a holder, naming the earlier case that is most alike (of equals the latest). None where the holder has no right in
 * force for such goods, or has authorised the seller since.
 */
export function stayDownFindings(listing: ListingFacts, index: DetectionIndex, removed: RemovedIndex, policy: StayDownPolicy): Finding[] {
  const earlier = removed.get(listing.seller ?? '');
  if (earlier === undefined) return [];
  const pieces = piecesOfText(listing.title, listing.description);
  const best = new Map<string, { readonly of: RemovedListing; readonly share: number; readonly isSameImage: boolean }>();
  for (const { of, pieces: theirs } of earlier) {
    // Another version of the same listing is the earlier case's own matter.
    if (of.marketplace === listing.marketplace && of.listing === listing.listing) continue;
    const isSameImage = (listing.images ?? []).some((image) => of.images.includes(image));
    const share = Math.min(1, similarity(pieces, theirs, policy.fewestWords) + (isSameImage ? policy.sharedImage : 0));
    const known = best.get(of.holder);
    const isBetter = known === undefined || share > known.share || (share === known.share && of.removedAt > known.of.removedAt);
    if (share >= policy.fromSimilarity && isBetter) best.set(of.holder, { of, share, isSameImage });
  }
  return [...best.values()].flatMap(({ of, share, isSameImage }) => {
    const rights = rightsOfHolder(of.holder, listing.market, classesOf(listing, index.goods), index);
    if (rights.length === 0 || isAuthorised(listing, of.holder, index)) return [];
    const reasons = [reasonOf(of, share), ...(isSameImage ? [{ code: DetectionReason.sameImage, params: {} }] : [])];
    return [{ ...STAY_DOWN, holder: of.holder, rights, score: scoreOf(share, policy), reasons, linkedTo: of.case }];
  });
}

function scoreOf(share: number, { fromSimilarity, fromScore, fullScore }: StayDownPolicy): number {
  const reach = fromSimilarity === 1 ? 1 : (share - fromSimilarity) / (1 - fromSimilarity);
  return roundScore(fromScore + reach * (fullScore - fromScore));
}

/** Names the case, not the earlier listing: who is behind which shop is not the reader's to know. */
function reasonOf(of: RemovedListing, share: number): Reason {
  return { code: DetectionReason.relisting, params: { percent: Math.floor(share * 100), case: of.case, at: of.removedAt } };
}
