import { Capacity, cause } from '../aggregate.ts';
import { isInFlight } from '../effects.ts';
import { isStepReached } from '../ledger/points.ts';
import type { CommandOf, Events, SanctionHandler } from './command.ts';
import { lift, sealSanction } from './lifting.ts';
import type { SanctionCommand, SanctionEvent, SanctionState } from './model.ts';
import { SanctionStatus as Status } from './model.ts';
import { type ActorFact, actorOf, type SanctionFacts } from './questions.ts';

/** The ledger of the actor has changed. */
export const reconsider: SanctionHandler<'reconsider'> = {
  by: [Capacity.engine],
  in: [Status.proposed, Status.executing, Status.inForce, Status.lifting],
  questions: actorOf,
  decide: (state, command, facts) => ({ events: reconsidered(state, command, facts) }),
};

/** Compares the sanction with the ledger as it is now. A version that was seen before changes nothing. */
function reconsidered(state: SanctionState, command: CommandOf<'reconsider'>, facts: SanctionFacts): Events {
  const { actor } = facts;
  if (actor === undefined || actor.version <= state.version) return [];
  const now = reconsideredAs(state, command, actor);
  if (stillStands(state, actor) || state.status === Status.lifting) return [now];
  if (state.status === Status.proposed) return [now, sealSanction(Status.overturned, command)];
  // A measure under way is never cancelled but lifted after its outcome.
  if (state.status === Status.executing && state.acts.some(isInFlight)) return [now];
  return [now, ...lift(state, command, facts, Status.overturned)];
}

/**
 * A sanction stands while its step is reached: by the points of now, or by those that made it cross. Points that have expired
 * since were right at their time; what was voided since never counted.
 */
export function stillStands({ step }: SanctionState, { points, pointsThen }: ActorFact): boolean {
  return isStepReached(step?.points ?? 0, points, pointsThen);
}

/** The event that says what the ledger shows now. */
export function reconsideredAs(state: SanctionState, command: SanctionCommand, actor: ActorFact): SanctionEvent {
  const { version, points } = actor;
  return { type: 'Reconsidered', version, points, stands: stillStands(state, actor), cause: cause(command, 'ledger.steps') };
}
