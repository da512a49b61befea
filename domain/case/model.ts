import type { Cause, Command, InstantQuestion } from '../aggregate.ts';
import type { PassDeadline } from '../deadlines.ts';
import type { EffectEvent, OwedEffect, RecordEffectResult } from '../effects.ts';
import type { AggregateId } from '../ids.ts';
import type { CalendarRef, Duration, Instant } from '../instant.ts';
import type { LedgerEvent } from '../ledger/ledger.ts';
import type { Money } from '../money.ts';
import type { Salted } from '../salted.ts';

/** Where a case stands. The last four are final. */
export const CaseStatus = {
  none: 'none',
  awaiting: 'awaiting-confirmation',
  moreAsked: 'more-asked',
  takingDown: 'taking-down',
  recapturing: 'recapturing',
  removedProvisionally: 'removed-provisionally',
  puttingBack: 'putting-back',
  actioned: 'actioned',
  dismissed: 'dismissed',
  lapsed: 'lapsed',
  cancelled: 'cancelled',
} as const;
export type CaseStatus = (typeof CaseStatus)[keyof typeof CaseStatus];

/** What a brand can say of a listing (design.md section 3). */
export const Verdict = {
  counterfeit: 'counterfeit',
  genuine: 'genuine',
  unauthorised: 'unauthorised',
  otherInfringement: 'other-infringement',
  notOurs: 'not-ours',
  cannotTell: 'cannot-tell',
} as const;
export type Verdict = (typeof Verdict)[keyof typeof Verdict];

export const VerdictBasis = { image: 'image', serial: 'serial', sample: 'sample', price: 'price' } as const;
export type VerdictBasis = (typeof VerdictBasis)[keyof typeof VerdictBasis];

/** How an exhibit came to us. The order number would tell a seller which purchase was ours: salted. */
export type ExhibitSource =
  | { readonly kind: 'test-purchase'; readonly order: Salted; readonly price: Money }
  | { readonly kind: 'handed-in' }
  | { readonly kind: 'part-of'; readonly parent: string };

/**
 * One entry of a custody record, in the order in which it was recorded. `organisation` is who holds the exhibit from then on (an
 * organisation's id; `platform` for the marketplace), `person` who recorded it. Digests name objects of the vault.
 */
export type CustodyStep = { readonly at: Instant; readonly organisation: string; readonly person?: Salted } & (
  | { readonly act: 'ordered' }
  | { readonly act: 'received'; readonly what: Salted; readonly condition: Salted; readonly seal?: string; readonly media: readonly string[] }
  | {
      readonly act: 'transferred';
      readonly from: string;
      readonly receiver?: Salted;
      readonly why: Salted;
      /** The seal or the hash that was looked at again when it changed hands. */
      readonly seal?: string;
      readonly hash?: string;
    }
  | {
      readonly act: 'examined';
      readonly result: Verdict;
      readonly report: string;
      /** The seal found before it was opened, and the one put on afterwards. */
      readonly seal?: string;
      readonly newSeal?: string;
    }
  | { readonly act: 'lost'; readonly why: Salted }
);

/** A physical sample (or a part of one) with everything that happened to it. `id` is the exhibit number that is written on it. */
export interface Exhibit {
  readonly id: string;
  readonly source: ExhibitSource;
  readonly custody: readonly CustodyStep[];
}

export type RiskClass = 'standard' | 'high';

/** A detector's finding, or the officer's own reason for opening. */
export interface FindingRef {
  readonly detector: string;
  readonly version: number;
  readonly score: number;
  readonly reasons: readonly string[];
}

/** What the brand (or its agent) answered. */
export interface VerdictDetails {
  readonly verdict: Verdict;
  readonly reasonCode: string;
  readonly basis: VerdictBasis;
  readonly perRight?: Readonly<Record<string, Verdict>>;
  /** The exhibit that an answer on a sample rests on. */
  readonly exhibit?: string;
}

