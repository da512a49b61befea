import type { Instant } from '../instant.ts';
import type { Step } from '../policy/policy.ts';

/** One row of the ledger as the fold reads it. */
export interface LedgerLine {
  readonly points: number;
  /** Null while a counter-notice (or a calendar that does not reach that far) holds the points back. */
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

/** Whether a step is reached by the points of now, or by those that made it cross as the ledger holds them today. */
export function isStepReached(step: number, points: number, pointsThen: number): boolean {
  return Math.max(points, pointsThen) >= step;
}

/** A measure that an earlier crossing led to. */
export interface EarlierMeasure {
  /** Points of its step. */
  readonly step: number;
  readonly crossedAt: Instant;
  readonly is: 'open' | 'overturned' | 'over';
}

/**
 * Assesses a ledger at an instant. The highest step crossed wins. What has expired since the last assessment lowers the step
 * that new points have to exceed: nobody writes anything when points expire. When a higher step is overturned, the one that is
 * still reached follows from the same points: it is crossed too unless it has a measure of its own (an accepted appeal
 * recomputes every later step; the ladders of the platforms).
 */
export function assessLedger(
  before: Assessed | undefined,
  lines: readonly LedgerLine[],
  at: Instant,
  steps: readonly Step[],
  measures: readonly EarlierMeasure[],
): Assessment {
  const points = pointsAt(lines, at);
  const reached = stepOf(steps, points);
  const step = reached?.points ?? 0;
  if (reached === undefined) return { points, step };
  const isCrossed = step > stepLeft(before, lines, at, steps) || isLeftOver(step, lines, at, measures);
  return isCrossed ? { points, step, crossed: reached } : { points, step };
}

/** A step that was jumped over by one that does not stand any more. */
function isLeftOver(step: number, lines: readonly LedgerLine[], at: Instant, measures: readonly EarlierMeasure[]): boolean {
  const fallen = measures.filter((measure) => !doesStand(measure, lines, at));
  return fallen.some((measure) => measure.step > step) && !measures.some((one) => !fallen.includes(one) && covers(one, step, lines, at));
}

function doesStand({ step, crossedAt, is }: EarlierMeasure, lines: readonly LedgerLine[], at: Instant): boolean {
  return is === 'over' || (is === 'open' && isStepReached(step, pointsAt(lines, at), pointsAt(lines, crossedAt)));
}

/** What is over answers for the points that counted at its crossing only. */
function covers({ step: own, crossedAt, is }: EarlierMeasure, step: number, lines: readonly LedgerLine[], at: Instant): boolean {
  if (own < step) return false;
  const known = lines.filter(({ countsFrom }) => countsFrom !== null && countsFrom <= crossedAt);
  return is === 'open' || pointsAt(known, at) >= step;
}

/** The step that is left of the one reached before: what counted then and still counts. */
function stepLeft(before: Assessed | undefined, lines: readonly LedgerLine[], at: Instant, steps: readonly Step[]): number {
  if (before === undefined) return 0;
  const kept = lines.filter(({ countsFrom }) => countsFrom !== null && countsFrom <= before.at);
  return Math.min(before.step, stepOf(steps, pointsAt(kept, at))?.points ?? 0);
}
