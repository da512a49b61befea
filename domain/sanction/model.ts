import type { Cause, Command } from '../aggregate.ts';
import type { PassDeadline } from '../deadlines.ts';
import type { EffectEvent, OwedEffect, RecordEffectResult } from '../effects.ts';
import type { Instant } from '../instant.ts';
import type { Measure, Step } from '../policy/policy.ts';
import type { Salted } from '../salted.ts';

/** Where a sanction stands. The last four are final. */
export const SanctionStatus = {
  none: 'none',
  proposed: 'proposed',
  executing: 'executing',
  inForce: 'in-force',
  lifting: 'lifting',
  lifted: 'lifted',
  expired: 'expired',
  overturned: 'overturned',
  rejected: 'rejected',
} as const;
export type SanctionStatus = (typeof SanctionStatus)[keyof typeof SanctionStatus];

/** What is to be done to one shop. */
export interface ShopAct extends OwedEffect {
  readonly shop: Salted;
}

/** The ledger of an actor crossed a step: the proposal, decision 1. */
export interface OpenSanction {
  readonly kind: 'openSanction';
  readonly marketplace: string;
  /** The shop whose points made the crossing; among `shops`. */
  readonly seller: Salted;
  /** Every shop of the actor on that marketplace at the crossing; one that joins the actor later is not acted on. */
  readonly shops: readonly Salted[];
  readonly step: Step;
  /** Points that counted at the crossing, and the version of the actor's ledger that showed them. */
  readonly points: number;
  readonly version: number;
  /** The cases whose points counted: the grounds. */
  readonly cases: readonly string[];
  readonly policy: string;
}

export type SanctionCommand =
  | (Command &
      (
        | OpenSanction
        | { readonly kind: 'decideSanction'; readonly decision: 'approve' | 'reject'; readonly reason: Salted }
        | { readonly kind: 'liftSanction'; readonly reason: Salted }
        | { readonly kind: 'reconsider'; readonly version: number }
      ))
  | PassDeadline
  | RecordEffectResult;

export type SanctionEvent = { readonly cause: Cause } & (
  | ({ readonly type: 'SanctionProposed'; readonly at: Instant } & Omit<OpenSanction, 'kind'>)
  | { readonly type: 'ApprovalAsked'; readonly remindAt: Instant }
  | { readonly type: 'SanctionApproved'; readonly reason: Salted }
  | { readonly type: 'SanctionRejected'; readonly reason: Salted }
  | { readonly type: 'MeasureOrdered'; readonly key: string }
  | { readonly type: 'MeasureTaken'; readonly at: Instant; readonly result: string; readonly shop?: Salted; readonly until?: Instant }
  | { readonly type: 'LiftOrdered'; readonly key: string; readonly ends: SanctionStatus; readonly reason?: Salted }
  | { readonly type: 'LiftWithheld'; readonly reason: 'other-sanction'; readonly held: Measure }
  | { readonly type: 'MeasureLifted'; readonly result: string; readonly shop: Salted }
  | { readonly type: 'MeasureReordered'; readonly key: string; readonly held: Measure }
  | { readonly type: 'MeasureRestored'; readonly result: string; readonly shop: Salted }
  | { readonly type: 'Reconsidered'; readonly version: number; readonly points: number; readonly stands: boolean }
  | EffectEvent
  | { readonly type: 'SanctionSealed'; readonly at: Instant; readonly as: SanctionStatus }
);

/** The folded state of a sanction. */
export interface SanctionState {
  readonly status: SanctionStatus;
  readonly policy?: string;
  readonly marketplace: string;
  readonly seller?: Salted;
  readonly step?: Step;
  /** When the ledger crossed the step. */
  readonly crossedAt?: Instant;
  readonly cases: readonly string[];
  readonly points: number;
  readonly version: number;
  readonly shops: readonly Salted[];
  /** The acts that are not done yet, one a shop: under way, or waiting for their next try. */
  readonly acts: readonly ShopAct[];
  /** End of the measure, the same for all shops; absent = until it is lifted. */
  readonly until?: Instant;
  /** How it ends when the acts under way have their outcomes. */
  readonly ends?: SanctionStatus;
  /** The ledger has fallen below the step while the measure was being taken. */
  readonly fell?: true;
  /** The shops that have felt it. */
  readonly felt: readonly Salted[];
  /** The acts under way put back what another sanction holds and our lifting has taken away. */
  readonly forOther?: Measure;
}

export const FINAL_SANCTION_STATUSES: readonly SanctionStatus[] = [
  SanctionStatus.lifted,
  SanctionStatus.expired,
  SanctionStatus.overturned,
  SanctionStatus.rejected,
];
