import { cause } from '../aggregate.ts';
import type { EffectRules } from '../effect-rules.ts';
import { isInFlight, type RecordEffectResult } from '../effects.ts';
import type { Instant } from '../instant.ts';
import type { ShopAct, SanctionEvent, SanctionState } from './model.ts';
import { SanctionStatus as Status } from './model.ts';
import { takeMeasure } from './approval.ts';
import type { Events } from './command.ts';
import { heldByOther, lift, sealSanction } from './lifting.ts';
import { actorOf, END, endQuestion, type SanctionFacts, type SanctionQuestions } from './questions.ts';

/** The effects of a sanction on all its shops, and what follows from their results. The marketplace gets the reason, not the end date. */
export const sanctionEffects: EffectRules<SanctionState, SanctionEvent, SanctionQuestions, SanctionFacts> = {
  in: [Status.executing, Status.lifting],
  because: 'sanctions.retryAfter',
  kept({ marketplace, acts, step, ends, forOther }) {
    const reason = forOther === undefined ? (ends ?? 'points') : 'points';
    return acts.map((act) => ({ effect: act, args: { marketplace, seller: act.shop, measure: forOther ?? step?.measure, reason } }));
  },
  retries: (_state, _effect, { sanctions, ledger }) => ({
    after: sanctions.retryAfter,
    path: 'sanctions.retryAfter',
    calendar: ledger.expiryCalendar,
  }),
  questions(state, command, _effect, policy) {
    const isFirst = command.result.kind !== 'failed' && state.status === Status.executing && state.until === undefined;
    return { ...actorOf(state), ...(isFirst && { instants: endQuestion(state.step?.measure, command.at, policy) }) };
  },
  failed(state, command, effect, facts) {
    // What failed may have been done all the same: without its points it is lifted, not tried again.
    const ends = state.status === Status.executing ? endOf(state, command.at) : undefined;
    return ends === undefined || isBusy(state, effect) ? undefined : lift(state, command, facts, ends);
  },
  done(state, command, effect, facts) {
    const act = state.acts.find((one) => one.key === effect.key);
    if (act === undefined) return [];
    return state.status === Status.executing ? afterTaking(state, act, command, facts) : afterUndoing(state, act, command, facts);
  },
};

/** Whether another act is under way right now. */
function isBusy({ acts }: SanctionState, { key }: Pick<ShopAct, 'key'>): boolean {
  return acts.some((other) => other.key !== key && isInFlight(other));
}

/** A measure that is no longer to stand is lifted from all shops, but not while an act is under way. */
function afterTaking(state: SanctionState, act: ShopAct, command: RecordEffectResult, facts: SanctionFacts): Events {
  const until = state.until ?? facts.instants[END]?.at;
  const ends = endOf(state, command.at);
  const now = takeMeasure(state.step?.measure, command, until, command.result.kind, act);
  return ends === undefined || isBusy(state, act) ? [now] : [now, ...lift(state, command, facts, ends)];
}

/** How a measure ends while it is being imposed: its points fell, or its time ended before it reached the last shop; else undefined. */
function endOf({ fell, until }: SanctionState, at: Instant): Status | undefined {
  if (fell === true) return Status.overturned;
  return until !== undefined && until <= at ? Status.expired : undefined;
}

/** Another sanction may have imposed the same restriction while this one was being lifted; then it is imposed again before this one ends. */
function afterUndoing(state: SanctionState, { shop }: ShopAct, command: RecordEffectResult, facts: SanctionFacts): Events {
  const { kind: result } = command.result;
  const isLast = state.acts.length === 1;
  const ends = isLast ? [sealSanction(state.ends ?? Status.lifted, command)] : [];
  if (state.forOther !== undefined) return [{ type: 'MeasureRestored', result, shop, cause: cause(command) }, ...ends];
  const lifted: SanctionEvent = { type: 'MeasureLifted', result, shop, cause: cause(command) };
  const held = isLast ? heldByOther(state, facts) : undefined;
  return held === undefined ? [lifted, ...ends] : [lifted, { type: 'MeasureReordered', key: `hold:${command.id}`, held, cause: cause(command) }];
}
