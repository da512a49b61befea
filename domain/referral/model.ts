import type { Cause, Command } from '../aggregate.ts';
import type { PassDeadline } from '../deadlines.ts';
import type { EffectEvent, MissingItem, OwedEffect, RecordEffectResult } from '../effects.ts';
import type { Instant } from '../instant.ts';
import type { Salted } from '../salted.ts';
import type { LinkedCase, RecipientFacts } from './qualifying-cases.ts';
import type { AuthorityFact, FactReport } from './totals.ts';

/** How far a submission has come: it is prepared, approved and handed over. */
export const Stage = {
  asking: 'asking-brands',
  building: 'building',
  incomplete: 'incomplete',
  awaitingApproval: 'awaiting-approval',
  sending: 'sending',
} as const;
export type Stage = (typeof Stage)[keyof typeof Stage];

/** Where a referral stands: the stage of its first submission, then with its recipient. The last three are final. */
export const ReferralStatus = {
  none: 'none',
  ...Stage,
  withRecipient: 'with-recipient',
  closed: 'closed',
  refused: 'refused',
  withdrawn: 'withdrawn',
} as const;
export type ReferralStatus = (typeof ReferralStatus)[keyof typeof ReferralStatus];

/** Decision 1: by the engine when a threshold is crossed, or by hand. */
export interface OpenReferral {
  readonly kind: 'openReferral';
  readonly actor: Salted;
  readonly recipient: string;
  readonly profile: string;
  /** Counts the referrals of this actor to this recipient. */
  readonly number: number;
  readonly policy: string;
  /** Why, when a person opens it. */
  readonly reason?: Salted;
}

/** A document of a brand in the vault: certificate of the right that `about` names, appraisal, price statement. */
export interface BrandDocument {
  readonly kind: 'certificate' | 'appraisal' | 'price-statement';
  readonly about: string;
  readonly digest: string;
}

/** What a brand adds to its cases: appraisal of authenticity, price of the genuine goods, whom investigators may call. */
export interface Appraisal {
  readonly appraisal: Salted;
  readonly priceStatement: Salted;
  readonly contact: Salted;
  readonly contactMail?: Salted;
  readonly contactPhone?: Salted;
  readonly documents: readonly BrandDocument[];
}

export type ReferralCommand =
  | (Command &
      (
        | OpenReferral
        | ({ readonly kind: 'giveAppraisal'; readonly brand: string } & Appraisal)
        | { readonly kind: 'declineAppraisal'; readonly brand: string; readonly reason?: Salted }
        | { readonly kind: 'rebuildPacket' }
        | { readonly kind: 'waiveItem'; readonly item: string; readonly reason: Salted }
        | { readonly kind: 'decideReferral'; readonly decision: 'approve' | 'reject'; readonly packet: string; readonly reason: Salted }
        | { readonly kind: 'recordDelivery'; readonly letter: string; readonly state: string }
        | { readonly kind: 'recordReceipt'; readonly reference: string }
        | { readonly kind: 'recordRefusal'; readonly reason: Salted }
        | { readonly kind: 'recordQuestion'; readonly question: Salted }
        | { readonly kind: 'answerQuestion'; readonly question: number; readonly answer: Salted }
        | ({ readonly kind: 'recordAuthorityAction' } & FactReport)
        | { readonly kind: 'closeReferral'; readonly reason: Salted }
        | { readonly kind: 'withdrawReferral'; readonly reason: Salted }
        | { readonly kind: 'reconsider'; readonly version: number }
      ))
  | PassDeadline
  | RecordEffectResult;

