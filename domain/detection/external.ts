import { Detector } from '../policy/detection-policy.ts';
import type { PolicyValues } from '../policy/policy.ts';
import type { DetectionIndex } from './detection-index.ts';
import { holderOfBrand, isAuthorised, rightsOfHolder } from './detection-index.ts';
import { classesOf } from './goods.ts';
import type { Finding, ListingFacts } from './model.ts';
import { DetectionReason } from './model.ts';

export const EXTERNAL = { detector: Detector.external, version: 1 } as const;

/** What a feed says that somebody else's detector found (`suspicion` in the listing feed). */
export interface ExternalSuspicion {
  readonly label: string;
  readonly basis: string;
  readonly score?: string;
}

/**
 * An outside suspicion as a finding `external@1`, at the score the policy gives its label; the outside score is on a
 * scale of its own and is not used. `undefined` when the label opens nothing, when no rights holder follows from the
 * listing's brand, when the seller is authorised, or when no right of the holder is in force there: an outside label
 * replaces our own detectors, never the right.
 */
export function externalFinding(
  suspicion: ExternalSuspicion,
  listing: ListingFacts,
  index: DetectionIndex,
  policy: PolicyValues,
): Finding | undefined {
  const score = policy.detection.external.labels[suspicion.label];
  const holder = listing.brand === undefined ? undefined : holderOfBrand(listing.brand, listing.market, index);
  if (score === undefined || holder === undefined || isAuthorised(listing, holder, index)) return undefined;
  const classes = classesOf(listing, index.goods);
  // The outside detector knows the goods better than a table of words does: where none fits, every right in force there is meant.
  const forGoods = rightsOfHolder(holder, listing.market, classes, index);
  const rights = forGoods.length > 0 ? forGoods : rightsOfHolder(holder, listing.market, new Set(), index);
  if (rights.length === 0) return undefined;
  const { label, basis } = suspicion;
  return { ...EXTERNAL, holder, rights, score, reasons: [{ code: DetectionReason.external, params: { label, basis } }] };
}
