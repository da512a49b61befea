import type { Facts, InstantQuestion, Questions } from '../aggregate.ts';
import type { Duration, Instant } from '../instant.ts';
import type { PolicyValues } from '../policy/policy.ts';
import type { Salted } from '../salted.ts';
import type { LinkedFact } from './qualifying-cases.ts';
import type { ReferralState } from './model.ts';

/** What a referral asks to know before it decides. */
export interface ReferralQuestions extends Questions {
  /** The cases of an actor and an authority that may get them (read under the actor's lock). */
  readonly linked?: { readonly actor: Salted; readonly recipient: string };
}

/** What a referral decides on. */
export interface ReferralFacts extends Facts {
  readonly linked?: LinkedFact;
}

type Days = 'appraisalWithin' | 'remindBrandAfter' | 'remindApproverAfter' | 'remindReceiptAfter' | 'remindOutcomeAfter';

/** The instant that many plain days after `from`: no working calendar applies to an authority. */
export function days(name: Days, from: Instant, { referrals, ledger }: PolicyValues): InstantQuestion {
  const after: Duration = referrals[name];
  return { name, from, after, calendar: ledger.expiryCalendar, policy: `referrals.${name}` };
}

/** The instants of asking brands at `from`. */
export function askingQuestions(from: Instant, policy: PolicyValues): readonly InstantQuestion[] {
  return [days('remindBrandAfter', from, policy), days('appraisalWithin', from, policy)];
}

/** The actor's cases and the recipient as they are now. */
export function linkedOf({ actor, recipient }: ReferralState): ReferralQuestions {
  return actor === undefined || recipient === undefined ? {} : { linked: { actor, recipient: recipient.id } };
}
