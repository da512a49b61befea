import type { Command, Event, Rules } from './aggregate.ts';
import { appealRules } from './appeal/rules.ts';
import { caseRules } from './case/rules.ts';
import { AggregateKind } from './ids.ts';
import { referralRules } from './referral/rules.ts';
import { sanctionRules } from './sanction/rules.ts';

/** Rules whose state, commands and events are not known by type: what the log, the interpreter and replay work with. */
export type AnyRules = Rules<unknown, Command, Event>;

const RULES: { readonly [K in AggregateKind]: AnyRules } = {
  // The log hands each kind's rules only what those rules made or what its door parsed.
  [AggregateKind.case]: caseRules as unknown as AnyRules,
  [AggregateKind.appeal]: appealRules as unknown as AnyRules,
  [AggregateKind.sanction]: sanctionRules as unknown as AnyRules,
  [AggregateKind.referral]: referralRules as unknown as AnyRules,
};

/** The rules of a kind of aggregate. */
export function rulesOf(kind: AggregateKind): AnyRules {
  return RULES[kind];
}
