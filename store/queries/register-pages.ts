import type { LedgerLine } from '../../domain/ledger/points.ts';
import { AuthorisedSellerRow, PolicyRow, ReferenceRow, RightRow, SellerRow } from '../schema/entities/register.ts';
import type { Manager } from '../connection/orm.ts';

/** A page of the register: lines after an id, of some organisations or of all. */
export interface RegisterPage {
  readonly limit: number;
  readonly after?: string | undefined;
  readonly organisations?: readonly string[] | undefined;
}

/** Registered rights by id. */
export function rightsPage(em: Manager, { limit, after, organisations }: RegisterPage): Promise<RightRow[]> {
  return em.find(
    RightRow,
    { ...(after !== undefined && { id: { $gt: after } }), ...(organisations !== undefined && { organisation: { $in: [...organisations] } }) },
    { orderBy: { id: 'asc' }, limit },
  );
}

/** The key of a row whose key has several parts, as one text that sorts like them. */
export function keyText(...parts: readonly string[]): string {
  return JSON.stringify(parts);
}

/** Authorised sellers by organisation, seller, market and first day. */
export async function authorisedPage(em: Manager, { limit, after, organisations }: RegisterPage): Promise<AuthorisedSellerRow[]> {
  const key = after === undefined ? undefined : partsOf(after, 4);
  const rows = await em.execute<{ organisation: string; seller: string; market: string; from: string }[]>(
    `select organisation, seller, market, "from" from authorised_seller where true
     ${organisations === undefined ? '' : organisations.length === 0 ? 'and false' : 'and organisation in (?)'}
     ${key === undefined ? '' : 'and (organisation, seller, market, "from") > (?, ?, ?, ?)'}
     order by organisation, seller, market, "from" limit ?`,
    [...(organisations === undefined || organisations.length === 0 ? [] : [organisations]), ...(key ?? []), limit],
  );
  if (rows.length === 0) return [];
  const found = await em.find(AuthorisedSellerRow, { $or: rows.map((row) => ({ ...row })) });
  return found.sort((a, b) => (keyText(a.organisation, a.seller, a.market, a.from) < keyText(b.organisation, b.seller, b.market, b.from) ? -1 : 1));
}

/** Reference products by brand, part number and currency; of some brands (in any case of letters) or of all. */
export async function referencesPage(em: Manager, { limit, after }: RegisterPage, brands: readonly string[] | undefined): Promise<ReferenceRow[]> {
  const key = after === undefined ? undefined : partsOf(after, 3);
  const rows = await em.execute<{ brand: string; partNumber: string; currency: string }[]>(
    `select brand, part_number as "partNumber", currency from reference where true
     ${brands === undefined ? '' : brands.length === 0 ? 'and false' : 'and lower(brand) in (?)'}
     ${key === undefined ? '' : 'and (brand, part_number, currency) > (?, ?, ?)'}
     order by brand, part_number, currency limit ?`,
    [...(brands === undefined || brands.length === 0 ? [] : [brands.map((brand) => brand.toLowerCase())]), ...(key ?? []), limit],
  );
  if (rows.length === 0) return [];
  return em.find(ReferenceRow, { $or: rows.map((row) => ({ ...row })) }, { orderBy: { brand: 'asc', partNumber: 'asc', currency: 'asc' } });
}

function partsOf(text: string, count: number): readonly string[] | undefined {
  const value: unknown = JSON.parse(text);
  return Array.isArray(value) && value.length === count && value.every((part) => typeof part === 'string') ? value : undefined;
}

/** Sellers by id. */
export function sellersPage(em: Manager, { limit, after }: RegisterPage, text: string | undefined): Promise<SellerRow[]> {
  return em.find(
    SellerRow,
    { ...(after !== undefined && { id: { $gt: after } }), ...(text !== undefined && { id: { $ilike: `%${text.replace(/[\\%_]/g, '\\$&')}%` } }) },
    { orderBy: { id: 'asc' }, limit },
  );
}

/** A seller of the register; null when nobody has described it. */
export function sellerRow(em: Manager, id: string): Promise<SellerRow | null> {
  return em.findOne(SellerRow, { id });
}

/** A row of a seller's ledger, with the case behind it. */
export interface SellerLine extends LedgerLine {
  readonly case: string;
  readonly seller: string;
  readonly listing: string;
  readonly holder: string;
  readonly enteredAt: string;
}

/** The ledger of some sellers, the newest row first. */
export function ledgerOfSellers(em: Manager, sellers: readonly string[]): Promise<SellerLine[]> {
  return em.execute<SellerLine[]>(
    `select coalesce(a.about, l.aggregate) as "case", l.seller, l.listing, l.holder, l.points, l.counts_from as "countsFrom",
       l.expires_at as "expiresAt", l.voided_by is not null as voided, l.entered_at as "enteredAt"
     from ledger l left join aggregate a on a.id = l.aggregate where l.seller in (?) order by l.entered_at desc, l.listing, l.holder`,
    [sellers.length === 0 ? [''] : sellers],
  );
}

/** All accounts of the party behind a seller. */
export async function accountsOf(em: Manager, seller: string): Promise<readonly string[]> {
  const rows = await em.execute<{ id: string }[]>('select id from seller where actor = (select actor from seller where id = ?) order by id', [
    seller,
  ]);
  return rows.length === 0 ? [seller] : rows.map((row) => row.id);
}

/** Policy versions, newest first. */
export function policiesOf(em: Manager): Promise<PolicyRow[]> {
  return em.find(PolicyRow, {}, { orderBy: { since: 'desc', version: 'desc' } });
}
