import { work } from '../../store/connection/orm.ts';
import { actorOf } from '../../store/register/actors.ts';
import { asParty } from '../../store/queries/as-party.ts';
import { listPage } from '../../store/queries/lists.ts';
import { aboutReferrals, recipientNames, referralsAbout } from '../../store/queries/referral-lists.ts';
import { cursorOf, readCursor } from '../cursor.ts';
import type { ServerDeps } from '../deps.ts';
import type { Principal } from '../identity.ts';
import type { ReferralQuery, ReferralsOut } from '../schemas/referrals.ts';

/** One page of referrals, the earliest deadline first. */
export async function referralList(deps: ServerDeps, who: Principal, query: ReferralQuery): Promise<ReferralsOut> {
  const { status, open, seller, recipient, dueBefore, limit, cursor } = query;
  const em = work(deps.engine);
  const actor = seller === undefined ? undefined : await actorOf(em, seller);
  const among = await referralsAbout(em, { actor, recipient });
  const filter = { kind: 'referral', status, dueBefore, among, ...(open !== undefined && { isOpen: open === 'true' }) } as const;
  const rows = await asParty(deps.portal, who, (portal) => listPage(portal, filter, limit + 1, readCursor(cursor)));
  const page = rows.slice(0, limit);
  const about = await aboutReferrals(
    em,
    page.map(({ id }) => id),
  );
  const names = await recipientNames(em);
  const last = page.at(-1);
  return {
    lines: page.map(({ id, status: stands, isFinal, openedAt, changedAt, due, dueRule }) => {
      const of = about.get(id);
      const to = of?.recipient ?? '';
      const whom = { actor: of?.actor ?? null, recipient: to, recipientName: names.get(to) ?? null, number: of?.number ?? 1 };
      return { id, status: stands, isFinal, ...whom, openedAt, changedAt, due, dueRule };
    }),
    next: rows.length > limit && last !== undefined ? cursorOf(last) : null,
  };
}
