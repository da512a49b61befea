import type { Facts, Questions } from '../aggregate.ts';
import type { GroundsFacts, GroundsQuestions } from '../grounds.ts';
import type { Instant } from '../instant.ts';
import type { LedgerFacts, LedgerQuestions } from '../ledger/ledger.ts';
import type { CaseReference } from './model.ts';
import type { Salted } from '../salted.ts';

/** What an appeal asks to know before it decides. */
export interface AppealQuestions extends Questions, GroundsQuestions, LedgerQuestions {
  /** How a sealed case stands with all its appeals counted in (read under the listing's lock, so together with `grounds`). */
  readonly stand?: { readonly case: string };
}

/** A sealed case as its appeals have left it. */
export interface StandFact {
  readonly isRestricted: boolean;
  /** Since when the restriction that stands now has stood. */
  readonly since: Instant;
  /** What the rights holder said last, in an appeal of any state. */
  readonly latest?: { readonly verdict: string; readonly perRight?: Readonly<Record<string, string>> };
}

/** What an appeal decides on. */
export interface AppealFacts extends Facts, GroundsFacts, LedgerFacts {
  readonly stand?: StandFact;
}

/** The other grounds on the case's listing, and the seller's row in the ledger. */
export function rowsOf({ marketplace, listing, holder, seller: known }: CaseReference, seller: Salted | undefined = known): AppealQuestions {
  return { grounds: { marketplace, listing }, ...(seller !== undefined && { ledger: { seller, listing, holder } }) };
}
