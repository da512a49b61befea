import type { Command, Event, Facts, OutboxDraft, Opening, Party, Questions, Rules, Summary } from './aggregate.ts';
import { type DeadlineRules, deadlineHandler, earliest, type PassDeadline, passing } from './deadlines.ts';
import { type EffectRules, outcomeHandler, retryDeadlines } from './effect-rules.ts';
import { listOwed, type RecordEffectResult, type TroubleEvent } from './effects.ts';
import { questionsAboutPerson, refusedByPerson, refusedByStanding } from './guard.ts';
import type { Handler } from './handler.ts';
import type { PolicyValues } from './policy/policy.ts';
import { refuse } from './refusals.ts';
import type { Write } from './writes.ts';

/** The commands that the engine gives to every aggregate: a deadline has passed, an effect has a result. */
type FromEngine = PassDeadline | RecordEffectResult;

/** The commands that an aggregate has handlers of its own for. */
export type OwnCommand<C> = Exclude<C, FromEngine>;

/** A handler of each kind of command. */
type Handlers<S, C extends Command, E extends Event, Q extends Questions, F extends Facts> = {
  readonly [K in C['kind']]: Handler<S, Extract<C, { readonly kind: K }>, E, Q, F>;
};

/** Everything that one kind of aggregate states about itself. `C` are its own commands, `E` its events, `Q` and `F` what it asks and is answered. */
export interface Definition<S, C extends Command, E extends Event, Q extends Questions, F extends Facts> {
  readonly kind: string;
  readonly initial: S;
  /** The statuses in which nothing can be added any more. */
  readonly final: readonly string[];
  readonly handlers: Handlers<S, C, E, Q, F>;
  readonly deadlines: DeadlineRules<S, E, Q, F>;
  readonly effects: EffectRules<S, E, Q, F>;
  /** The statuses of a state that the `in` of handlers is compared with; absent: its one status. */
  standsIn?(state: S): readonly string[];
  /** For whom a person must have a mandate; absent: for the holder that the aggregate is about. */
  mandateOf?(command: C): NonNullable<Questions['mandate']>;
  evolve(state: S, event: E): S;
  /** The messages to people and to other aggregates because of an event. `after` is the state right after the event. */
  notifications(event: E, after: S, command: C | FromEngine): readonly OutboxDraft[];
  /**
   * What a notification of that kind says of the aggregate beside what its event says: fixed with the decision, so that nobody has to read
   * the log to write it. Undefined where the state was folded by rules that did not keep it yet.
   */
  parameters?(kind: string, state: S, policy: PolicyValues): object | undefined;
  writes?(event: E): readonly Write[];
  readonly parties: {
    /** The events that change who may read it, besides the opening. */
    readonly changedBy: readonly E['type'][];
    of(state: S): readonly Party[];
  };
  /** The reminder token: outbox messages with `unless` are sent only while they name it. Absent: the status. */
  reminderToken?(state: S): string;
  summary(state: S): Summary;
  /** What the opening command says of the policy and of what it is about; absent: its `policy`, and nothing yet. */
  opening?(command: C): Opening;
  policyOf(state: S): string | undefined;
}

/**
 * Completes an aggregate's own rules with what all aggregates have in common: the guard, the passing of deadlines, results and retries of
 * effects. The log, offline replay and the tests use only what this returns.
 */
export function defineAggregate<S extends { readonly status: string }, C extends Command, O extends Event, Q extends Questions, F extends Facts>(
  definition: Definition<S, C, O | TroubleEvent, Q, F>,
): Rules<S, C | FromEngine, O | TroubleEvent, Q, F> {
  const { kind, initial, effects } = definition;
  const deadline = (state: S) => earliest(definition.deadlines.waits(state, retryDeadlines(effects.kept(state))));
  const handlers = {
    ...definition.handlers,
    passDeadline: deadlineHandler(definition.deadlines, effects.kept, deadline),
    recordEffectResult: outcomeHandler(effects),
  };
  return {
    kind,
    handlers,
    initial,
    ...guarded(definition, handlers),
    evolve: definition.evolve,
    deadline,
    onDeadline: passing,
    effects: (state) => effects.kept(state).flatMap(({ effect, args }) => listOwed(effect, args)),
    outbox: definition.notifications,
    parameters: (about, state, policy) => definition.parameters?.(about, state, policy),
    writes: (event) => definition.writes?.(event) ?? [],
    parties(after, events) {
      const changedBy: readonly string[] = definition.parties.changedBy;
      return events.some(({ type }) => changedBy.includes(type)) ? definition.parties.of(after) : [];
    },
    reminderToken: (state) => definition.reminderToken?.(state) ?? state.status,
    isFinal: ({ status }) => definition.final.includes(status),
    summary: definition.summary,
    opening: definition.opening ?? ((command) => ({ ...pinnedBy(command), summary: definition.summary(initial) })),
    policyOf: definition.policyOf,
  };
}

/** `questions` and `decide` behind the guard. A command that is refused for the aggregate's status or the sender's role asks nothing. */
function guarded<S extends { readonly status: string }, C extends Command, E extends Event, Q extends Questions, F extends Facts>(
  { initial, final, standsIn, mandateOf }: Pick<Definition<S, C, E, Q, F>, 'initial' | 'final' | 'standsIn' | 'mandateOf'>,
  handlers: Handlers<S, C, E, Q, F> & Handlers<S, FromEngine, E, Q | Questions, F>,
): Pick<Rules<S, C | FromEngine, E, Q, F>, 'questions' | 'guard' | 'decide'> {
  // The key and the handler's command are of the same kind by construction; TypeScript does not see it through the union.
  const handlerOf = (command: Command) => Reflect.get(handlers, command.kind) as Handler<S, Command, E, Q, F>;
  const byStanding = (state: S, command: Command) => {
    const { status } = state;
    const standing = { isFinal: final.includes(status), isOpened: status !== initial.status, in: standsIn?.(state) ?? [status] };
    return refusedByStanding(handlerOf(command), standing, state, command);
  };
  const guard = (state: S, command: Command, facts: Facts) => byStanding(state, command) ?? refusedByPerson(handlerOf(command), command, facts);
  return {
    questions(state, command, policy) {
      if (byStanding(state, command) !== undefined) return {};
      const handler = handlerOf(command);
      // The engine's own commands need no mandate, so only an aggregate's own get there.
      return { ...handler.questions?.(state, command, policy), ...questionsAboutPerson(handler, state, command, mandateOf?.(command as C)) };
    },
    guard,
    decide(state, command, facts) {
      const code = guard(state, command, facts);
      return code === undefined ? handlerOf(command).decide(state, command, facts) : refuse(code);
    },
  };
}

/** The policy that an opening command names. */
function pinnedBy(command: Command): Pick<Opening, 'policy'> {
  const policy: unknown = Reflect.get(command, 'policy');
  return typeof policy === 'string' ? { policy } : {};
}
