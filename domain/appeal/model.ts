import type { Cause, Command, InstantQuestion } from '../aggregate.ts';
import type { PassDeadline } from '../deadlines.ts';
import type { VerdictDetails, VerdictBasis } from '../case/model.ts';
import type { EffectEvent, OwedEffect, RecordEffectResult } from '../effects.ts';
import type { AggregateId } from '../ids.ts';
import type { CalendarRef, Instant } from '../instant.ts';
import type { LedgerEvent } from '../ledger/ledger.ts';
import type { Salted } from '../salted.ts';

/** What an appeal is about. */
export const AppealKind = {
  correction: 'correction',
  counterNotice: 'counter-notice',
  lateVerdict: 'late-verdict',
  sellerKnown: 'seller-known',
  /** An official notice came after the seal: points that do not count yet are dated again. */
  calendarKnown: 'calendar-known',
} as const;
export type AppealKind = (typeof AppealKind)[keyof typeof AppealKind];

/** Where an appeal stands. The last four are final. */
export const AppealStatus = {
  none: 'none',
  inReview: 'in-review',
  offered: 'offered',
  takingDown: 'taking-down',
  puttingBack: 'putting-back',
  upheld: 'upheld',
  overturned: 'overturned',
  applied: 'applied',
  withdrawn: 'withdrawn',
} as const;
export type AppealStatus = (typeof AppealStatus)[keyof typeof AppealStatus];

/** What an appeal takes over from the sealed case: references and the finding, never documents. */
export interface CaseReference {
  readonly case: AggregateId;
  /** Hash of the sealed case's last decision: the appeal's chain starts from it. */
  readonly root: string;
  readonly marketplace: string;
  readonly listing: string;
  readonly holder: string;
  readonly versions: readonly string[];
  readonly rights: readonly string[];
  readonly seller?: Salted;
  readonly calendar: CalendarRef;
  readonly policy: string;
  readonly sealedAt: Instant;
  readonly was: string;
  readonly answer?: VerdictDetails;
  readonly points: number;
}

export interface OpenAppeal {
  readonly kind: 'openAppeal';
  readonly appeal: AppealKind;
  readonly of: CaseReference;
  readonly answer?: VerdictDetails;
  readonly statement?: Salted;
  readonly seller?: Salted;
  /** From when the points are counted, and from when the seller was told that they count. */
  readonly points?: { readonly from: Instant; readonly told: Instant };
}

export type AppealCommand =
  | (Command &
      (
        | OpenAppeal
        | { readonly kind: 'decideAppeal'; readonly decision: 'uphold' | 'overturn'; readonly reason: Salted }
        | { readonly kind: 'withdrawAppeal' }
        | { readonly kind: 'recountInstants' }
        | { readonly kind: 'fileOfferedNotice'; readonly basis: VerdictBasis }
      ))
  | PassDeadline
  | RecordEffectResult;

export type AppealEvent = { readonly cause: Cause } & (
  | ({ readonly type: 'AppealOpened'; readonly at: Instant } & Omit<OpenAppeal, 'kind'>)
  | { readonly type: 'ReviewAsked'; readonly remindAt: Instant }
  | { readonly type: 'NoticeOffered'; readonly until: Instant; readonly provisional?: readonly InstantQuestion[] }
  | { readonly type: 'OfferRecounted'; readonly until: Instant; readonly provisional?: readonly InstantQuestion[] }
  | { readonly type: 'NoticeFiled'; readonly at: Instant }
  | { readonly type: 'AppealDecided'; readonly decision: 'uphold' | 'overturn'; readonly reason: Salted }
  | { readonly type: 'TakedownOrdered'; readonly key: string; readonly ground: string }
  | { readonly type: 'ListingRemoved'; readonly at: Instant; readonly alreadyGone: boolean; readonly version?: string; readonly orders?: number }
  | { readonly type: 'RemovalMissed'; readonly version: string }
  | { readonly type: 'PutBackOrdered'; readonly key: string; readonly ends: AppealStatus }
  | { readonly type: 'PutBackWithheld'; readonly reason: 'other-ground' }
  | { readonly type: 'ListingRestored'; readonly result: string }
  | EffectEvent
  | { readonly type: 'AppealSealed'; readonly at: Instant; readonly as: AppealStatus }
  | LedgerEvent
);

/** The folded state of an appeal. */
export interface AppealState {
  readonly status: AppealStatus;
  readonly kind?: AppealKind;
  readonly of?: CaseReference;
  readonly answer?: VerdictDetails;
  readonly statement?: Salted;
  readonly seller?: Salted;
  readonly effect?: OwedEffect;
  readonly offerUntil?: Instant;
  /** What has to be asked again about the offer's end once the calendar is known. */
  readonly offerOpen?: readonly InstantQuestion[];
  /** How it ends once the effect under way has its outcome. */
  readonly ends?: AppealStatus;
  /** The rights holder filed the notice that it had been offered. */
  readonly isNotice?: true;
  /** The takedown under way undoes a put-back that another case's ground overtook. */
  readonly forOthers?: true;
}

export const FINAL_APPEAL_STATUSES: readonly AppealStatus[] = [
  AppealStatus.upheld,
  AppealStatus.overturned,
  AppealStatus.applied,
  AppealStatus.withdrawn,
];
