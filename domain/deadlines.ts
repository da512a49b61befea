import { Capacity, type Command, cause, type Deadline, type Event, type Facts, type Questions } from './aggregate.ts';
import { type EffectRules, triedAgain } from './effect-rules.ts';
import type { TroubleEvent } from './effects.ts';
import type { Handler } from './handler.ts';
import type { Instant } from './instant.ts';
import type { PolicyValues } from './policy/policy.ts';
import { refuse } from './refusals.ts';

/** The passing of the deadline of that rule and instant. */
export interface PassDeadline extends Command {
  readonly kind: 'passDeadline';
  readonly rule: string;
  readonly due: Instant;
}

/** What an aggregate waits for, and what happens then. The next try of a failed effect is handled by the frame. */
export interface DeadlineRules<S, E extends Event, Q extends Questions, F extends Facts> {
  /** The statuses in which there may be a deadline. */
  readonly in: readonly string[];
  /** All deadlines of the state, with `retries` (of failed effects) among them. Of two at the same instant the first in the list passes first. */
  waits(state: S, retries: readonly Deadline[]): readonly (Deadline | undefined)[];
  questions?(state: S, command: PassDeadline, policy: PolicyValues): Q;
  /** The events when one of its own deadlines has passed; it is the one that was due. */
  passed(state: S, command: PassDeadline, facts: F): readonly E[];
}

/** The earliest deadline; at a tie the one named first. */
export function earliest(deadlines: readonly (Deadline | undefined)[]): Deadline | undefined {
  return deadlines.reduce((first, next) => (first === undefined || (next !== undefined && next.at < first.at) ? next : first), undefined);
}

/** The command by which a deadline passes. Its id is the same every time, so that it happens once. */
export function passing({ at, rule }: Deadline): PassDeadline {
  return { id: `${rule}@${at}`, at, by: { capacity: Capacity.engine }, kind: 'passDeadline', rule, due: at };
}

/** The handler of `passDeadline`: only the deadline that is due passes; that of a failed effect makes its next try due. */
export function deadlineHandler<S, E extends Event, Q extends Questions, F extends Facts>(
  deadlines: DeadlineRules<S, E | TroubleEvent, Q, F>,
  kept: EffectRules<S, E, Q, F>['kept'],
  dueIn: (state: S) => Deadline | undefined,
): Handler<S, PassDeadline, E | TroubleEvent, Q | Questions, F> {
  return {
    by: [Capacity.engine],
    in: deadlines.in,
    questions: (state, command, policy) => deadlines.questions?.(state, command, policy) ?? {},
    decide(state, command, facts) {
      const due = dueIn(state);
      if (due?.rule !== command.rule || due.at !== command.due) return refuse('not-owed');
      const again = triedAgain(kept(state), command);
      if (again.length === 0) return { events: deadlines.passed(state, command, facts) };
      return { events: again.map(({ key }) => ({ type: 'RetryDue' as const, key, cause: cause(command) })) };
    },
  };
}
