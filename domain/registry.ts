import type { Command, Event, Rules } from './aggregate.ts';
import { appealRules } from './appeal/rules.ts';
import { caseRules } from './case/rules.ts';
import { AggregateKind } from './ids.ts';
import { referralRules } from './referral/rules.ts';
import { sanctionRules } from './sanction/rules.ts';

/** Every kind of aggregate with its rules. */
export const AGGREGATES = {
  [AggregateKind.case]: caseRules,
  [AggregateKind.appeal]: appealRules,
  [AggregateKind.sanction]: sanctionRules,
  [AggregateKind.referral]: referralRules,
} as const satisfies Record<AggregateKind, { readonly kind: string }>;
export type Aggregates = typeof AGGREGATES;

type Together<U> = (U extends unknown ? (one: U) => void : never) extends (all: infer I) => void ? I : never;
type Any = Aggregates[keyof Aggregates];

/** The questions of all aggregates together, which the store can answer, and the answers. */
export type AnyQuestions = Together<ReturnType<Any['questions']>>;
export type AnyFacts = Together<Parameters<Any['decide']>[2]>;

/** Rules whose state, commands and events are not known by type: what the log, the interpreter and replay work with. */
export type AnyRules = Rules<unknown, Command, Event, AnyQuestions, AnyFacts>;

/** The rules of a kind of aggregate. The log hands them only what those rules made, or what was parsed where it came in. */
export function rulesOf(kind: AggregateKind): AnyRules {
  return AGGREGATES[kind];
}
