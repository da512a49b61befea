import { RecipientRow } from '../schema/entities/register.ts';
import { ReferralBrandRow, ReferralRow } from '../schema/entities/projections.ts';
import type { Manager } from '../connection/orm.ts';

/** Whom and which recipient referrals are about. No portal role reads it: the access table was asked before. */
export async function aboutReferrals(em: Manager, ids: readonly string[]): Promise<ReadonlyMap<string, ReferralRow>> {
  const rows = ids.length === 0 ? [] : await em.find(ReferralRow, { referral: { $in: [...ids] } });
  return new Map(rows.map((row) => [row.referral, row]));
}

/** The referrals of an actor or to a recipient; undefined when neither is asked for: then it is all. */
export async function referralsAbout(
  em: Manager,
  { actor, recipient }: { readonly actor?: string | undefined; readonly recipient?: string | undefined },
): Promise<readonly string[] | undefined> {
  if (actor === undefined && recipient === undefined) return undefined;
  const rows = await em.find(
    ReferralRow,
    { ...(actor !== undefined && { actor }), ...(recipient !== undefined && { recipient }) },
    { fields: ['referral'] },
  );
  return rows.map((row) => row.referral);
}

/** Recipients of the register by id. */
export function recipientsPage(
  em: Manager,
  { limit, after }: { readonly limit: number; readonly after?: string | undefined },
): Promise<RecipientRow[]> {
  return em.find(RecipientRow, after === undefined ? {} : { id: { $gt: after } }, { orderBy: { id: 'asc' }, limit });
}

/** Which parts of referrals a page shows. */
export interface PartsFilter {
  readonly stage?: string | undefined;
  /** Key of the last row of the page before. */
  readonly after?: { readonly referral: string; readonly organisation: string } | undefined;
  readonly limit: number;
}

/** What brands see of referrals of their cases, by referral and brand. Run it as the portal's role. */
export function brandPartsPage(em: Manager, { stage, after, limit }: PartsFilter): Promise<ReferralBrandRow[]> {
  const behind = after && {
    $or: [{ referral: { $gt: after.referral } }, { referral: after.referral, organisation: { $gt: after.organisation } }],
  };
  return em.find(
    ReferralBrandRow,
    { ...(stage !== undefined && { stage }), ...behind },
    { orderBy: { referral: 'asc', organisation: 'asc' }, limit },
  );
}

/** The parts of one referral. Run it as the portal's role. */
export function brandPartsOf(em: Manager, referral: string): Promise<ReferralBrandRow[]> {
  return em.find(ReferralBrandRow, { referral }, { orderBy: { organisation: 'asc' } });
}

/** A recipient as the register has it now; null when it is not there any more. */
export function recipientOf(em: Manager, id: string): Promise<RecipientRow | null> {
  return em.findOne(RecipientRow, { id });
}

/** Names of recipients, by id. */
export async function recipientNames(em: Manager): Promise<ReadonlyMap<string, string>> {
  const rows = await em.find(RecipientRow, {}, { fields: ['id', 'name'] });
  return new Map(rows.map(({ id, name }) => [id, name]));
}
