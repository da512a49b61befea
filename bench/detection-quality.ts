import { detect } from '../domain/detection/detect.ts';
import type { ListingFacts, RemovedListing, Suspicion } from '../domain/detection/model.ts';
import { resolveOwner } from '../domain/detection/owners.ts';
import { coversMarket } from '../domain/detection/rights.ts';
import { NOTHING_REMOVED, type RemovedIndex, removedIndex } from '../domain/detection/stay-down.ts';
import { tokensOf } from '../domain/detection/text.ts';
import { instant } from '../domain/instant.ts';
import { Detector } from '../domain/policy/detection-policy.ts';
import type { PolicyValues } from '../domain/policy/policy.ts';
import type { DetectionData } from './detection-data.ts';

/** Precision and recall over `n` labelled listings, `positives` of them counterfeit by the scripted answer; `found` of them by what is measured. */
export interface Quality {
  readonly n: number;
  readonly positives: number;
  readonly found: number;
  readonly hits: number;
  readonly precision: number;
  readonly recall: number;
}

/** A labelled listing with the holder the label is about. */
interface Labelled {
  readonly listing: ListingFacts;
  readonly holder: string;
  readonly isPositive: boolean;
}

/**
 * Qualities of one market by what is measured: `combined` = a case opens; a detector's name = it has a finding of any score; `stay-down` and
 * `combined with stay-down` = as if every other confirmed listing of the same seller had been removed before; `brand match` = the holder's mark stands
 * as a word in brand or title.
 */
export function qualitiesOf(market: string, data: DetectionData, policy: PolicyValues): Readonly<Record<string, Quality>> {
  const labelled = labelledIn(market, data);
  const first = labelled.map((row) => ({ row, suspicion: suspicionOf(row, data, policy, NOTHING_REMOVED) }));
  const later = labelled.map((row) => ({ row, suspicion: suspicionOf(row, data, policy, removedBefore(row, labelled)) }));
  const finds = (seen: typeof first, detector: Detector) => seen.map(({ row, suspicion }) => ({ row, isFound: hasFinding(suspicion, detector) }));
  const opens = (seen: typeof first) => seen.map(({ row, suspicion }) => ({ row, isFound: suspicion?.opens === true }));
  return {
    combined: quality(opens(first)),
    [Detector.markUse]: quality(finds(first, Detector.markUse)),
    [Detector.priceGap]: quality(finds(first, Detector.priceGap)),
    [Detector.replicaWords]: quality(finds(first, Detector.replicaWords)),
    [Detector.stayDown]: quality(finds(later, Detector.stayDown)),
    'combined with stay-down': quality(opens(later)),
    'brand match': quality(labelled.map((row) => ({ row, isFound: isNamed(row, data) }))),
  };
}

/** Positive = the scripted answer is counterfeit; negative = genuine or not-ours; other answers say neither and are left out. */
function labelledIn(market: string, data: DetectionData): readonly Labelled[] {
  const byId = new Map(data.suspicions.map((listing) => [listing.listing, listing]));
  return data.answers.flatMap((answer) => {
    const listing = byId.get(answer.listing);
    const owner = resolveOwner(answer.holder, data.owners);
    if (listing?.market !== market || !('organisation' in owner)) return [];
    const isPositive = answer.verdict === 'counterfeit';
    if (!isPositive && answer.verdict !== 'genuine' && answer.verdict !== 'not-ours') return [];
    return [{ listing, holder: owner.organisation, isPositive }];
  });
}

function suspicionOf({ listing, holder }: Labelled, data: DetectionData, policy: PolicyValues, removed: RemovedIndex): Suspicion | undefined {
  return detect(listing, data.index, policy, removed).find((suspicion) => suspicion.holder === holder);
}

function hasFinding(suspicion: Suspicion | undefined, detector: Detector): boolean {
  return suspicion?.findings.some((finding) => finding.detector === detector) ?? false;
}

function removedBefore({ listing, holder }: Labelled, all: readonly Labelled[]): RemovedIndex {
  const { seller } = listing;
  if (seller === undefined) return NOTHING_REMOVED;
  const confirmed = all.filter(
    (other) => other.isPositive && other.holder === holder && other.listing.seller === seller && other.listing !== listing,
  );
  return removedIndex(
    confirmed.map(({ listing: other }): RemovedListing => {
      const { marketplace, title, description, images = [] } = other;
      const removedAt = instant('2025-09-30T00:00:00Z');
      return {
        seller,
        case: `case of ${other.listing}`,
        marketplace,
        listing: other.listing,
        holder,
        removedAt,
        title,
        images,
        ...(description !== undefined && { description }),
      };
    }),
  );
}

/** The plain way: the holder's name or mark stands as a word in brand or title. */
function isNamed({ listing, holder }: Labelled, data: DetectionData): boolean {
  const text = ` ${tokensOf(`${listing.brand ?? ''} ${listing.title}`).join(' ')} `;
  return [...data.index.marks.byJoined.values()]
    .filter((mark) => mark.rights.some((right) => right.holder === holder && coversMarket(right.jurisdiction, listing.market)))
    .some((mark) => text.includes(` ${mark.tokens.join(' ')} `));
}

function quality(rows: readonly { readonly row: Labelled; readonly isFound: boolean }[]): Quality {
  const positives = rows.filter(({ row }) => row.isPositive).length;
  const found = rows.filter(({ isFound }) => isFound).length;
  const hits = rows.filter(({ row, isFound }) => isFound && row.isPositive).length;
  return { n: rows.length, positives, found, hits, precision: hits / Math.max(found, 1), recall: hits / Math.max(positives, 1) };
}
