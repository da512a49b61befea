import type { PolicyValues } from '../policy/policy.ts';
import type { DetectionIndex } from './detection-index.ts';
import { markUseFinding, markUses, rounded, wordsOf } from './mark-use.ts';
import type { Finding, ListingFacts, Suspicion } from './model.ts';
import { priceGapFinding } from './price-gap.ts';

/**
 * Runs both detectors on one listing: one suspicion per rights holder concerned, strongest first. A suspicion `opens`
 * a case when its score reaches the policy's `detection.openAt`. Pure: the same listing, index and policy give the
 * same answer. What an outside detector said is never read here (see `external.ts`).
 */
export function detect(listing: ListingFacts, index: DetectionIndex, policy: PolicyValues): Suspicion[] {
  const words = wordsOf(listing, index);
  const { detection } = policy;
  const suspicions = markUses(listing, words, index).map((use) => {
    const gap = priceGapFinding(use, listing, words, index, detection.priceGap);
    const found = markUseFinding(use, listing, words, index, detection.markUse);
    return combined(gap === undefined ? [found] : [found, gap], detection.openAt);
  });
  return suspicions.sort((a, b) => b.score - a.score || (a.holder < b.holder ? -1 : 1));
}

/**
 * Findings about one listing and one holder as one suspicion (at least one finding). Independent doubts add up: the
 * score is one minus the product of what each leaves open.
 */
export function combined(findings: readonly Finding[], openAt: number): Suspicion {
  const [first] = findings;
  if (first === undefined) throw new RangeError('a suspicion needs a finding');
  const score = rounded(1 - findings.reduce((open, finding) => open * (1 - finding.score), 1));
  const rights = [...new Set(findings.flatMap((finding) => finding.rights))].sort();
  return { holder: first.holder, rights, score, opens: score >= openAt, findings };
}
