import { afterTrouble, type EffectKind, ordered } from '../effects.ts';
import type { Salted } from '../salted.ts';
import { isAct, TAKE, UNDO } from './measure-acts.ts';
import type { SanctionEvent, SanctionState, ShopAct } from './model.ts';
import { SanctionStatus as Status } from './model.ts';

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

/** The same act on every shop, each with its own key. */
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