export type CaseCommand =
  | (Command &
      (
        | OpenCase
        | ({
            readonly kind: 'recordVerdict';
            readonly note?: Salted /** Meant as a first answer: not where another one stands. */;
            readonly asFirst?: true;
          } & VerdictDetails)
        | { readonly kind: 'extendWindow'; readonly length: Duration }
        | { readonly kind: 'requestExtension'; readonly length: Duration }
        | { readonly kind: 'recordBounce'; readonly letter: string }
        | RecountInstants
        | { readonly kind: 'joinVersion'; readonly version: string; readonly capture?: string }
        | { readonly kind: 'cancelCase'; readonly reason?: Salted }
        | { readonly kind: 'fileCounterNotice'; readonly statement: Salted }
        | { readonly kind: 'identifySeller'; readonly seller: Salted }
        | { readonly kind: 'adoptHolder'; readonly holder: string; readonly calendar: CalendarRef }
        | { readonly kind: 'orderTestPurchase'; readonly exhibit: string; readonly order: Salted; readonly price: Money }
        | RecordExhibit
        | TransferExhibit
        | RecordExamination
        | { readonly kind: 'recordLoss'; readonly exhibit: string; readonly why: Salted }
      ))
  | PassDeadline
  | RecordEffectResult;

/** What is provisional is to be counted again. `points`: the start that a sealed case's points are counted from, and what was told. */
export interface RecountInstants {
  readonly kind: 'recountInstants';
  readonly points?: { readonly from: Instant; readonly told: Instant };
}

export interface OpenCase {
  readonly kind: 'openCase';
  readonly origin: 'detection' | 'officer';
  readonly marketplace: string;
  readonly market: string;
  readonly listing: string;
  readonly version: string;
  readonly holder: string;
  readonly rights: readonly string[];
  readonly seller?: Salted;
  readonly riskClass: RiskClass;
  readonly findings: readonly FindingRef[];
  /** Vault digest of the capture made before this decision, or why there is none. */
  readonly capture: { readonly digest: string } | { readonly failed: string };
  readonly calendar: CalendarRef;
  readonly policy: string;
  /** The earlier case of the same holder and the same party, whose removed listing this one comes back from. */
  readonly linkedTo?: AggregateId;
  readonly note?: Salted;
}

/** What has arrived: its condition in words, its seal, and digests of photos and film in the vault. */
export interface RecordExhibit {
  readonly kind: 'recordExhibit';
  readonly exhibit: string;
  readonly parent?: string;
  readonly what: Salted;
  readonly condition: Salted;
  readonly seal?: string;
  readonly media: readonly string[];
}

/** A change of hands. Without `from` it is whoever holds it; a seal or a hash says what was checked again. */
export interface TransferExhibit {
  readonly kind: 'transferExhibit';
  readonly exhibit: string;
  readonly from?: string;
  readonly to: string;
  readonly receiver?: Salted;
  readonly why: Salted;
  readonly seal?: string;
  readonly hash?: string;
}

/** An examination; `report` is a digest in the vault, `agency` who examined when an officer records it. */
export interface RecordExamination {
  readonly kind: 'recordExamination';
  readonly exhibit: string;
  readonly agency?: string;
  readonly verdict: Verdict;
  readonly report: string;
  readonly seal?: string;
  readonly newSeal?: string;
}

/** The brand's window: one chain of successive instants. */
export interface Window {
  readonly round: number;
  readonly askedAt: Instant;
  readonly digestAt: Instant;
  readonly remindAt: readonly Instant[];
  readonly escalateAt?: Instant;
  readonly lapseAt: Instant;
  readonly provisional?: readonly InstantQuestion[];
}

