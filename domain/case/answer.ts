import type { PolicyValues } from '../policy/policy.ts';
import { type VerdictDetails, Verdict } from './model.ts';

/** The verdicts an answer gives, one per right of the case. */
export function verdictsOf(answer: VerdictDetails, rights: readonly string[]): readonly Verdict[] {
  return rights.length === 0 ? [answer.verdict] : rights.map((right) => answer.perRight?.[right] ?? answer.verdict);
}

/** Whether an answer is a ground to act: it is for one right at least (policy `verdicts.*.acts`). */
export function justifiesAction(answer: VerdictDetails | undefined, rights: readonly string[], policy: PolicyValues): boolean {
  return answer !== undefined && verdictsOf(answer, rights).some((verdict) => policy.verdicts[verdict].acts);
}

/** The points of an answer: the heaviest of its acting verdicts, once. */
export function pointsOf(answer: VerdictDetails, rights: readonly string[], policy: PolicyValues): number {
  const acting = verdictsOf(answer, rights).filter((verdict) => policy.verdicts[verdict].acts);
  return Math.max(0, ...acting.map((verdict) => policy.verdicts[verdict].points));
}

/** Whether an answer is on record that another one would correct: who could not tell before has not answered yet. */
export function stands<A extends Pick<VerdictDetails, 'verdict'>>(answer: A | undefined): answer is A {
  return answer !== undefined && answer.verdict !== Verdict.cannotTell;
}

/** What was said of which right, whatever it rests on. */
interface Said {
  readonly verdict: string;
  readonly perRight?: Readonly<Record<string, string>> | undefined;
}

/** Whether two answers say the same: verdict and verdicts per right; a better reason is not a new answer. */
export function isSameVerdict(a: Said | undefined, b: Said): boolean {
  if (a === undefined || a.verdict !== b.verdict) return false;
  const rights = new Set([...Object.keys(a.perRight ?? {}), ...Object.keys(b.perRight ?? {})]);
  return [...rights].every((right) => (a.perRight?.[right] ?? a.verdict) === (b.perRight?.[right] ?? b.verdict));
}
