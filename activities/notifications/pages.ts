import { AggregateKind, isAggregateId, kindOf } from '../../domain/ids.ts';
import type { Audience, NotificationParameters } from '../../notifications/parameters.ts';

/** Where the portal shows each kind; of a referral a brand has a page of its own, and an authority is nobody there. */
const PAGES: { readonly [K in AggregateKind]: (to: Audience) => string | undefined } = {
  [AggregateKind.case]: () => 'cases',
  [AggregateKind.appeal]: () => 'appeals',
  [AggregateKind.sanction]: () => 'sanctions',
  [AggregateKind.referral]: (to) => (to === 'staff' ? 'referrals' : to === 'holder' ? 'appraisals' : undefined),
};

/** The page of an aggregate under the portal's address. It carries no token: who opens it signs in, and then confirms what they say. */
export function pageOf(origin: string, id: string, to: Audience): string | undefined {
  const page = isAggregateId(id) ? PAGES[kindOf(id)](to) : undefined;
  return page === undefined ? undefined : `${origin}/${page}/${id}`;
}

/**
 * The notification with the page of what it is about: of the aggregate that wrote it. A statement of reasons leads to the case also
 * where an appeal took the listing down: that is where the seller contests it.
 */
export function withPage(params: NotificationParameters, origin: string | undefined, aggregate: string): NotificationParameters {
  const about = params.kind === 'statement-of-reasons' ? params.matter.reference : aggregate;
  const page = origin === undefined ? undefined : pageOf(origin, about, params.to);
  if (page === undefined) return params;
  const isAppeal = isAggregateId(about) && kindOf(about) === AggregateKind.appeal;
  return { ...params, matter: { ...params.matter, page, ...(isAppeal && { isAppealPage: true as const }) } };
}
