import type { MarkUsePolicy } from '../policy/detection-policy.ts';
import { Detector } from '../policy/detection-policy.ts';
import type { DetectionIndex } from './detection-index.ts';
import { isAuthorised } from './detection-index.ts';
import { classesOf } from './goods.ts';
import type { Mark, MarkHit } from './mark-index.ts';
import { coversGoods, exactMarksIn, messageTokensIn, rightsIn, Spelling } from './mark-index.ts';
import type { Finding, ListingFacts, Reason } from './model.ts';
import { DetectionReason } from './model.ts';
import { resolveOwner } from './owners.ts';
import { tokensOf } from './text.ts';
import { phraseIn } from './words.ts';

export const MARK_USE = { detector: Detector.markUse, version: 2 } as const;

/** A listing taken apart once for all detectors. */
export interface ListingWords {
  readonly title: readonly string[];
  readonly brand: readonly string[];
  readonly description: readonly string[];
  readonly classes: ReadonlySet<string>;
  /** The word by which the title says that the goods only fit somebody else's (`compatible`). */
  readonly compatible: string | undefined;
}

/** How a holder's marks are used in a listing: what `mark-use@2` scores and `price-gap@1` builds on. */
export interface MarkUse {
  readonly holder: string;
  readonly rights: readonly string[];
  readonly place: typeof DetectionReason.brandField | typeof DetectionReason.title | typeof DetectionReason.description;
  readonly mark: Mark;
  readonly isLookAlike: boolean;
  readonly isReferential: boolean;
}

/** Takes a listing apart. */
export function wordsOf(listing: ListingFacts, index: DetectionIndex): ListingWords {
  const title = tokensOf(listing.title);
  return {
    title,
    brand: tokensOf(listing.brand ?? ''),
    description: tokensOf(listing.description ?? ''),
    classes: classesOf(listing, index.goods),
    compatible: phraseIn(title, index.words.compatible),
  };
}

/**
 * Every holder whose marks, in force in the listing's market and registered for its goods, are used in it by a seller
 * who is not known to be authorised: at most one use a holder, the strongest.
 *
 * A mark in the wrong class is no use. Where the class cannot be told, a distinctive mark counts; a common word or a
 * short mark counts only as the stated brand. A common word in a title is no use when the listing states another brand.
 */
export function markUses(listing: ListingFacts, words: ListingWords, index: DetectionIndex): MarkUse[] {
  const uses = new Map<string, MarkUse>();
  for (const place of [DetectionReason.brandField, DetectionReason.title, DetectionReason.description] as const) {
    const tokens = tokensAt(place, words);
    const hits = place === DetectionReason.description ? exactMarksIn(tokens, index.marks) : messageTokensIn(tokens, index.marks);
    for (const hit of hits) {
      for (const use of usesOf(hit, place, listing, words, index)) {
        const known = uses.get(use.holder);
        uses.set(use.holder, known === undefined ? use : merged(known, use));
      }
    }
  }
  return [...uses.values()].filter((use) => !isAuthorised(listing, use.holder, index));
}

function tokensAt(place: MarkUse['place'], words: ListingWords): readonly string[] {
  if (place === DetectionReason.brandField) return words.brand;
  return place === DetectionReason.title ? words.title : words.description;
}

function usesOf(hit: MarkHit, place: MarkUse['place'], listing: ListingFacts, words: ListingWords, index: DetectionIndex): MarkUse[] {
  const { mark } = hit;
  const isLookAlike = hit.spelling === Spelling.lookAlike;
  const covered = rightsIn(mark, listing.market).filter((right) => coversGoods(right, words.classes));
  if (covered.length === 0 || !isUse(hit, place, words, index, listing)) return [];
  const isReferential = words.compatible !== undefined || isNamedForReference(hit, tokensAt(place, words), index);
  const holders = new Set(covered.map((right) => right.holder));
  return [...holders].map((holder) => {
    const rights = covered.filter((right) => right.holder === holder).map((right) => right.right);
    return { holder, rights, place, mark, isLookAlike, isReferential };
  });
}

function isUse(hit: MarkHit, place: MarkUse['place'], words: ListingWords, index: DetectionIndex, listing: ListingFacts): boolean {
  const { mark } = hit;
  const isWholeBrand = place === DetectionReason.brandField && hit.length === words.brand.length;
  if (isWholeBrand) return true;
  const isWeak = mark.isCommon || mark.isShort;
  if (mark.joined.length === 1 || (isWeak && place === DetectionReason.description)) return false;
  if (words.classes.size === 0) return !isWeak && hit.spelling !== Spelling.lookAlike;
  return !mark.isCommon || words.brand.length === 0 || isBrandOf(listing, mark, index);
}

