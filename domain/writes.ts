import type { Instant } from './instant.ts';
import type { Salted } from './salted.ts';

/** What the store writes because of an event, next to the decision itself: a row of the ledger, or the ground on the listing. */
export type Write =
  | { readonly ledger: 'enter'; readonly seller: Salted; readonly points: number; readonly countsFrom: Instant | null; readonly expiresAt: Instant }
  | { readonly ledger: 'hold' | 'void' }
  | { readonly ledger: 'release' | 'recount'; readonly countsFrom: Instant }
  | { readonly ledger: 'amend'; readonly points: number }
  | { readonly ground: 'add' | 'remove' };
