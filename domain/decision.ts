import type { Command, Deadline, Effect, Event, Outcome, RecordedFacts } from './aggregate.ts';
import { canonical, sha256Hex } from './canonical.ts';
import type { AggregateId } from './ids.ts';
import type { Instant } from './instant.ts';
import type { Refusal } from './refusals.ts';

/** The outcome of a decision, with the deadline and the effects of the state right after it, so that these can be verified too. */
export type RecordedOutcome =
  | { readonly events: readonly Event[]; readonly due: Deadline | null; readonly owes: readonly Effect[] }
  | { readonly refused: Refusal };

/** Decision envelope, version 1. */
export interface Decision {
  readonly v: 1;
  readonly aggregate: AggregateId;
  readonly n: number;
  readonly at: Instant;
  readonly command: Command;
  readonly facts: RecordedFacts;
  readonly outcome: RecordedOutcome;
  /** SHA-256 of the rules bundle that decided. */
  readonly rules: string;
  /** Hash of decision n - 1; 64 zeros for n = 1. */
  readonly prev: string;
}

export const FIRST_PREV = '0'.repeat(64);
const DOMAIN_TAG = 'interdict.decision.v1\n';

/** SHA-256 over the domain tag and the envelope's RFC 8785 bytes, in hexadecimal. */
export function decisionHash(decision: Decision): string {
  return sha256Hex(DOMAIN_TAG + canonical(decision));
}

/** The recorded form of an outcome: what the events leave due and owed is computed from the state after them. */
export function recordedOutcome<S>(
  rules: { deadline(state: S): Deadline | undefined; effects(state: S): readonly Effect[] },
  outcome: Outcome,
  after: S,
): RecordedOutcome {
  if ('refused' in outcome) return { refused: outcome.refused };
  return { events: outcome.events, due: rules.deadline(after) ?? null, owes: rules.effects(after) };
}
