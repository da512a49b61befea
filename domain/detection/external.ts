import type { PolicyValues } from '../policy/policy.ts';
import type { DetectionIndex } from './detection-index.ts';
import { holderOfBrand, isAuthorised } from './detection-index.ts';
import { classesOf } from './goods.ts';
import { rightsIn } from './mark-index.ts';
import type { Finding, ListingFacts } from './model.ts';
import { DetectionReason } from './model.ts';

export const EXTERNAL = { detector: 'external', version: 1 } as const;

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
  const rights = rightsOfHolder(holder, listing, index);
  if (rights.length === 0) return undefined;
  const { label, basis } = suspicion;
  return { ...EXTERNAL, holder, rights, score, reasons: [{ code: DetectionReason.external, params: { label, basis } }] };
}

/** The holder's rights in force in the market, those for the listing's goods first choice, else all. */
function rightsOfHolder(holder: string, listing: ListingFacts, index: DetectionIndex): readonly string[] {
  const classes = classesOf(listing, index.goods);
  const all = [...index.marks.byJoined.values()].flatMap((mark) => rightsIn(mark, listing.market)).filter((right) => right.holder === holder);
  const forGoods = all.filter((right) => [...classes].some((niceClass) => right.niceClasses.has(niceClass)));
  return (forGoods.length > 0 ? forGoods : all).map((right) => right.right).sort();
}
