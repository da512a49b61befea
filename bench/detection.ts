import { detect } from '../domain/detection/detect.ts';
import type { ListingFacts } from '../domain/detection/model.ts';
import { marketCountry } from '../domain/detection/rights.ts';
import type { PolicyValues } from '../domain/policy/policy.ts';
import { valuesOf } from '../domain/policy/policy.ts';
import { shippedPolicy } from '../policies/load.ts';
import type { DetectionData } from './detection-data.ts';
import { loadDetectionData } from './detection-data.ts';
import type { Quality } from './detection-quality.ts';
import { qualitiesOf } from './detection-quality.ts';
import { SHARED_DATA_ABSENT } from './shared-data.ts';

export interface DetectionMeasurement {
  /** By market, then by what is measured (`combined`, a detector's name ...). */
  readonly markets: Readonly<Record<(typeof MARKETS)[number], Readonly<Record<string, Quality>>>>;
  /** Reference pictures in the data: without any, `image-match` has nothing to be measured on. */
  readonly referenceImages: number;
  /** Findings (of any score) that US and NZ rights cause on listings of GB, FR, IN and BR: must be none. */
  readonly foreignHits: number;
  /** Cases opened among the US watch listings, and on which marks. */
  readonly watches: { readonly n: number; readonly found: number; readonly opened: number; readonly marks: readonly string[] };
  readonly scan: { readonly listings: number; readonly marks: number; readonly ms: number };
}

const MARKETS = ['BR', 'DE'] as const;

/**
 * Measures the shipped policy on the shared data. The scripted answers derive from machine-made labels: they are
 * no ground truth, and the labels themselves are never read by a detector. Skips (`undefined`) without the data.
 */
export async function measure(): Promise<DetectionMeasurement | undefined> {
  const policy = valuesOf(await shippedPolicy());
  const data = await loadDetectionData(policy);
  if (data === undefined) return undefined;
  return {
    markets: { BR: qualitiesOf('BR', data, policy), DE: qualitiesOf('DE', data, policy) },
    referenceImages: data.index.images.length,
    ...trap(data, policy),
    scan: scan(data, policy),
  };
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
    for (const [what, quality] of Object.entries(result.markets[market])) console.log(`${market}  ${what.padEnd(24)}${inWords(quality)}`);
  }
  console.log('stay-down: as if every other confirmed listing of the same seller had been removed before; the feed has no removals');
  if (result.referenceImages === 0) console.log('image-match: not measured, the references of this data have no pictures');
  const { watches, scan: scanned } = result;
  console.log(`US and NZ marks on listings of GB, FR, IN, BR: ${result.foreignHits} findings (must be 0)`);
  console.log(`US watches: ${watches.n} listings, ${watches.found} findings (${watches.marks.join(', ')}), ${watches.opened} cases opened`);
  console.log(`scan: ${scanned.listings} listings, ${scanned.marks} marks, ${scanned.ms} ms`);
  return result;
}

function inWords({ n, positives, found, hits, precision, recall }: Quality): string {
  const share = found === 0 ? 'precision -' : `precision ${precision.toFixed(2)}`;
  return `n=${n} (${positives} counterfeit): found ${found}, of them ${hits}; ${share}, recall ${recall.toFixed(2)}`;
}
