import { work } from '../../store/connection/orm.ts';
import { nameOf } from '../../store/access/sign-in.ts';
import { actorsWithPoints, candidatesOf } from '../../store/queries/candidates.ts';
import { namesOf, titlesOf } from '../../store/queries/lists.ts';
import { recipientNames } from '../../store/queries/referral-lists.ts';
import { cursorOfText, readTextCursor } from '../cursor.ts';
import type { ServerDeps } from '../deps.ts';
import { Faults } from '../faults.ts';
import type { CandidateQuery, CandidatesOut } from '../schemas/referrals.ts';

/** One page of sellers whose sealed cases an authority may get now. */
export async function candidateList(deps: ServerDeps, { limit, cursor }: CandidateQuery): Promise<CandidatesOut> {
  const em = work(deps.engine);
  const now = deps.clock.now();
  const actors = await actorsWithPoints(em, now, readTextCursor(cursor), limit + 1);
  const page = actors.slice(0, limit);
  const faults = new Faults(deps, 'list:candidates');
  // All at once; only where one of them faults, one by one, so that it alone is missing.
  const all = await faults.contain('lines', () => candidatesOf(em, page, now), undefined);
  const found =
    all ??
    (
      await faults.each(
        'lines',
        page,
        (actor) => actor,
        (actor) => candidatesOf(em, [actor], now),
      )
    ).flat();
  const cases = found.flatMap((one) => one.cases);
  const titles = await titlesOf(
    em,
    cases.map(({ listing }) => listing),
  );
  const holders = await namesOf(
    em,
    cases.map(({ holder }) => holder),
  );
  const recipients = await recipientNames(em);
  const lines: CandidatesOut['lines'] = [];
  for (const { actor, cases: own } of found) {
    const [first] = own;
    if (first === undefined) continue;
    const takers = [...new Set(own.flatMap((one) => one.recipients))].sort();
    lines.push({
      actor,
      seller: first.seller,
      name: await nameOf(em, first.seller),
      recipients: takers.map((id) => ({ id, name: recipients.get(id) ?? id })),
      cases: own.map((one) => ({
        ...one,
        recipients: [...one.recipients],
        title: titles.get(one.listing) ?? null,
        holderName: holders.get(one.holder) ?? null,
      })),
    });
  }
  const last = page.at(-1);
  return { lines, faults: faults.found, next: actors.length > limit && last !== undefined ? cursorOfText(last) : null };
}
