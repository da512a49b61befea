import type { Facts, InstantQuestion, Questions } from '../aggregate.ts';
import type { Instant } from '../instant.ts';
import type { Measure, PolicyValues } from '../policy/policy.ts';
import type { Salted } from '../salted.ts';
import type { SanctionState } from './model.ts';

/** What a sanction asks to know before it decides. */
export interface SanctionQuestions extends Questions {
  /** The ledger of the actor behind this seller, now and at the instant of a crossing (read under the actor's lock). */
  readonly actor?: { readonly seller: Salted; readonly marketplace: string; readonly crossedAt: Instant };
}

/** An actor's ledger as the log reads it, and which measures other sanctions hold on the same actor's shops on the same marketplace. */
export interface ActorFact {
  readonly version: number;
  /** Points that count at the command's instant. */
  readonly points: number;
  /** Points that counted at the crossing as the ledger stands now: what was voided since is not in it, what expired since is. */
  readonly pointsThen: number;
  readonly held: readonly string[];
}

/** What a sanction decides on. */
export interface SanctionFacts extends Facts {
  readonly actor?: ActorFact;
}

export const END = 'sanction.end';
export const REMIND = 'approval.remind';

export function actorOf({ seller, marketplace, crossedAt }: SanctionState): SanctionQuestions {
  return seller === undefined || crossedAt === undefined ? {} : { actor: { seller, marketplace, crossedAt } };
}

/** Plain days: the end of a measure must not depend on how far ahead a country's holidays are known. */
export function endQuestion(measure: Measure | undefined, from: Instant, policy: PolicyValues): readonly InstantQuestion[] {
  const after = measure === undefined ? undefined : policy.sanctions.measures[measure].lasts;
  const { expiryCalendar: calendar } = policy.ledger;
  return after === undefined ? [] : [{ name: END, from, after, calendar, policy: `sanctions.measures.${measure}.lasts` }];
}

export function remindQuestion(measure: Measure, from: Instant, { sanctions, ledger }: PolicyValues): readonly InstantQuestion[] {
  if (!sanctions.measures[measure].needsApproval) return [];
  const { remindOfficerAfter: after } = sanctions;
  return [{ name: REMIND, from, after, calendar: ledger.expiryCalendar, policy: 'sanctions.remindOfficerAfter' }];
}
