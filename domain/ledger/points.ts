import type { Instant } from '../instant.ts';
import type { Step } from '../policy/policy.ts';

/** One row of the ledger as the fold reads it. */
export interface LedgerLine {
  readonly points: number;
  /** Null while a counter-statement (or a calendar that does not reach that far) holds the points back. */
  readonly countsFrom: Instant | null;
  readonly expiresAt: Instant;
  readonly voided: boolean;
}

/** Whether a row's points count at an instant: from `countsFrom` on, until before `expiresAt`, unless voided. */
export function countsAt({ countsFrom, expiresAt, voided }: LedgerLine, at: Instant): boolean {
  return !voided && countsFrom !== null && countsFrom <= at && at < expiresAt;
}

/** The points that count at an instant. */
export function pointsAt(lines: readonly LedgerLine[], at: Instant): number {
  return lines.filter((line) => countsAt(line, at)).reduce((sum, { points }) => sum + points, 0);
}

/** The highest step of the ladder that so many points reach. */
export function stepOf(steps: readonly Step[], points: number): Step | undefined {
  return steps
    .filter((step) => step.points <= points)
    .reduce<Step | undefined>((a, b) => (a === undefined || b.points > a.points ? b : a), undefined);
}

/** How an actor stood when its ledger was last assessed. */
export interface Assessed {
  /** Points of the step that was reached; 0 below the first. */
  readonly step: number;
  readonly at: Instant;
}

/** How an actor stands now, and the step that it has crossed since it was last assessed. */
export interface Assessment {
  readonly points: number;
  readonly step: number;
  readonly crossed?: Step;
}

/**
 * Assesses a ledger at an instant. The highest step crossed wins. What has expired since the last assessment lowers the step
 * that new points have to exceed: nobody writes anything when points expire.
 */
export function assessLedger(before: Assessed | undefined, lines: readonly LedgerLine[], at: Instant, steps: readonly Step[]): Assessment {
  const points = pointsAt(lines, at);
  const reached = stepOf(steps, points);
  const step = reached?.points ?? 0;
  return reached !== undefined && step > stepLeft(before, lines, at, steps) ? { points, step, crossed: reached } : { points, step };
}

/** The step that is left of the one reached before: what counted then and still counts. */
function stepLeft(before: Assessed | undefined, lines: readonly LedgerLine[], at: Instant, steps: readonly Step[]): number {
  if (before === undefined) return 0;
  const kept = lines.filter(({ countsFrom }) => countsFrom !== null && countsFrom <= before.at);
  return Math.min(before.step, stepOf(steps, pointsAt(kept, at))?.points ?? 0);
}
