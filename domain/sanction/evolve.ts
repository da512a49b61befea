import type { Deadline, Effect, Summary } from '../aggregate.ts';
import { due, EffectKind, failedUntil, ordered, owed } from '../effects.ts';
import { Measure } from '../policy/policy.ts';
import type { SanctionEvent, SanctionState } from './model.ts';
import { SanctionStatus as Status } from './model.ts';

export const SanctionDeadline = { end: 'sanction.end', retry: 'effect.retry' } as const;

/** The effect that takes a measure, and the one that undoes it. A warning has neither: it is the statement itself. */
const TAKE = {
  [Measure.restrict]: EffectKind.restrictShop,
  [Measure.freeze]: EffectKind.restrictShop,
  [Measure.closeShop]: EffectKind.closeShop,
} as const;
const UNDO = {
  [Measure.restrict]: EffectKind.liftRestriction,
  [Measure.freeze]: EffectKind.liftRestriction,
  [Measure.closeShop]: EffectKind.reopenShop,
} as const;

/** A measure that is an act on the marketplace. */
export type ActMeasure = keyof typeof TAKE;

/** Whether a measure is an act on the marketplace. */
export function isAct(measure: Measure | string | undefined): measure is ActMeasure {
  return measure !== undefined && Object.hasOwn(TAKE, measure);
}

/** Whether undoing one measure would undo the other too: restriction and freeze are one switch of a shop. */
export function isSameSwitch(a: ActMeasure, b: ActMeasure): boolean {
  return UNDO[a] === UNDO[b];
}

/** The state after an event. */
export function evolveSanction(s: SanctionState, e: SanctionEvent): SanctionState {
  const measure = s.step?.measure;
  switch (e.type) {
    case 'SanctionProposed': {
      const { marketplace, seller, step, points, version, policy, cases, at } = e;
      return { status: Status.proposed, marketplace, seller, step, points, version, policy, cases, crossedAt: at };
    }
    case 'MeasureOrdered':
      return isAct(measure) ? { ...s, status: Status.executing, effect: ordered(TAKE[measure], e.key) } : s;
    case 'MeasureTaken': {
      const { effect: _, ...rest } = s;
      return { ...rest, status: Status.inForce, taken: true, ...(e.until !== undefined && { until: e.until }) };
    }
    case 'LiftOrdered': {
      const { until: _, ...rest } = s;
      return isAct(measure) ? { ...rest, status: Status.lifting, ends: e.ends, effect: ordered(UNDO[measure], e.key) } : rest;
    }
    case 'MeasureLifted':
      // An attempt that was thought to have failed had been made all the same.
      return e.result === 'lifted' || e.result === 'reopened' ? { ...s, taken: true } : s;
    case 'MeasureReordered':
      return isAct(e.held) ? { ...s, forOther: e.held, effect: ordered(TAKE[e.held], e.key) } : s;
    default:
      return evolveMore(s, e);
  }
}

function evolveMore(s: SanctionState, e: SanctionEvent): SanctionState {
  switch (e.type) {
    case 'Reconsidered': {
      const { fell: _, ...rest } = s;
      return { ...rest, version: e.version, ...(!e.stands && { fell: true as const }) };
    }
    case 'EffectFailed':
      return s.effect === undefined ? s : { ...s, effect: failedUntil(s.effect, e.retryAt) };
    case 'RetryDue':
      return s.effect === undefined ? s : { ...s, effect: due(s.effect) };
    case 'SanctionSealed': {
      const { effect: _, until: __, ...rest } = s;
      return { ...rest, status: e.as };
    }
    default:
      return s;
  }
}

/** The one deadline: the next try outside, else the end of the measure. */
export function sanctionDeadline(s: SanctionState): Deadline | undefined {
  if (s.effect?.retryAt !== undefined) return { at: s.effect.retryAt, rule: SanctionDeadline.retry };
  return s.status === Status.inForce && s.until !== undefined ? { at: s.until, rule: SanctionDeadline.end } : undefined;
}

/** What is owed outside. The shop is told why; the end of a measure is ours to keep. */
export function sanctionEffects(s: SanctionState): readonly Effect[] {
  const { marketplace, seller, step, ends, forOther } = s;
  const reason = forOther === undefined ? (ends ?? 'points') : 'points';
  return owed(s.effect, { marketplace, seller, measure: forOther ?? step?.measure, reason });
}

/** Columns of lists: a sanction is about a seller, not about a listing. */
export function sanctionSummary(s: SanctionState): Summary {
  return { status: s.status, marketplace: s.marketplace, listing: '', holder: '', ...(s.seller !== undefined && { seller: s.seller }) };
}