export type CaseEvent = { readonly cause: Cause } & (
  | ({ readonly type: 'CaseOpened' } & Omit<OpenCase, 'kind' | 'note' | 'capture'> & { readonly at: Instant })
  | { readonly type: 'CaptureRecorded'; readonly digest: string; readonly version: string }
  | { readonly type: 'CaptureAbandoned'; readonly reason: string }
  | { readonly type: 'CaptureMissing'; readonly key: string; readonly reason: string }
  | ({ readonly type: 'ConfirmationAsked' } & Window)
  | ({ readonly type: 'MoreAsked' } & Window)
  | ({ readonly type: 'ConfirmationRearmed' } & Window)
  | ({
      readonly type: 'WindowExtended' /** The brand asked for it itself: who on duty is told. */;
      readonly told?: { readonly person?: string; readonly capacity: string };
    } & Pick<Window, 'escalateAt' | 'lapseAt' | 'provisional'>)
  | ({ readonly type: 'WindowRecounted' } & Pick<Window, 'escalateAt' | 'lapseAt' | 'provisional'>)
  | { readonly type: 'ProvisionalRemovalRecounted'; readonly until: Instant; readonly provisional?: readonly InstantQuestion[] }
  | { readonly type: 'VersionJoined'; readonly version: string; readonly capture?: string }
  | ({ readonly type: 'VerdictGiven'; readonly at: Instant } & VerdictDetails)
  | ({ readonly type: 'VerdictCorrected'; readonly at: Instant; readonly was: Verdict } & VerdictDetails)
  | { readonly type: 'Escalated'; readonly at: Instant; readonly to: { readonly person?: string; readonly capacity: string } }
  | { readonly type: 'WindowLapsed'; readonly at: Instant; readonly effect: 'lapse-under-watch' | 'remove-provisionally' }
  | { readonly type: 'TakedownOrdered'; readonly key: string; readonly provisional: boolean; readonly ground: string }
  | { readonly type: 'RemovalConfirmed'; readonly ground: string }
  | { readonly type: 'ListingRemoved'; readonly at: Instant; readonly alreadyGone: boolean; readonly version?: string; readonly orders?: number }
  | { readonly type: 'RemovedProvisionally'; readonly until: Instant; readonly provisional?: readonly InstantQuestion[] }
  | { readonly type: 'ProvisionalRemovalEnded' }
  | { readonly type: 'VersionDiffered'; readonly version: string; readonly key: string }
  | EffectEvent
  | { readonly type: 'PutBackOrdered'; readonly key: string; readonly reason: string }
  | { readonly type: 'PutBackWithheld'; readonly reason: 'other-ground' }
  | { readonly type: 'ListingRestored'; readonly result: string }
  | { readonly type: 'ExhibitBooked'; readonly exhibit: string; readonly source: ExhibitSource }
  | { readonly type: 'CustodyRecorded'; readonly exhibit: string; readonly step: CustodyStep }
  | { readonly type: 'CounterNoticeFiled'; readonly statement: Salted }
  | { readonly type: 'SellerIdentified'; readonly seller: Salted }
  | { readonly type: 'HolderAdopted'; readonly holder: string; readonly was: string; readonly calendar: CalendarRef }
  | { readonly type: 'CaseDismissed'; readonly verdict?: Verdict }
  | { readonly type: 'CaseLapsed'; readonly watch: true }
  | { readonly type: 'CaseCancelled' }
  | { readonly type: 'CaseSealed'; readonly at: Instant; readonly as: CaseStatus }
  | LedgerEvent
);

/** How a case came to light: by whom, by which automated detectors (`name@version`), and what they found, in words. */
export interface Found {
  readonly origin: OpenCase['origin'];
  readonly detectors: readonly string[];
  readonly findings: readonly string[];
}

/** The folded state of a case. */
export interface CaseState {
  readonly status: CaseStatus;
  readonly policy?: string;
  readonly marketplace: string;
  readonly market: string;
  readonly listing: string;
  readonly holder: string;
  readonly versions: readonly string[];
  readonly rights: readonly string[];
  readonly seller?: Salted;
  readonly riskClass: RiskClass;
  readonly calendar: CalendarRef;
  readonly linkedTo?: AggregateId;
  /** Absent in states that were folded before it was kept. */
  readonly found?: Found;
  readonly capture?: string;
  readonly window?: Window;
  readonly escalated?: true;
  readonly extended?: true;
  /** The brand has asked for more time in this round. */
  readonly requested?: true;
  readonly round: number;
  readonly rearms: number;
  readonly answer?: VerdictDetails & { readonly at: Instant };
  readonly effect?: OwedEffect;
  readonly recapture?: OwedEffect;
  readonly provisional?: boolean;
  readonly provisionalUntil?: Instant;
  /** What has to be asked again about the end of the provisional removal once the calendar is known. */
  readonly untilOpen?: readonly InstantQuestion[];
  readonly removed?: true;
  /** The takedown under way undoes a put-back that another ground overtook. */
  readonly forOthers?: true;
  readonly statement?: Salted;
  readonly exhibits: readonly Exhibit[];
  /** Completed orders when the listing was removed. */
  readonly orders?: number;
  readonly points?: number;
  readonly sealedAt?: Instant;
}

export const FINAL_STATUSES: readonly CaseStatus[] = [CaseStatus.actioned, CaseStatus.dismissed, CaseStatus.lapsed, CaseStatus.cancelled];
