import type { DetectionPolicy } from '../policy/detection-policy.ts';
import { Detector } from '../policy/detection-policy.ts';
import type { Examined } from './detect.ts';
import type { DetectionIndex } from './detection-index.ts';
import { isAuthorised, rightsOfHolder } from './detection-index.ts';
import { classesOf } from './goods.ts';
import type { Finding, ImageHash, ListingFacts, ReferenceImage, Suspicion } from './model.ts';
import { DetectionReason } from './model.ts';
import { replicaFindingByPicture } from './replica-words.ts';

export const IMAGE_MATCH = { detector: Detector.imageMatch, version: 1 } as const;

const WORDS = 4;
const DIGITS = 8;

/** The number of bits in which two hashes differ (0..128). */
export function differingBits(a: ImageHash, b: ImageHash): number {
  let bits = 0;
  for (let word = 0; word < WORDS; word += 1) {
    const at = word * DIGITS;
    let rest = Number.parseInt(a.slice(at, at + DIGITS), 16) ^ Number.parseInt(b.slice(at, at + DIGITS), 16);
    for (; rest !== 0; rest &= rest - 1) bits += 1;
  }
  return bits;
}

/**
 * `image-match@1`: a picture of the listing is a reference picture of a holder with a right in force for such goods. One finding a
 * holder, of the closest picture. Where nothing else names the holder it weighs more, and words that announce a copy then count against that holder.
 */
export function imageFindings(
  listing: ListingFacts,
  hashes: readonly ImageHash[],
  { suspicions, copy }: Examined,
  index: DetectionIndex,
  policy: DetectionPolicy,
): Finding[] {
  const { score, unnamedScore, mostDifferent } = policy.imageMatch;
  return [...closestByHolder(hashes, index.images, mostDifferent)].flatMap(([holder, { product, bits }]) => {
    const rights = rightsOfHolder(holder, listing.market, classesOf(listing, index.goods), index);
    if (rights.length === 0 || isAuthorised(listing, holder, index)) return [];
    const reasons = [{ code: DetectionReason.referenceImage, params: { product, bits } }];
    if (suspicions.some((suspicion) => suspicion.holder === holder)) return [{ ...IMAGE_MATCH, holder, rights, score, reasons }];
    const words = copy === undefined ? [] : [replicaFindingByPicture(copy, holder, rights, policy)];
    return [{ ...IMAGE_MATCH, holder, rights, score: unnamedScore, reasons }, ...words];
  });
}

type Closest = ReadonlyMap<string, { readonly product: string; readonly bits: number }>;

function closestByHolder(hashes: readonly ImageHash[], images: readonly ReferenceImage[], mostDifferent: number): Closest {
  const closest = new Map<string, { product: string; bits: number }>();
  for (const { holder, product, hash: reference } of images) {
    for (const hash of hashes) {
      const bits = differingBits(hash, reference);
      if (bits <= mostDifferent && bits < (closest.get(holder)?.bits ?? Number.POSITIVE_INFINITY)) closest.set(holder, { product, bits });
    }
  }
  return closest;
}

/** That pictures which were wanted could not be looked at, as a finding that weighs nothing: whoever reads the case knows what was not checked. */
export function imagesUnread(suspicion: Suspicion, why: string): Finding {
  const { holder, rights } = suspicion;
  return { ...IMAGE_MATCH, holder, rights, score: 0, reasons: [{ code: DetectionReason.imagesUnread, params: { why } }] };
}
