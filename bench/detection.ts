import { detect } from '../domain/detection/detect.ts';
import type { ListingFacts } from '../domain/detection/model.ts';
import { resolveOwner } from '../domain/detection/owners.ts';
import { coversMarket, marketCountry } from '../domain/detection/rights.ts';
import { tokensOf } from '../domain/detection/text.ts';
import type { PolicyValues } from '../domain/policy/policy.ts';
import { valuesOf } from '../domain/policy/policy.ts';
import { shippedPolicy } from '../policies/load.ts';
import type { DetectionData } from './detection-data.ts';
import { loadDetectionData } from './detection-data.ts';
import { SHARED_DATA_ABSENT } from './shared-data.ts';

/** Precision and recall over `n` labelled listings, `positives` of them counterfeit by the scripted answer. */
export interface Quality {
  readonly n: number;
  readonly positives: number;
  readonly opened: number;
  readonly hits: number;
  readonly precision: number;
  readonly recall: number;
}

export interface DetectionMeasurement {
  readonly detectors: Readonly<Record<string, Quality>>;
  readonly brandNameMatch: Readonly<Record<string, Quality>>;
  /** Findings (of any score) that US and NZ rights cause on listings of GB, FR, IN and BR: must be none. */
  readonly foreignHits: number;
  /** Cases opened among the US watch listings, and on which marks. */
  readonly watches: { readonly n: number; readonly found: number; readonly opened: number; readonly marks: readonly string[] };
  readonly scan: { readonly listings: number; readonly marks: number; readonly ms: number };
}

const MARKETS = ['BR', 'DE'] as const;

/**
 * Measures the shipped policy on the shared data. Positive = the scripted answer is counterfeit; negative = genuine or
 * not-ours; listings with another answer or none are left out. The answers derive from machine-made labels: they are
 * no ground truth, and the labels themselves are never read by a detector. Skips (`undefined`) without the data.
 */
export async function measure(): Promise<DetectionMeasurement | undefined> {
  const policy = valuesOf(await shippedPolicy());
  const data = await loadDetectionData(policy);
  if (data === undefined) return undefined;
  const opens = (listing: ListingFacts, holder: string): boolean =>
    detect(listing, data.index, policy).some((suspicion) => suspicion.holder === holder && suspicion.opens);
  return {
    detectors: qualities(data, opens),
    brandNameMatch: qualities(data, (listing, holder) => isNamed(listing, holder, data)),
    ...trap(data, policy),
    scan: scan(data, policy),
  };
}

function qualities(data: DetectionData, opens: (listing: ListingFacts, holder: string) => boolean): Record<string, Quality> {
  const byId = new Map(data.suspicions.map((listing) => [listing.listing, listing]));
  const result: Record<string, Quality> = {};
  for (const market of MARKETS) {
    const labelled = data.answers.flatMap((answer) => {
      const listing = byId.get(answer.listing);
      const owner = resolveOwner(answer.holder, data.owners);
      if (listing?.market !== market || !('organisation' in owner)) return [];
      const isPositive = answer.verdict === 'counterfeit';
      if (!isPositive && answer.verdict !== 'genuine' && answer.verdict !== 'not-ours') return [];
      return [{ isPositive, isOpened: opens(listing, owner.organisation) }];
    });
    const positives = labelled.filter((row) => row.isPositive).length;
    const opened = labelled.filter((row) => row.isOpened).length;
    const hits = labelled.filter((row) => row.isOpened && row.isPositive).length;
    result[market] = {
      n: labelled.length,
      positives,
      opened,
      hits,
      precision: hits / Math.max(opened, 1),
      recall: hits / Math.max(positives, 1),
    };
  }
  return result;
}

/** The plain way: the holder's name or mark stands as a word in brand or title. */
function isNamed(listing: ListingFacts, holder: string, data: DetectionData): boolean {
  const text = ` ${tokensOf(`${listing.brand ?? ''} ${listing.title}`).join(' ')} `;
  return [...data.index.marks.byJoined.values()]
    .filter((mark) => mark.rights.some((right) => right.holder === holder && coversMarket(right.jurisdiction, listing.market)))
    .some((mark) => text.includes(` ${mark.tokens.join(' ')} `));
}

function trap(data: DetectionData, policy: PolicyValues): Pick<DetectionMeasurement, 'foreignHits' | 'watches'> {
  const foreign = new Set(
    [...data.index.marks.byJoined.values()]
      .flatMap((mark) => mark.rights)
      .filter((right) => ['US', 'NZ'].includes(right.jurisdiction))
      .map((right) => right.right),
  );
  const found = (listing: ListingFacts) => detect(listing, data.index, policy).flatMap((suspicion) => suspicion.rights);
  const abroad = data.listings.filter((listing) => ['GB', 'FR', 'IN', 'BR'].includes(marketCountry(listing.market)));
  const foreignHits = abroad.flatMap(found).filter((right) => foreign.has(right)).length;
  const watches = data.listings.filter((listing) => listing.market === 'US').map((listing) => detect(listing, data.index, policy));
  const suspected = watches.flat();
  const marks = new Set(
    suspected.flatMap((suspicion) => suspicion.findings.flatMap((finding) => finding.reasons.map((reason) => String(reason.params['mark'] ?? '')))),
  );
  marks.delete('');
  return {
    foreignHits,
    watches: {
      n: watches.length,
      found: suspected.length,
      opened: suspected.filter((suspicion) => suspicion.opens).length,
      marks: [...marks],
    },
  };
}

function scan(data: DetectionData, policy: PolicyValues): DetectionMeasurement['scan'] {
  const start = performance.now();
  for (const listing of data.listings) detect(listing, data.index, policy);
  return { listings: data.listings.length, marks: data.index.marks.byJoined.size, ms: Math.round(performance.now() - start) };
}

/** Measures and prints; what `interdict bench detection` runs. */
export async function run(): Promise<DetectionMeasurement | undefined> {
  const result = await measure();
  if (result === undefined) {
    console.log(SHARED_DATA_ABSENT);
    return undefined;
  }
  for (const market of MARKETS) {
    console.log(`${market}  detectors    ${inWords(result.detectors[market])}`);
    console.log(`${market}  brand match  ${inWords(result.brandNameMatch[market])}`);
  }
  const { watches, scan: scanned } = result;
  console.log(`US and NZ marks on listings of GB, FR, IN, BR: ${result.foreignHits} findings (must be 0)`);
  console.log(`US watches: ${watches.n} listings, ${watches.found} findings (${watches.marks.join(', ')}), ${watches.opened} cases opened`);
  console.log(`scan: ${scanned.listings} listings, ${scanned.marks} marks, ${scanned.ms} ms`);
  return result;
}

function inWords(quality: Quality | undefined): string {
  if (quality === undefined) return 'nothing labelled';
  const { n, positives, opened, hits, precision, recall } = quality;
  return `n=${n} (${positives} counterfeit): opened ${opened}, of them ${hits}; precision ${precision.toFixed(2)}, recall ${recall.toFixed(2)}`;
}
