import {
  Capacity,
  type Cause,
  cause,
  type Deadline,
  type Effect,
  type Event,
  type Facts,
  type InstantQuestion,
  type Questions,
} from './aggregate.ts';
import { EffectKind, isOutcomeOf, type OwedEffect, type RecordEffectResult, type TroubleEvent } from './effects.ts';
import { instantFact } from './facts.ts';
import type { Handler } from './handler.ts';
import type { CalendarRef, Duration, Instant } from './instant.ts';
import type { PolicyValues } from './policy/policy.ts';
import { refuse } from './refusals.ts';

/** An effect of a state with its arguments. `retry`: the name of the deadline at which it is tried again. */
export interface KeptEffect {
  readonly effect: OwedEffect;
  readonly args: Effect['args'];
  readonly retry?: string;
}

/** The waits before each further try (the last one repeats), where the policy states them, and on which calendar they are counted. */
export interface Retries {
  readonly after: readonly Duration[];
  readonly path: string;
  readonly calendar: CalendarRef;
}

/** The effects of an aggregate, and what follows from their results. */
export interface EffectRules<S, E extends Event, Q extends Questions, F extends Facts> {
  /** The statuses in which there may be a result. */
  readonly in: readonly string[];
  /** The policy value that the event of a failure names as its cause, if any. */
  readonly because?: string;
  kept(state: S): readonly KeptEffect[];
  retries(state: S, effect: OwedEffect, policy: PolicyValues): Retries;
  /** Questions besides the instant of the next try. */
  questions?(state: S, command: RecordEffectResult, effect: OwedEffect, policy: PolicyValues): Q;
  /** The events after a failure when the effect is not to be tried again. */
  failed?(state: S, command: RecordEffectResult, effect: OwedEffect, facts: F): readonly E[] | undefined;
  /** The events after any other result. */
  done(state: S, command: RecordEffectResult, effect: OwedEffect, facts: F): readonly E[];
}

/** The waits before each further try of an act on a listing, and where the policy states them. */
export function listingRetries({ kind }: OwedEffect, policy: PolicyValues, calendar: CalendarRef): Retries {
  switch (kind) {
    case EffectKind.capture:
      return { after: policy.capture.retryAfter, path: 'capture.retryAfter', calendar };
    case EffectKind.putBack:
      return { after: policy.putBack.retryAfter, path: 'putBack.retryAfter', calendar };
    default:
      return { after: policy.takedown.retryAfter, path: 'takedown.retryAfter', calendar };
  }
}

/** The question for an effect's next try, after its `tries`-th failure. The last value of the policy's list repeats. */
function retryQuestion(at: Instant, tries: number, { after, path, calendar }: Retries): InstantQuestion {
  const index = Math.min(tries, after.length) - 1;
  const duration = after[index];
  if (duration === undefined) throw new Error(`the policy lists no retry at ${path}`);
  return { name: 'retry', from: at, after: duration, calendar, policy: `${path}.${index}` };
}

/** The failure of the effect of that key; its `retryQuestion` has been asked. */
function effectFailed(key: string, reason: string, facts: Facts, because: Cause): TroubleEvent {
  return { type: 'EffectFailed', key, reason, retryAt: instantFact(facts, 'retry').at, cause: because };
}

const RETRY = 'effect.retry';

/** The deadlines at which failed effects are tried again. */
export function retryDeadlines(kept: readonly KeptEffect[]): readonly Deadline[] {
  return kept.flatMap(({ effect: { retryAt }, retry = RETRY }) => (retryAt === undefined ? [] : [{ at: retryAt, rule: retry }]));
}

/** The failed effects whose next try is due with that deadline. */
export function triedAgain(kept: readonly KeptEffect[], { rule, due }: { readonly rule: string; readonly due: Instant }): readonly OwedEffect[] {
  return kept.filter(({ effect, retry = RETRY }) => retry === rule && effect.retryAt === due).map(({ effect }) => effect);
}

/** The handler of `recordEffectResult`. The result of an owed effect is never refused. */
export function outcomeHandler<S, E extends Event, Q extends Questions, F extends Facts>(
  effects: EffectRules<S, E | TroubleEvent, Q, F>,
): Handler<S, RecordEffectResult, E | TroubleEvent, Q | Questions, F> {
  const owedBy = (state: S, command: RecordEffectResult) => effects.kept(state).find(({ effect }) => isOutcomeOf(effect, command))?.effect;
  return {
    by: [Capacity.engine],
    in: effects.in,
    questions(state, command, policy) {
      const effect = owedBy(state, command);
      if (effect === undefined) return {};
      const asked = effects.questions?.(state, command, effect, policy);
      if (command.result.kind !== 'failed') return asked ?? {};
      const retry = retryQuestion(command.at, command.try, effects.retries(state, effect, policy));
      return { ...asked, instants: [...(asked?.instants ?? []), retry] };
    },
    decide(state, command, facts) {
      const effect = owedBy(state, command);
      if (effect === undefined) return refuse('not-owed');
      const { result, key } = command;
      if (result.kind !== 'failed') return { events: effects.done(state, command, effect, facts) };
      const instead = effects.failed?.(state, command, effect, facts);
      return { events: instead ?? [effectFailed(key, result.reason, facts, cause(command, effects.because))] };
    },
  };
}
