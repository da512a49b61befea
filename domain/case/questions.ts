import type { Capacity, Facts, Questions } from '../aggregate.ts';
import type { GroundsFacts, GroundsQuestions } from '../grounds.ts';
import type { LedgerFacts, LedgerQuestions } from '../ledger/ledger.ts';
import type { CaseState } from './model.ts';

/** What a case asks to know before it decides. */
export interface CaseQuestions extends Questions, GroundsQuestions, LedgerQuestions {
  /** Who is on duty for this holder at the command's instant. */
  readonly duty?: { readonly holder: string };
}

/** What a case decides on. */
export interface CaseFacts extends Facts, GroundsFacts, LedgerFacts {
  readonly duty?: { readonly person?: string; readonly capacity: Capacity };
}

/** The ledger row that an actioned case will want to know of. */
export function ledgerOf(state: CaseState): CaseQuestions {
  return state.seller === undefined ? {} : { ledger: { seller: state.seller, listing: state.listing, holder: state.holder } };
}

/** The other grounds that keep the same listing down. */
export function groundsOf(state: CaseState): CaseQuestions {
  return { grounds: { marketplace: state.marketplace, listing: state.listing } };
}