export type ReferralEvent = { readonly cause: Cause } & (
  | ({ readonly type: 'ReferralOpened'; readonly at: Instant; readonly recipient: RecipientFacts; readonly by?: Salted } & Omit<
      OpenReferral,
      'kind' | 'recipient'
    >)
  | { readonly type: 'SubmissionBegun'; readonly submission: number; readonly cases: readonly LinkedCase[] }
  | { readonly type: 'CasesAdded'; readonly cases: readonly LinkedCase[] }
  | { readonly type: 'AppraisalAsked'; readonly brands: readonly string[]; readonly remindAt: Instant; readonly until: Instant }
  | ({ readonly type: 'AppraisalGiven'; readonly at: Instant; readonly brand: string } & Appraisal)
  | { readonly type: 'BrandsReminded'; readonly brands: readonly string[] }
  | {
      readonly type: 'CasesLeftOut';
      readonly cases: readonly string[];
      readonly brand?: string;
      readonly reason: LeftOutReason;
      readonly words?: Salted;
    }
  | { readonly type: 'PacketOrdered'; readonly key: string }
  | { readonly type: 'PacketBuilt'; readonly packet?: string; readonly missing: readonly MissingItem[] }
  | { readonly type: 'PacketIncomplete'; readonly items: readonly string[] }
  | { readonly type: 'ItemWaived'; readonly item: string; readonly reason: Salted }
  | { readonly type: 'ApprovalAsked'; readonly packet: string; readonly remindAt: Instant }
  | { readonly type: 'SendingProposed'; readonly packet: string; readonly by: Salted; readonly reason: Salted }
  | { readonly type: 'SendingApproved'; readonly packet: string; readonly by: Salted; readonly reason: Salted }
  | { readonly type: 'SubmissionRejected'; readonly packet: string; readonly reason: Salted }
  | { readonly type: 'SubmissionOrdered'; readonly packet: string; readonly submission: number }
  | { readonly type: 'SubmissionDelivered'; readonly at: Instant; readonly state: string; readonly remindAt: Instant }
  | { readonly type: 'SubmissionBounced'; readonly state: string; readonly remindAt: Instant }
  | { readonly type: 'SubmissionDropped'; readonly reason: string }
  | { readonly type: 'ReceiptRecorded'; readonly reference: string; readonly remindAt: Instant }
  | { readonly type: 'ReferralRefused'; readonly reason: Salted }
  | { readonly type: 'QuestionAsked'; readonly question: number; readonly words: Salted }
  | { readonly type: 'QuestionAnswered'; readonly question: number; readonly words: Salted }
  | ({ readonly type: 'FactRecorded'; readonly at: Instant; readonly remindAt: Instant } & FactReport)
  | { readonly type: 'LiaisonReminded'; readonly at: Instant; readonly remindAt: Instant }
  | { readonly type: 'ReferralClosed'; readonly reason: Salted }
  | { readonly type: 'ReferralWithdrawn'; readonly why: string; readonly reason?: Salted }
  | EffectEvent
  | { readonly type: 'ReferralSealed'; readonly at: Instant; readonly as: ReferralStatus }
);

/** `dropped`: a supplement that was rejected. */
type LeftOutReason = 'declined' | 'silent' | 'overturned' | 'dropped';

/** What one brand was asked and said in a submission. */
export interface BrandPart {
  readonly brand: string;
  readonly given?: Appraisal & { readonly at: Instant };
}

/** A submission that is being prepared: the first one, or a supplement. */
export interface Draft {
  readonly submission: number;
  readonly stage: Stage;
  readonly cases: readonly LinkedCase[];
  readonly parts: readonly BrandPart[];
  /** When brands that said nothing are reminded, and the end of their time. */
  readonly remindAt?: Instant;
  readonly until?: Instant;
  readonly effect?: OwedEffect;
  readonly packet?: string;
  readonly missing: readonly MissingItem[];
  /** Who has proposed to send exactly this packet. */
  readonly proposedBy?: Salted;
}

/** A submission that was handed over. */
interface Submission {
  readonly submission: number;
  readonly packet: string;
  readonly cases: readonly LinkedCase[];
  readonly parts: readonly BrandPart[];
  readonly at: Instant;
  /** What the mail host said: delivered, or possibly sent. */
  readonly state: string;
}

export interface LeftOut {
  readonly case: string;
  readonly reason: LeftOutReason;
}

/** The folded state of a referral. */
export interface ReferralState {
  readonly status: ReferralStatus;
  readonly policy?: string;
  readonly actor?: Salted;
  readonly recipient?: RecipientFacts;
  readonly profile: string;
  readonly openedAt?: Instant;
  /** The person who opened it by hand; the engine names nobody. */
  readonly openedBy?: Salted;
  readonly draft?: Draft;
  readonly sent: readonly Submission[];
  readonly leftOut: readonly LeftOut[];
  readonly waived: readonly string[];
  readonly reference?: string;
  readonly questions: readonly { readonly words: Salted; readonly answer?: Salted }[];
  readonly facts: readonly AuthorityFact[];
  /** When the liaison is reminded of what the authority owes us. */
  readonly remindAt?: Instant;
}

export const FINAL_REFERRAL_STATUSES: readonly ReferralStatus[] = [ReferralStatus.closed, ReferralStatus.refused, ReferralStatus.withdrawn];