function isBrandOf(listing: ListingFacts, mark: Mark, index: DetectionIndex): boolean {
  const owner = resolveOwner(listing.brand ?? '', index.owners);
  return 'organisation' in owner && mark.rights.some((right) => right.holder === owner.organisation);
}

/** `for HP`, `compatible with HP`: one of the two words before the mark says that the goods only fit it. */
function isNamedForReference(hit: MarkHit, tokens: readonly string[], index: DetectionIndex): boolean {
  return [tokens[hit.at - 1], tokens[hit.at - 2]].some((word) => word !== undefined && index.words.referential.has(word));
}

/** The stronger place wins; naming a mark once for what it is outweighs naming it again for reference. */
function merged(known: MarkUse, next: MarkUse): MarkUse {
  return {
    ...known,
    rights: [...new Set([...known.rights, ...next.rights])],
    isLookAlike: known.isLookAlike && next.isLookAlike,
    isReferential: known.isReferential && next.isReferential,
  };
}

/** `mark-use@2`: a registered mark used without authorisation, scored by place, spelling and seller. */
export function markUseFinding(use: MarkUse, listing: ListingFacts, words: ListingWords, index: DetectionIndex, policy: MarkUsePolicy): Finding {
  const scored = [placeOf(use, policy), ...adding(use, listing, index, policy)];
  const factors = reducing(use, words, policy);
  const sum = scored.reduce((total, { weight }) => total + weight, 0);
  const score = Math.min(
    1,
    factors.reduce((product, { weight }) => product * weight, sum),
  );
  const reasons = [...scored, ...factors].map(({ reason }) => reason);
  return { ...MARK_USE, holder: use.holder, rights: use.rights, score: roundScore(score), reasons: [...reasons, sellerReason(listing)] };
}

interface Weighed {
  readonly weight: number;
  readonly reason: Reason;
}

function placeOf(use: MarkUse, policy: MarkUsePolicy): Weighed {
  const weights = {
    [DetectionReason.brandField]: policy.brandField,
    [DetectionReason.title]: policy.title,
    [DetectionReason.description]: policy.description,
  };
  return { weight: weights[use.place], reason: { code: use.place, params: { mark: use.mark.tokens.join(' ') } } };
}

function adding(use: MarkUse, listing: ListingFacts, index: DetectionIndex, policy: MarkUsePolicy): Weighed[] {
  const added: Weighed[] = [];
  if (use.isLookAlike) {
    added.push({ weight: policy.lookAlike, reason: { code: DetectionReason.lookAlike, params: { mark: use.mark.tokens.join(' ') } } });
  }
  const holders = offeredWithoutAuthorisation(listing, index);
  if (holders >= policy.manyHolders) {
    added.push({ weight: policy.manyHoldersAdds, reason: { code: DetectionReason.manyHolders, params: { holders } } });
  }
  return added;
}

/** How many holders' goods the seller offers; 0 as soon as one of them has authorised the seller: that is a shop. */
function offeredWithoutAuthorisation(listing: ListingFacts, index: DetectionIndex): number {
  if (listing.seller === undefined) return 0;
  const holders = [...index.survey.holdersOf(listing.marketplace, listing.seller)];
  return holders.some((holder) => isAuthorised(listing, holder, index)) ? 0 : holders.length;
}

function reducing(use: MarkUse, words: ListingWords, policy: MarkUsePolicy): Weighed[] {
  const factors: Weighed[] = [];
  if (use.isReferential) {
    const reason: Reason = { code: DetectionReason.referential, params: { words: words.compatible ?? 'for' } };
    factors.push({ weight: policy.referentialFactor, reason });
  }
  if (words.classes.size === 0) factors.push({ weight: policy.unknownClassFactor, reason: { code: DetectionReason.unknownClass, params: {} } });
  return factors;
}

/** Reasons travel into letters and logs: they never say who the seller is. */
function sellerReason(listing: ListingFacts): Reason {
  const code = listing.seller === undefined ? DetectionReason.sellerUnknown : DetectionReason.sellerNotAuthorised;
  return { code, params: {} };
}

/** Scores are compared, stored and hashed: two decimals are all they mean. */
export function roundScore(score: number): number {
  return Math.round(score * 100) / 100;
}
