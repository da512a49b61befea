import { Capacity, cause } from '../aggregate.ts';
import { instantFact } from '../facts.ts';
import type { Instant } from '../instant.ts';
import type { Measure } from '../policy/policy.ts';
import type { CommandOf, Events, SanctionHandler } from './command.ts';
import { sealSanction } from './lifting.ts';
import { isAct } from './measure-acts.ts';
import type { SanctionCommand, SanctionEvent, SanctionState, ShopAct } from './model.ts';
import { SanctionStatus as Status } from './model.ts';
import { actorOf, END, endQuestion, REMIND, remindQuestion, type SanctionFacts } from './questions.ts';
import { reconsideredAs, stillStands } from './reconsider.ts';

/** Decision 1: the ledger of an actor has crossed a step. */
export const openSanction: SanctionHandler<'openSanction'> = {
  by: [Capacity.engine],
  in: [Status.none],
  opens: true,
  questions: (_state, { step, at }, policy) => ({
    instants: [...endQuestion(step.measure, at, policy), ...remindQuestion(step.measure, at, policy)],
  }),
  decide: (_state, command, facts) => ({ events: proposed(command, facts) }),
};

/** An officer decides on a measure that the engine proposed. Whoever opened a case behind it by hand may not approve it. */
export const decideSanction: SanctionHandler<'decideSanction'> = {
  by: [Capacity.governance],
  in: [Status.proposed],
  secondPerson: { of: ({ cases }) => ({ cases, people: [] }), isApproval: ({ decision }) => decision === 'approve' },
  questions: (state, { at }, policy) => ({ ...actorOf(state), instants: endQuestion(state.step?.measure, at, policy) }),
  decide: (state, command, facts) => ({ events: approvedOrNot(state, command, facts) }),
};

/** Some measures take effect at once, others wait for a second person: the policy says which. */
function proposed(command: CommandOf<'openSanction'>, facts: SanctionFacts): Events {
  const { kind: _, id: __, by: ___, ...rest } = command;
  const { measure } = command.step;
  const opened: SanctionEvent = { type: 'SanctionProposed', ...rest, cause: cause(command, 'ledger.steps') };
  if (!facts.policy.sanctions.measures[measure].needsApproval) return [opened, ...take(measure, command, facts)];
  const remindAt = instantFact(facts, REMIND).at;
  return [opened, { type: 'ApprovalAsked', remindAt, cause: cause(command, `sanctions.measures.${measure}.needsApproval`) }];
}

function approvedOrNot(state: SanctionState, command: CommandOf<'decideSanction'>, facts: SanctionFacts): Events {
  const { reason } = command;
  if (command.decision === 'reject') return [{ type: 'SanctionRejected', reason, cause: cause(command) }, sealSanction(Status.rejected, command)];
  // The ledger may have fallen between the proposal and the approval, with its message still on the way.
  if (facts.actor !== undefined && !stillStands(state, facts.actor))
    return [reconsideredAs(state, command, facts.actor), sealSanction(Status.overturned, command)];
  return [{ type: 'SanctionApproved', reason, cause: cause(command) }, ...take(state.step?.measure, command, facts)];
}

/** Imposes the measure: a warning takes effect by being sent, every other measure is an act on the marketplace. */
function take(measure: Measure | undefined, command: SanctionCommand, facts: SanctionFacts): Events {
  if (isAct(measure)) return [{ type: 'MeasureOrdered', key: `measure:${command.id}`, cause: cause(command, 'ledger.steps') }];
  return [takeMeasure(measure, command, facts.instants[END]?.at, 'warned')];
}

/** The days of a measure count from when it takes effect on the first shop: all shops are told the same end. */
export function takeMeasure(
  measure: Measure | undefined,
  command: SanctionCommand,
  until: Instant | undefined,
  result: string,
  act?: ShopAct,
): SanctionEvent {
  const shop = act === undefined ? {} : { shop: act.shop };
  const because = cause(command, until === undefined ? 'ledger.steps' : `sanctions.measures.${measure}.lasts`);
  return { type: 'MeasureTaken', at: command.at, result, ...shop, ...(until !== undefined && { until }), cause: because };
}
