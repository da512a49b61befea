import type { Clock } from '../../../domain/clock.ts';
import { Capacity } from '../../../domain/aggregate.ts';
import { canonical, sha256Hex } from '../../../domain/canonical.ts';
import { listingVersion } from '../../../domain/listing-version.ts';
import { AggregateRow } from '../../schema/entities/log.ts';
import { ListingRow, PersonRow, RecipientRow, ReferenceRow, SellerRow } from '../../schema/entities/register.ts';
import { insertMissing, insertOrReplace, type Written } from '../../connection/insert.ts';
import { acceptMessage } from '../../log/inbox.ts';
import { salt } from '../../log/open-cases.ts';
import type { Manager } from '../../connection/orm.ts';
import { tellIncomplete } from '../../log/refer-actor.ts';
import type { ImportKind } from './kinds.ts';
import { writeAuthorisedSellers, writeOrganisations, writeRights } from './write-holders.ts';
import { lastOf, type Rows, type WrittenRows } from './written.ts';

/** Kinds of files that describe the register (answers are messages, not rows). */
export type RegisterKind = Exclude<ImportKind, 'answers'>;

/** Writes one batch in the caller's transaction. Importing the same rows again changes nothing. */
export async function writeRows<K extends RegisterKind>(em: Manager, kind: K, rows: Rows<K>, clock: Clock): Promise<WrittenRows> {
  // One writer per kind; the table's type cannot say that this kind's writer takes this kind's rows.
  const write = WRITERS[kind] as unknown as Writer<K>;
  const written = await write(em, rows, clock);
  if (IN_PACKETS.includes(kind)) await tellIncomplete(em, clock);
  return { wrong: [], doubts: [], adopted: [], ...written };
}

/** What packets say of the register: a change may bring what one misses. */
const IN_PACKETS: readonly RegisterKind[] = ['organisations', 'rights', 'sellers', 'recipients'];

type Writer<K extends RegisterKind> = (em: Manager, rows: Rows<K>, clock: Clock) => Promise<Written & Partial<WrittenRows>>;

const WRITERS: { readonly [K in RegisterKind]: Writer<K> } = {
  listings: writeListings,
  rights: writeRights,
  organisations: writeOrganisations,
  people: writePeople,
  'authorised-sellers': writeAuthorisedSellers,
  references: writeReferences,
  sellers: writeSellers,
  recipients: writeRecipients,
};

async function writeListings(em: Manager, rows: Rows<'listings'>, clock: Clock): Promise<Written> {
  await tellSellers(em, rows, clock);
  const values = lastOf(rows, (row) => row.listing).map((row) => ({
    id: row.listing,
    marketplace: row.marketplace,
    market: row.market,
    seller: row.seller ?? null,
    version: listingVersion(row),
    row: { ...row },
  }));
  // `scanned` is not among the values: what was scanned in this version stays scanned.
  const written = await insertOrReplace(em, ListingRow, values, ['operator', 'id']);
  const sellers = lastOf(
    rows.filter((row) => row.seller !== undefined),
    (row) => row.seller ?? '',
  );
  await insertMissing(
    em,
    SellerRow,
    sellers.map((row) => ({ id: row.seller ?? '', market: row.market, actor: row.seller ?? '', row: {} })),
  );
  return written;
}

/** A seller made known is a message to the cases about the listing: neither version nor natural key changes by it. */
async function tellSellers(em: Manager, rows: Rows<'listings'>, clock: Clock): Promise<void> {
  const sellers = new Map(rows.flatMap((row) => (row.seller === undefined ? [] : [[row.listing, row.seller] as const])));
  const before = await em.find(ListingRow, { id: { $in: [...sellers.keys()] }, seller: null }, { fields: ['id'] });
  const cases = await em.find(AggregateRow, { kind: 'case', listing: { $in: before.map((row) => row.id) } }, { fields: ['id', 'listing'] });
  for (const { id, listing } of cases) {
    const seller = sellers.get(listing) ?? '';
    const { salted, disclosure } = salt(seller);
    const content = { by: { capacity: Capacity.engine }, kind: 'identifySeller', seller: salted };
    await acceptMessage(em, clock, {
      id: `seller:${id}`,
      aggregate: id,
      sender: 'import',
      content,
      fingerprint: sha256Hex(seller),
      disclosures: [disclosure],
    });
  }
}

/** What a person may have chosen in the portal: a file that does not name it takes nothing away. */
const CHOSEN = ['language'] as const;

async function writePeople(em: Manager, rows: Rows<'people'>): Promise<Written> {
  const values = lastOf(rows, (row) => row.id).map((row) => ({
    id: row.id,
    name: row.name,
    mail: row.mail ?? null,
    role: row.role,
    organisations: row.organisations,
    duty: row.duty.map(({ from, until }) => ({ from: new Date(from).toISOString(), until: new Date(until).toISOString() })),
    revokedAt: row.revokedAt === undefined ? null : new Date(row.revokedAt).toISOString(),
    language: row.language ?? null,
  }));
  return insertOrReplace(em, PersonRow, values, ['operator', 'id'], CHOSEN);
}

async function writeReferences(em: Manager, rows: Rows<'references'>): Promise<Written> {
  const values = rows.map((row) => ({ brand: row.brand, partNumber: row.partNumber ?? '', currency: row.price?.currency ?? '', row: { ...row } }));
  return insertOrReplace(
    em,
    ReferenceRow,
    lastOf(values, (row) => canonical([row.brand, row.partNumber, row.currency])),
    ['operator', 'brand', 'partNumber', 'currency'],
  );
}

async function writeSellers(em: Manager, rows: Rows<'sellers'>): Promise<Written> {
  const values = lastOf(rows, (row) => row.seller).map((row) => ({
    id: row.seller,
    market: row.market?.slice(0, 8) ?? null,
    mail: row.mail ?? null,
    actor: row.actor ?? row.seller,
    language: row.language ?? null,
    row: { ...row },
  }));
  return insertOrReplace(em, SellerRow, values, ['operator', 'id'], CHOSEN);
}

async function writeRecipients(em: Manager, rows: Rows<'recipients'>): Promise<Written> {
  const values = lastOf(rows, (row) => row.id).map((row) => ({ ...row, mail: row.mail ?? null }));
  return insertOrReplace(em, RecipientRow, values, ['operator', 'id']);
}
