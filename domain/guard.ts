import { Capacity, type Command, type Event, type Facts, type Questions } from './aggregate.ts';
import type { Handler } from './handler.ts';
import type { RefusalCode } from './refusals.ts';

const MACHINES: readonly Capacity[] = [Capacity.engine, Capacity.detector];

/** Whether people act in that capacity: they need a mandate. */
export function isPersonal(capacity: Capacity): boolean {
  return !MACHINES.includes(capacity);
}

/** What the guard has to know about an aggregate. */
export interface Standing {
  readonly isFinal: boolean;
  readonly isOpened: boolean;
  /** The statuses that it has, compared with the `in` of a handler. */
  readonly in: readonly string[];
}

/** The first half of the guard, which needs no facts: final, not opened, capacity, status, who exactly. Undefined: not refused. */
export function refusedByStanding<S, C extends Command, E extends Event, Q extends Questions, F extends Facts>(
  handler: Handler<S, C, E, Q, F>,
  standing: Standing,
  state: S,
  command: C,
): RefusalCode | undefined {
  if (standing.isFinal) return 'is-final';
  if (!standing.isOpened && handler.opens !== true) return 'not-opened';
  if (standing.isOpened && handler.opens === true) return 'already-open';
  if (!handler.by.includes(command.by.capacity)) return 'wrong-capacity';
  if (!standing.in.some((status) => handler.in.includes(status))) return 'not-now';
  return handler.isFrom?.(state, command) === false ? 'wrong-capacity' : undefined;
}

/** The guard's questions about the person: a mandate and, for an approval, whether they took part in what they approve. */
export function questionsAboutPerson<S, C extends Command, E extends Event, Q extends Questions, F extends Facts>(
  { secondPerson }: Handler<S, C, E, Q, F>,
  state: S,
  command: C,
  mandate: NonNullable<Questions['mandate']> = true,
): Questions {
  if (!isPersonal(command.by.capacity)) return {};
  return { mandate, ...(secondPerson !== undefined && { fourEyes: secondPerson.of(state) }) };
}

/** The second half of the guard, which needs facts about the person: mandate, then four eyes. Undefined: not refused. */
export function refusedByPerson<S, C extends Command, E extends Event, Q extends Questions, F extends Facts>(
  { secondPerson }: Handler<S, C, E, Q, F>,
  command: C,
  { mandate, fourEyes }: Facts,
): RefusalCode | undefined {
  if (!isPersonal(command.by.capacity)) return undefined;
  if (mandate !== 'valid') return mandate === 'revoked' ? 'mandate-revoked' : 'no-mandate';
  if (secondPerson?.isApproval(command) !== true || fourEyes === undefined || fourEyes === 'none') return undefined;
  return fourEyes === 'opened' ? 'four-eyes' : 'same-person';
}
