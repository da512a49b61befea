import type { Command, Event, Facts, Outcome, Permission, Questions } from './aggregate.ts';
import type { PolicyValues } from './policy/policy.ts';

/** How one kind of command is decided: who may give it, where the aggregate must stand, what is asked, and what follows. */
export interface Handler<S, C extends Command, E extends Event, Q extends Questions = Questions, F extends Facts = Facts> extends Permission {
  /** It is decision 1: it is for an aggregate that is not opened yet, and every other command for one that is. */
  readonly opens?: true;
  /** Where the capacity alone does not say who may give it: whether this one may. */
  isFrom?(state: S, command: C): boolean;
  /** It approves something: whoever opened one of these cases by hand, or is one of these people, may not be the one. */
  readonly secondPerson?: {
    of(state: S): NonNullable<Questions['fourEyes']>;
    /** Whether this command approves: whoever proposed it may reject it. */
    isApproval(command: C): boolean;
  };
  questions?(state: S, command: C, policy: PolicyValues): Q;
  decide(state: S, command: C, facts: F): Outcome<E>;
}
