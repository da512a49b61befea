import type { AppealKind, AppealStatus } from '../domain/appeal/model.ts';
import type { Verdict, VerdictBasis } from '../domain/case/model.ts';
import type { Silence } from '../domain/case/notification-parameters.ts';
import type { Duration, Instant } from '../domain/instant.ts';
import type { Measure } from '../domain/policy/policy.ts';
import type { MissingItem } from '../domain/effects.ts';
import type { ReferralStatus } from '../domain/referral/model.ts';
import type { SanctionStatus } from '../domain/sanction/model.ts';

/** What every notification is about. Titles are the seller's own words: hostile until rendered. */
export interface Matter {
  /** The case's id: the reference that people quote. */
  readonly reference: string;
  readonly marketplace: string;
  readonly market: string;
  readonly listing: string;
  readonly title?: string;
  /** Name of the rights holder. */
  readonly holder: string;
  /** Zone in which instants are told. */
  readonly zone: string;
  /** The page that shows it; absent where the portal has no address, and to authorities. */
  readonly page?: string;
  /** The page is an appeal's, not its case's. */
  readonly isAppealPage?: true;
}

/** Whom a notification speaks to. */
export type Audience = 'holder' | 'seller' | 'staff' | 'authority';

/** Everything a statement of reasons has to say (DSA 17(3)). */
export interface Reasons {
  readonly provisional: boolean;
  /** The end of a provisional removal. */
  readonly until?: Instant;
  /** The holidays up to that end are not all published: it may become later. So everywhere below. */
  readonly mayMove?: true | undefined;
  readonly removedAt: Instant;
  readonly alreadyGone: boolean;
  /** How it came to light: our own search, an officer, or a rights holder's notice. */
  readonly source: 'detection' | 'officer' | 'notice';
  /** `name@version` of the automated detectors that found it; empty when none did. */
  readonly detectors: readonly string[];
  /** What they found, in words. */
  readonly findings: readonly string[];
  /** The rights holder's answer; absent when the policy decided after its silence. */
  readonly answer?: { readonly verdict: Verdict; readonly reasonCode: string; readonly basis: VerdictBasis };
  readonly rights: readonly string[];
  /** How long the removal can be contested, and until when where that is fixed already. */
  readonly contest: { readonly window: Duration; readonly until?: Instant; readonly mayMove?: true | undefined };
  readonly policy: { readonly name: string; readonly version: number };
}

/** Why a measure against a seller is taken: the points, the cases behind them, and the rule with its source. */
export interface SanctionReasons {
  readonly measure: Measure;
  /** Points from which the ladder takes the measure. */
  readonly step: number;
  readonly points: number;
  readonly cases: readonly string[];
  readonly policy: { readonly name: string; readonly version: number };
  readonly source: string;
}

/** What every notification has. */
export interface NotificationHead {
  readonly matter: Matter;
  readonly to: Audience;
}

/** A notification's content, without any words. */
export type NotificationParameters = NotificationHead &
  (
    | {
        readonly kind: 'ask';
        readonly lapseAt: Instant;
        readonly mayMove?: true | undefined;
        readonly silence: Silence;
        readonly findings: readonly string[];
      }
    | {
        readonly kind: 'reminder';
        readonly number: number;
        readonly lapseAt: Instant;
        readonly mayMove?: true | undefined;
        readonly silence: Silence;
      }
    | { readonly kind: 'more-asked'; readonly lapseAt: Instant; readonly mayMove?: true | undefined }
    | { readonly kind: 'listing-edited' }
    | {
        readonly kind: 'escalation';
        readonly lapseAt?: Instant;
        readonly mayMove?: true | undefined;
        readonly because: 'silence' | 'bounce';
        readonly silence: Silence;
      }
    | { readonly kind: 'statement-of-reasons'; readonly reasons: Reasons }
    | { readonly kind: 'removal-confirmed'; readonly reasons: Reasons }
    | { readonly kind: 'restored' }
    | { readonly kind: 'corrected'; readonly was: Verdict; readonly verdict: Verdict }
    | { readonly kind: 'lapsed' }
    | { readonly kind: 'cancelled' }
    | { readonly kind: 'counter-notice' }
    /** Any event of a case, in the sentence that timeline and replay have for it. */
    | { readonly kind: 'event'; readonly event: { readonly type: string } }
    | { readonly kind: 'review-asked'; readonly appeal: AppealKind }
    | { readonly kind: 'notice-offered'; readonly until: Instant; readonly mayMove?: true | undefined }
    | { readonly kind: 'approval-asked'; readonly reasons: SanctionReasons }
    | {
        readonly kind: 'sanction-taken';
        readonly reasons: SanctionReasons;
        readonly result: string;
        readonly until?: Instant;
        readonly contestWindow: Duration;
      }
    | { readonly kind: 'sanction-ended'; readonly reasons: SanctionReasons; readonly ended: SanctionStatus }
    | { readonly kind: 'appeal-ended'; readonly appeal: AppealKind; readonly ended: AppealStatus }
    | Referred
  );

/** Notifications of referrals name the authority; none goes to a seller. */
type Referred = { readonly authority: string } & (
  | { readonly kind: 'appraisal-asked'; readonly cases: readonly string[]; readonly until?: Instant; readonly reminder: boolean }
  | { readonly kind: 'referral-approval'; readonly packet: string; readonly cases: readonly string[] }
  | { readonly kind: 'referral-bounced'; readonly packet: string; readonly cases: readonly string[] }
  | { readonly kind: 'referral-incomplete'; readonly missing: readonly Pick<MissingItem, 'item' | 'where' | 'what' | 'cure'>[] }
  | { readonly kind: 'referral-reminder'; readonly received: boolean }
  | { readonly kind: 'referral-case-overturned'; readonly cases: readonly string[] }
  | {
      readonly kind: 'referral-submission';
      readonly packet: string;
      readonly submission: number;
      readonly legalBasis: string;
      readonly cases: readonly string[];
    }
  | { readonly kind: 'referral-answer'; readonly question: string; readonly answer: string; readonly receipt?: string }
  | { readonly kind: 'referral-ended'; readonly ended: ReferralStatus; readonly cases: readonly string[] }
);
export type MailKind = NotificationParameters['kind'];
export type ParamsOf<K extends MailKind> = Extract<NotificationParameters, { kind: K }>;
