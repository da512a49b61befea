import type { Deadline, Effect, Summary } from '../aggregate.ts';
import { afterTrouble, EffectKind, isInFlight, ordered, owed } from '../effects.ts';
import { Measure } from '../policy/policy.ts';
import type { Salted } from '../salted.ts';
import type { SanctionEvent, SanctionState, ShopAct } from './model.ts';
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
      const { marketplace, seller, shops, step, points, version, policy, cases, at } = e;
      return { status: Status.proposed, marketplace, seller, shops, step, points, version, policy, cases, crossedAt: at, acts: [], felt: [] };
    }
    case 'MeasureOrdered':
      return isAct(measure) ? { ...s, status: Status.executing, acts: onEvery(s, TAKE[measure], e.key) } : s;
    case 'MeasureTaken': {
      const acts = e.shop === undefined ? [] : without(s.acts, e.shop);
      const status = acts.length === 0 ? Status.inForce : s.status;
      return { ...s, status, acts, felt: felt(s, e.shop), ...(e.until !== undefined && { until: e.until }) };
    }
    case 'LiftOrdered': {
      const { until: _, ...rest } = s;
      return isAct(measure) ? { ...rest, status: Status.lifting, ends: e.ends, acts: onEvery(s, UNDO[measure], e.key) } : rest;
    }
    case 'MeasureLifted':
      // An attempt that was thought to have failed had been made all the same.
      return { ...s, acts: without(s.acts, e.shop), ...((e.result === 'lifted' || e.result === 'reopened') && { felt: felt(s, e.shop) }) };
    case 'MeasureReordered':
      return isAct(e.held) ? { ...s, forOther: e.held, acts: onEvery(s, TAKE[e.held], e.key) } : s;
    case 'MeasureRestored':
      return { ...s, acts: without(s.acts, e.shop) };
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
    case 'RetryDue':
      return { ...s, acts: s.acts.map((act) => afterTrouble(act, e)) };
    case 'SanctionSealed': {
      const { until: _, ...rest } = s;
      return { ...rest, status: e.as, acts: [] };
    }
    default:
      return s;
  }
}

/** The same act on every shop, each under a key of its own. */
function onEvery({ shops }: SanctionState, kind: EffectKind, key: string): readonly ShopAct[] {
  return shops.map((shop, index) => ({ ...ordered(kind, `${key}/${index + 1}`), shop }));
}

function without(acts: readonly ShopAct[], shop: Salted): readonly ShopAct[] {
  return acts.filter((act) => act.shop['...'] !== shop['...']);
}

function felt(s: SanctionState, shop: Salted | undefined): readonly Salted[] {
  if (shop === undefined) return s.shops;
  return s.felt.some((one) => one['...'] === shop['...']) ? s.felt : [...s.felt, shop];
}

/** The one deadline: the next try outside, or the end of the measure unless an act is under way. */
export function sanctionDeadline(s: SanctionState): Deadline | undefined {
  const [retryAt] = s.acts.flatMap((act) => act.retryAt ?? []).sort();
  const isOn = s.status === Status.inForce || (s.status === Status.executing && !s.acts.some(isInFlight));
  if (isOn && s.until !== undefined && (retryAt === undefined || s.until <= retryAt)) return { at: s.until, rule: SanctionDeadline.end };
  return retryAt === undefined ? undefined : { at: retryAt, rule: SanctionDeadline.retry };
}

/** What is owed outside, on all shops at once. A shop is told why; the end of a measure is ours to keep. */
export function sanctionEffects(s: SanctionState): readonly Effect[] {
  const { marketplace, acts, step, ends, forOther } = s;
  const reason = forOther === undefined ? (ends ?? 'points') : 'points';
  return acts.flatMap((act) => owed(act, { marketplace, seller: act.shop, measure: forOther ?? step?.measure, reason }));
}

/** Columns of lists: a sanction is about a seller, not about a listing. */
export function sanctionSummary(s: SanctionState): Summary {
  return {
    status: s.status,
    marketplace: s.marketplace,
    listing: '',
    holder: '',
    shops: s.shops,
    ...(s.seller !== undefined && { seller: s.seller }),
  };
}
