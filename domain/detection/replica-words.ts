import type { DetectionPolicy } from '../policy/detection-policy.ts';
import { Detector } from '../policy/detection-policy.ts';
import type { DetectionIndex } from './detection-index.ts';
import { isAuthorised, rightsOfHolder } from './detection-index.ts';
import type { ListingWords, MarkUse } from './mark-use.ts';
import { roundScore } from './mark-use.ts';
import type { Finding, ListingFacts, Reason } from './model.ts';
import { DetectionReason } from './model.ts';
import type { ReplicaHit } from './replica-vocabulary.ts';

export const REPLICA_WORDS = { detector: Detector.replicaWords, version: 1 } as const;

/**
 * `replica-words@1` beside a use of the holder's mark. Words that only say what the goods fit (`1:1 replacement for ...`) count as
 * little as the mark itself does there.
 */
export function replicaFinding(hit: ReplicaHit, use: MarkUse, policy: DetectionPolicy): Finding {
  const factor = use.isReferential ? policy.markUse.referentialFactor : 1;
  const { holder, rights } = use;
  return { ...REPLICA_WORDS, holder, rights, score: roundScore(scoreOf(hit, policy) * factor), reasons: [reasonOf(hit)] };
}

/** `replica-words@1` where only a picture says whose goods they are. */
export function replicaFindingByPicture(hit: ReplicaHit, holder: string, rights: readonly string[], policy: DetectionPolicy): Finding {
  return { ...REPLICA_WORDS, holder, rights, score: scoreOf(hit, policy), reasons: [reasonOf(hit)] };
}

/**
 * `replica-words@1` where no mark is written but the brand field names a holder by another of its names. `undefined` when it names nobody with a
 * right in force there for such goods, or the seller is authorised.
 */
export function replicaFindingByBrand(
  hit: ReplicaHit,
  holder: string,
  listing: ListingFacts,
  words: ListingWords,
  index: DetectionIndex,
  policy: DetectionPolicy,
): Finding | undefined {
  if (words.compatible !== undefined || isAuthorised(listing, holder, index)) return undefined;
  const rights = rightsOfHolder(holder, listing.market, words.classes, index);
  if (rights.length === 0) return undefined;
  // The brand field says whose goods these are; the words say that they are not. Both as mark-use and this detector would have it.
  const score = roundScore(1 - (1 - policy.markUse.brandField) * (1 - scoreOf(hit, policy)));
  const named: Reason = { code: DetectionReason.brandNamed, params: { brand: listing.brand ?? '' } };
  return { ...REPLICA_WORDS, holder, rights, score, reasons: [named, reasonOf(hit)] };
}

function scoreOf({ isPlain }: ReplicaHit, { replicaWords }: DetectionPolicy): number {
  return isPlain ? replicaWords.plainScore : replicaWords.hintScore;
}

function reasonOf({ words, language, isPlain }: ReplicaHit): Reason {
  return { code: isPlain ? DetectionReason.replicaWords : DetectionReason.replicaHint, params: { words, language } };
}
