import { ListingRow } from '../schema/entities/register.ts';
import type { Manager } from '../connection/orm.ts';
import { statement } from '../connection/statement.ts';

/** What a listing is marked with once it is scanned: by everything that a scan depends on, and by what its seller's party had removed. */
export interface ScanFingerprints {
  readonly fingerprint: string;
  readonly bySeller: ReadonlyMap<string, string>;
}

const DUE = `from listing l left join jsonb_each_text($3::jsonb) as m(seller, fingerprint) on m.seller = l.seller
  where l.marketplace = $1 and l.scanned is distinct from l.version || ':' || coalesce(m.fingerprint, $2)`;

function values(marketplace: string, { fingerprint, bySeller }: ScanFingerprints): readonly string[] {
  return [marketplace, fingerprint, JSON.stringify(Object.fromEntries(bySeller))];
}

/** How many listings of a marketplace a sweep has to look at: one statement, and no listing is fetched. */
export async function countDue(em: Manager, marketplace: string, fingerprints: ScanFingerprints): Promise<number> {
  const [row] = await statement<{ n: number }>(em, `select count(*)::int as n ${DUE}`, values(marketplace, fingerprints));
  return row?.n ?? 0;
}

/** The next listings to look at behind `after`, by id. */
export async function dueListings(
  em: Manager,
  marketplace: string,
  fingerprints: ScanFingerprints,
  after: string,
  limit: number,
): Promise<readonly ListingRow[]> {
  const ids = await statement<{ id: string }>(em, `select l.id ${DUE} and l.id > $4 order by l.id limit $5`, [
    ...values(marketplace, fingerprints),
    after,
    limit,
  ]);
  if (ids.length === 0) return [];
  return em.find(ListingRow, { id: { $in: ids.map(({ id }) => id) } }, { orderBy: { id: 'asc' } });
}

/** All marketplaces that have listings: a look per marketplace, not one per listing. */
export async function marketplacesWithListings(em: Manager): Promise<readonly string[]> {
  const rows = await statement<{ marketplace: string }>(
    em,
    `with recursive found as (
       select min(marketplace) as marketplace from listing
       union all select (select min(marketplace) from listing where marketplace > found.marketplace) from found where found.marketplace is not null
     ) select marketplace from found where marketplace is not null`,
  );
  return rows.map(({ marketplace }) => marketplace);
}
