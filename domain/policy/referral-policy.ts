import type { Duration } from '../instant.ts';
import type { Money } from '../money.ts';

/** When the engine opens a referral by itself: so many linked cases, or sales of so much in one currency. */
export interface ThresholdPolicy {
  readonly cases: number;
  readonly value?: Money;
  /** Why a packet of this profile may be handed over, in words. */
  readonly legalBasis: string;
}

/** The values of referrals. Durations are counted in plain days on the ledger's expiry calendar. */
export interface ReferralsPolicy {
  /** By packet profile. */
  readonly profiles: Readonly<Record<string, ThresholdPolicy>>;
  readonly appraisalWithin: Duration;
  readonly remindBrandAfter: Duration;
  readonly remindApproverAfter: Duration;
  readonly remindReceiptAfter: Duration;
  readonly remindOutcomeAfter: Duration;
  readonly supplementsNeedApproval: boolean;
  readonly retryAfter: readonly Duration[];
}
