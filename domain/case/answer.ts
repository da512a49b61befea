import type { PolicyValues } from '../policy/policy.ts';
import { type VerdictDetails, Verdict } from './model.ts';

/** The verdicts of an answer, one for each right of the case. */
export function verdictsOf(answer: VerdictDetails, rights: readonly string[]): readonly Verdict[] {
  return rights.length === 0 ? [answer.verdict] : rights.map((right) => answer.perRight?.[right] ?? answer.verdict);
}

/** Whether an answer justifies action for at least one right (policy `verdicts.*.acts`). */
export function justifiesAction(answer: VerdictDetails | undefined, rights: readonly string[], policy: PolicyValues): boolean {
  return answer !== undefined && verdictsOf(answer, rights).some((verdict) => policy.verdicts[verdict].acts);
}

/** The points of an answer: the heaviest of its acting verdicts, once. */
export function pointsOf(answer: VerdictDetails, rights: readonly string[], policy: PolicyValues): number {
  const acting = verdictsOf(answer, rights).filter((verdict) => policy.verdicts[verdict].acts);
  return Math.max(0, ...acting.map((verdict) => policy.verdicts[verdict].points));
}

/** Whether an answer stands that another one would correct. "Cannot tell" does not count as an answer. */
export function stands<A extends Pick<VerdictDetails, 'verdict'>>(answer: A | undefined): answer is A {
  return answer !== undefined && answer.verdict !== Verdict.cannotTell;
}

/** A verdict, and the verdicts on single rights where they differ. */
interface Said {
  readonly verdict: string;
  readonly perRight?: Readonly<Record<string, string>> | undefined;
}

/** Whether two answers give the same verdict on every right. A different reason or basis does not make a new answer. */
export function isSameVerdict(a: Said | undefined, b: Said): boolean {
  if (a === undefined || a.verdict !== b.verdict) return false;
  const rights = new Set([...Object.keys(a.perRight ?? {}), ...Object.keys(b.perRight ?? {})]);
  return [...rights].every((right) => (a.perRight?.[right] ?? a.verdict) === (b.perRight?.[right] ?? b.verdict));
}
