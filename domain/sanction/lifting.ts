import { Capacity, cause, sealing } from '../aggregate.ts';
import type { DeadlineRules } from '../deadlines.ts';
import { isInFlight } from '../effects.ts';
import type { Measure } from '../policy/policy.ts';
import type { Events, SanctionHandler } from './command.ts';
import { isAct, isSameSwitch } from './measure-acts.ts';
import type { SanctionCommand, SanctionEvent, SanctionState } from './model.ts';
import { SanctionStatus as Status } from './model.ts';
import { actorOf, type SanctionFacts, type SanctionQuestions } from './questions.ts';

/** The end of a sanction: nothing can be added to the chain afterwards. */
export function sealSanction(as: Status, command: SanctionCommand): SanctionEvent {
  return sealing('SanctionSealed')(as, command.at, cause(command));
}

/** An officer ends a measure before its time. */
export const liftSanction: SanctionHandler<'liftSanction'> = {
  by: [Capacity.governance],
  in: [Status.inForce],
  questions: actorOf,
  decide: (state, command, facts) => ({ events: lift(state, command, facts, Status.lifted) }),
};

/** The end of the measure, unless an act is under way. At the same instant it comes before the next try of a failed act. */
export const sanctionDeadlines: DeadlineRules<SanctionState, SanctionEvent, SanctionQuestions, SanctionFacts> = {
  in: [Status.executing, Status.inForce, Status.lifting],
  waits({ status, acts, until }, retries) {
    const isOn = status === Status.inForce || (status === Status.executing && !acts.some(isInFlight));
    return [isOn && until !== undefined ? { at: until, rule: 'sanction.end' } : undefined, ...retries];
  },
  questions: actorOf,
  passed: (state, command, facts) => lift(state, command, facts, Status.expired),
};

/** Ends a measure: it is lifted on the marketplace unless another sanction imposes the same restriction. */
export function lift(state: SanctionState, command: SanctionCommand, facts: SanctionFacts, ends: Status): Events {
  if (!isAct(state.step?.measure)) return [sealSanction(ends, command)];
  const held = heldByOther(state, facts);
  if (held !== undefined) return [{ type: 'LiftWithheld', reason: 'other-sanction', held, cause: cause(command) }, sealSanction(ends, command)];
  const reason = command.kind === 'liftSanction' ? { reason: command.reason } : {};
  return [{ type: 'LiftOrdered', key: `lift:${command.id}`, ends, ...reason, cause: cause(command) }];
}

/** The measure of another sanction that imposes the same restriction, if there is one. */
export function heldByOther({ step }: SanctionState, { actor }: SanctionFacts): Measure | undefined {
  const own = step?.measure;
  return isAct(own) ? actor?.held.filter(isAct).find((other) => isSameSwitch(own, other)) : undefined;
}
