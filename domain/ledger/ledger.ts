import type { Cause, Facts, InstantQuestion } from '../aggregate.ts';
import { provisionalOf } from '../facts.ts';
import type { Instant } from '../instant.ts';
import type { PolicyValues } from '../policy/policy.ts';
import type { Salted } from '../salted.ts';
import type { Write } from '../writes.ts';

/**
 * The ledger holds one row per (seller, listing, rights holder): a second version of the same listing counts once.
 * Points count from `countsFrom` on (ladder C: after the working days without a successful counter-notice) until `expiresAt`.
 */
export type LedgerEvent =
  | {
      readonly type: 'LedgerEntered';
      readonly seller: Salted;
      readonly points: number;
      readonly countsFrom: Instant | null;
      readonly expiresAt: Instant;
      readonly provisional?: readonly InstantQuestion[];
    }
  | { readonly type: 'LedgerUnchanged'; readonly reason: 'already-counted' | 'seller-unknown' | 'no-points' }
  | { readonly type: 'LedgerHeld' }
  | { readonly type: 'LedgerReleased'; readonly countsFrom: Instant; readonly provisional?: readonly InstantQuestion[] }
  /** The calendar is known now: points that do not count yet count from there. */
  | { readonly type: 'LedgerRecounted'; readonly countsFrom: Instant; readonly provisional?: readonly InstantQuestion[] }
  | { readonly type: 'LedgerAmended'; readonly points: number }
  | { readonly type: 'LedgerVoided'; readonly reason: string };

export type LedgerEntry = { readonly cause: Cause } & LedgerEvent;

/** The ledger row of this seller, listing and holder (read under the actor's lock). */
export interface LedgerQuestions {
  readonly ledger?: { readonly seller: Salted; readonly listing: string; readonly holder: string };
}

export type LedgerFact = 'none' | 'counted' | 'voided';
export interface LedgerFacts {
  readonly ledger?: LedgerFact;
}

export const LEDGER_COUNTS = 'ledger.counts';
export const LEDGER_EXPIRES = 'ledger.expires';

/** The two instants that an entry made at `at` needs. */
export function ledgerQuestions(at: Instant, policy: PolicyValues): readonly InstantQuestion[] {
  return [
    {
      name: LEDGER_COUNTS,
      from: at,
      after: policy.ledger.countsAfter,
      calendar: policy.ledger.calendar,
      policy: 'ledger.countsAfter',
      optional: true,
    },
    { name: LEDGER_EXPIRES, from: at, after: policy.ledger.expiresAfter, calendar: policy.ledger.expiryCalendar, policy: 'ledger.expiresAfter' },
  ];
}

/**
 * The ledger event of a confirmed infringement. `contested` holds `countsFrom` back until the counter-notice is decided.
 * A voided row is entered anew: the earlier finding was overturned, this one stands on its own.
 */
export function ledgerEntry(
  seller: Salted | undefined,
  points: number,
  row: LedgerFact | undefined,
  contested: boolean,
  facts: Facts,
  cause: Cause,
): LedgerEntry {
  if (seller === undefined) return { type: 'LedgerUnchanged', reason: 'seller-unknown', cause };
  if (points === 0) return { type: 'LedgerUnchanged', reason: 'no-points', cause };
  if (row === 'counted') return { type: 'LedgerUnchanged', reason: 'already-counted', cause };
  const counts = facts.instants[LEDGER_COUNTS];
  const expires = facts.instants[LEDGER_EXPIRES];
  const open = contested ? {} : provisionalOf(facts, (name) => name === LEDGER_COUNTS);
  if (expires === undefined) throw new Error('a ledger entry needs the instant of its expiry');
  return {
    type: 'LedgerEntered',
    seller,
    points,
    countsFrom: contested || counts === undefined ? null : counts.at,
    expiresAt: expires.at,
    ...open,
    cause,
  };
}

/** The store's write of a ledger event, if it has one. */
export function ledgerWrite(event: LedgerEvent): readonly Write[] {
  switch (event.type) {
    case 'LedgerEntered':
      return [{ ledger: 'enter', seller: event.seller, points: event.points, countsFrom: event.countsFrom, expiresAt: event.expiresAt }];
    case 'LedgerHeld':
      return [{ ledger: 'hold' }];
    case 'LedgerReleased':
      return [{ ledger: 'release', countsFrom: event.countsFrom }];
    case 'LedgerRecounted':
      return [{ ledger: 'recount', countsFrom: event.countsFrom }];
    case 'LedgerAmended':
      return [{ ledger: 'amend', points: event.points }];
    case 'LedgerVoided':
      return [{ ledger: 'void' }];
    case 'LedgerUnchanged':
      return [];
  }
}
