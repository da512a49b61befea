import { totalsInWords } from '../../domain/referral/totals.ts';
import { listReferrals, readReferral, readTotals } from '../../store/queries/referrals.ts';
import { chainFindings, missing } from './check-chain.ts';
import type { CheckOf } from './check-schemas.ts';
import { compareCount, type Finding, same } from './compare.ts';
import type { Session } from './session.ts';

/** What became of a referral. */
export async function checkReferral(session: Session, check: CheckOf<'referral'>): Promise<readonly Finding[]> {
  const id = await session.referralId(check.referral);
  const view = id === undefined ? undefined : await readReferral(session.em(), id);
  if (view === undefined) return missing('referral', check.referral, check.exists);
  const items = [...new Set((view.draft?.missing ?? []).map((one) => String(Reflect.get(Object(one), 'item'))))].sort();
  const wanted = check.missing === undefined ? undefined : [...check.missing].sort();
  return [
    ...chainFindings('referral', view, check),
    ...same('reference', check.reference, view.reference),
    ...same('stage', check.stage, view.draft?.stage ?? 'none'),
    ...same('missing', wanted, items),
    ...same('sent', check.sent, view.sent.length),
    ...same('cases', check.cases, view.sent.reduce((sum, { cases }) => sum + cases.length, 0) + (view.draft?.cases.length ?? 0)),
    ...same('left-out', check['left-out'], view.leftOut.length),
    ...same('brands', check.brands, Object.fromEntries(view.brands.map(({ brand, stage }) => [brand, stage]))),
    ...same('totals', check.totals, totalsInWords(view.totals)),
  ];
}

/** How many referrals there are. */
export async function checkReferrals(session: Session, check: CheckOf<'referrals'>): Promise<readonly Finding[]> {
  const { seller, recipient, status } = check.referrals;
  const filter = { ...(seller !== undefined && { seller }), ...(recipient !== undefined && { recipient }), ...(status !== undefined && { status }) };
  return compareCount('referrals', check.count, (await listReferrals(session.em(), filter)).length);
}

/** Sums over the outcomes of all referrals, a line each. */
export async function checkTotals(session: Session, check: CheckOf<'totals'>): Promise<readonly Finding[]> {
  return same('totals', check.totals, totalsInWords(await readTotals(session.em())));
}
