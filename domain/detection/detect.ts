import type { DetectionPolicy } from '../policy/detection-policy.ts';
import { Detector } from '../policy/detection-policy.ts';
import type { PolicyValues } from '../policy/policy.ts';
import type { DetectionIndex } from './detection-index.ts';
import { holderOfBrand } from './detection-index.ts';
import type { ListingWords, MarkUse } from './mark-use.ts';
import { markUseFinding, markUses, roundScore, wordsOf } from './mark-use.ts';
import type { Finding, ListingFacts, Suspicion } from './model.ts';
import { priceGapFinding } from './price-gap.ts';
import { type ReplicaHit, replicaHit } from './replica-vocabulary.ts';
import { replicaFinding, replicaFindingByBrand } from './replica-words.ts';
import { NOTHING_REMOVED, type RemovedIndex, stayDownFindings } from './stay-down.ts';

/** What the detectors that read words say of a listing, and by which words it announces a copy, of whatever: a reason to look at its pictures. */
export interface Examined {
  readonly suspicions: readonly Suspicion[];
  readonly copy?: ReplicaHit;
}

/**
 * Runs the detectors that read the listing's own words on one listing: one suspicion per rights holder concerned, strongest first. A suspicion
 * `opens` a case when its score reaches the policy's `detection.openAt`. Pure: the same listing, index, removed listings and policy give the
 * same answer. What an outside detector said is never read here (see `external.ts`); pictures are compared apart (`image-match.ts`).
 */
export function examine(listing: ListingFacts, index: DetectionIndex, policy: PolicyValues, removed: RemovedIndex = NOTHING_REMOVED): Examined {
  const { detection } = policy;
  const words = wordsOf(listing, index);
  const uses = markUses(listing, words, index);
  const copy = detection.stopped.includes(Detector.replicaWords) ? undefined : replicaHit(words, index.replica);
  const byBrand = copy === undefined ? undefined : unnamedMark(copy, uses, listing, words, index, detection);
  const findings = [
    ...uses.flatMap((use) => [
      markUseFinding(use, listing, words, index, detection.markUse),
      priceGapFinding(use, listing, words, index, detection.priceGap),
      copy === undefined ? undefined : replicaFinding(copy, use, detection),
    ]),
    byBrand,
    ...stayDownFindings(listing, index, removed, detection.stayDown),
  ].filter((finding) => finding !== undefined);
  return { suspicions: suspicionsOf(findings, detection), ...(copy !== undefined && { copy }) };
}

/** The suspicions of `examine`. */
export function detect(listing: ListingFacts, index: DetectionIndex, policy: PolicyValues, removed?: RemovedIndex): readonly Suspicion[] {
  return examine(listing, index, policy, removed).suspicions;
}

function unnamedMark(
  copy: ReplicaHit,
  uses: readonly MarkUse[],
  listing: ListingFacts,
  words: ListingWords,
  index: DetectionIndex,
  policy: DetectionPolicy,
): Finding | undefined {
  const holder = listing.brand === undefined ? undefined : holderOfBrand(listing.brand, listing.market, index);
  if (holder === undefined || uses.some((use) => use.holder === holder)) return undefined;
  return replicaFindingByBrand(copy, holder, listing, words, index, policy);
}

/** Findings on one listing as suspicions, one a holder, strongest first. What a stopped detector found does not count. */
export function suspicionsOf(findings: readonly Finding[], { stopped, openAt }: DetectionPolicy): Suspicion[] {
  const kept = stopped.length === 0 ? findings : findings.filter(({ detector }) => !stopped.some((one) => one === detector));
  if (kept.length === 0) return [];
  const byHolder = [...Map.groupBy(kept, ({ holder }) => holder)];
  return byHolder.map(([holder, of]) => combined(holder, of, openAt)).sort((a, b) => b.score - a.score || (a.holder < b.holder ? -1 : 1));
}

/** Suspicions with further findings on the same listing joined to them. */
export function withFindings(suspicions: readonly Suspicion[], more: readonly Finding[], policy: DetectionPolicy): readonly Suspicion[] {
  return more.length === 0 ? suspicions : suspicionsOf([...suspicions.flatMap(({ findings }) => findings), ...more], policy);
}

/** Independent doubts add up: the score is one minus the product of what each finding leaves open. */
function combined(holder: string, findings: readonly Finding[], openAt: number): Suspicion {
  const score = roundScore(1 - findings.reduce((open, finding) => open * (1 - finding.score), 1));
  const rights = [...new Set(findings.flatMap((finding) => finding.rights))].sort();
  const linkedTo = findings.find((finding) => finding.linkedTo !== undefined)?.linkedTo;
  return { holder, rights, score, opens: score >= openAt, findings, ...(linkedTo !== undefined && { linkedTo }) };
}
