import type { PolicyValues } from '../policy/policy.ts';
import type { ReferralState } from './model.ts';

/** What is said of a referral: to whom it goes, with which cases, on which legal basis. Questions and answers are disclosures that the event names. */
export interface ReferralParameters {
  readonly authority: string;
  readonly zone: string;
  readonly draftCases: readonly string[];
  readonly legalBasis: string;
  /** The authority's own reference. */
  readonly receipt?: string;
  readonly questions: ReferralState['questions'];
}

/** What is said of a referral to people and authorities. */
export function referralParameters(kind: string, state: ReferralState, policy: PolicyValues): ReferralParameters | undefined {
  const { recipient, draft, profile, reference, questions } = state;
  return {
    authority: recipient?.name ?? '',
    zone: policy.ledger.calendar.zone,
    draftCases: (draft?.cases ?? []).map((one) => one.case),
    legalBasis: policy.referrals.profiles[profile]?.legalBasis ?? '',
    questions: kind === 'referral-answer' ? questions : [],
    ...(reference !== undefined && { receipt: reference }),
  };
}
