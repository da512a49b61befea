import { AggregateKind, isAggregateId, kindOf } from '../../domain/ids.ts';
import type { LetterParams } from './params.ts';

/** Where the portal shows each kind; a referral has no page that a link in a mail could lead to. */
const PAGES: Readonly<Partial<Record<AggregateKind, string>>> = {
  [AggregateKind.case]: 'cases',
  [AggregateKind.appeal]: 'appeals',
  [AggregateKind.sanction]: 'sanctions',
};

/** The page of an aggregate under the portal's address. It carries no token: who opens it signs in, and then confirms what they say. */
export function pageOf(origin: string, id: string): string | undefined {
  const page = isAggregateId(id) ? PAGES[kindOf(id)] : undefined;
  return page === undefined ? undefined : `${origin}/${page}/${id}`;
}

/** The letter with the page of what it is about. */
export function withPage(params: LetterParams, origin: string | undefined): LetterParams {
  const page = origin === undefined ? undefined : pageOf(origin, params.matter.reference);
  return page === undefined ? params : { ...params, matter: { ...params.matter, page } };
}
