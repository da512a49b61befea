import type { Clock } from '../../activities/ports.ts';
import { Capacity } from '../../domain/aggregate.ts';
import { canonical, sha256Hex } from '../../domain/canonical.ts';
import { ownerIndex, ownerKeys, resolveOwner } from '../../domain/detection/owners.ts';
import { listingVersion } from '../../domain/listing-version.ts';
import { AggregateRow } from '../entities/log.ts';
import {
  AliasRow,
  AuthorisedSellerRow,
  ListingRow,
  OrganisationRow,
  PersonRow,
  RecipientRow,
  ReferenceRow,
  RightRow,
  SellerRow,
} from '../entities/register.ts';
import { insertMissing, insertOrReplace } from '../insert.ts';
import { acceptMessage } from '../inbox.ts';
import { salt } from '../open.ts';
import type { Manager } from '../orm.ts';
import { deskOf } from '../people.ts';
import { tellIncomplete } from '../referrals.ts';
import type { ImportKind } from './kinds.ts';
import type { ImportRow } from './schemas.ts';

/** Rows of one batch; the last of two rows with one id wins, as if they had been imported one after the other. */
type Rows<K extends ImportKind> = readonly ImportRow[K][];

/** Why a row that reads well cannot be stored. */
export interface Unstorable {
  readonly index: number;
  readonly message: string;
  readonly cure: string;
}

/** Kind of an organisation that nobody imported: a right names it as its owner. */
const OWNER_OF_RECORD = 'owner-of-record';

/** Kinds of files that describe the register (answers are messages, not rows). */
export type RegisterKind = Exclude<ImportKind, 'answers'>;

/** Writes one batch in the caller's transaction. Importing the same rows again changes nothing. Returns what could not be stored. */
export async function writeRows<K extends RegisterKind>(em: Manager, kind: K, rows: Rows<K>, clock: Clock): Promise<readonly Unstorable[]> {
  // One writer per kind; the table's type cannot say that this kind's writer takes this kind's rows.
  const write = WRITERS[kind] as unknown as Writer<K>;
  const wrong = (await write(em, rows, clock)) ?? [];
  if (IN_PACKETS.includes(kind)) await tellIncomplete(em, clock);
  return wrong;
}

/** What packets say of the register: a change may bring what one misses. */
const IN_PACKETS: readonly RegisterKind[] = ['organisations', 'rights', 'sellers', 'recipients'];

type Writer<K extends RegisterKind> = (em: Manager, rows: Rows<K>, clock: Clock) => Promise<readonly Unstorable[] | undefined>;

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

async function writeListings(em: Manager, rows: Rows<'listings'>, clock: Clock): Promise<undefined> {
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
  await insertOrReplace(em, ListingRow, values, ['operator', 'id']);
  const sellers = lastOf(
    rows.filter((row) => row.seller !== undefined),
    (row) => row.seller ?? '',
  );
  await insertMissing(
    em,
    SellerRow,
    sellers.map((row) => ({ id: row.seller ?? '', market: row.market, actor: row.seller ?? '', row: {} })),
  );
  return undefined;
}

/** A seller made known is a message to the cases about the listing: neither version nor natural key changes by it. */
async function tellSellers(em: Manager, rows: Rows<'listings'>, clock: Clock): Promise<void> {
  const sellers = new Map(rows.flatMap((row) => (row.seller === undefined ? [] : [[row.listing, row.seller] as const])));
  const before = await em.find(ListingRow, { id: { $in: [...sellers.keys()] }, seller: null }, { fields: ['id'], disableIdentityMap: true });
  const cases = await em.find(
    AggregateRow,
    { kind: 'case', listing: { $in: before.map((row) => row.id) } },
    { fields: ['id', 'listing'], disableIdentityMap: true },
  );
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

async function writeOrganisations(em: Manager, rows: Rows<'organisations'>): Promise<undefined> {
  const values = lastOf(rows, (row) => row.id);
  await insertOrReplace(
    em,
    OrganisationRow,
    values.map(({ id, name, kind, zone, hours, country, mail, accountManager }) => ({
      id,
      name,
      kind,
      zone: zone ?? null,
      hours: hours ?? null,
      country: country ?? null,
      mail: mail ?? null,
      accountManager: accountManager ?? null,
    })),
    ['operator', 'id'],
  );
  const aliases = values.flatMap((row) => [row.name, ...row.aliases].map((alias) => ({ alias: ownerKeys(alias).full, organisation: row.id })));
  await insertOrReplace(
    em,
    AliasRow,
    lastOf(
      aliases.filter(({ alias }) => alias !== ''),
      (row) => row.alias,
    ),
    ['operator', 'alias'],
  );
  // Every organisation can answer from the day it is known: its desk stands for it until people are named.
  await insertMissing(
    em,
    PersonRow,
    values.map(({ id, name, mail }) => ({
      id: deskOf(id),
      name: `${name}, desk`,
      mail: mail ?? null,
      role: 'brand-reviewer',
      organisations: [id],
      duty: [],
    })),
  );
  await adoptRights(em);
  return undefined;
}

/** Rights whose owner was unknown when they came may belong to an organisation that is known now. */
async function adoptRights(em: Manager): Promise<void> {
  const index = await owners(em, false);
  for (const right of await em.find(RightRow, { organisation: { $ne: null } }, { disableIdentityMap: true })) {
    const { owner } = right.row as { owner?: string };
    const found = owner === undefined ? undefined : resolveOwner(owner, index);
    if (found !== undefined && 'organisation' in found && found.organisation !== right.organisation) {
      await em.nativeUpdate(RightRow, { id: right.id }, { organisation: found.organisation });
    }
  }
}

async function writeRights(em: Manager, rows: Rows<'rights'>): Promise<undefined> {
  const values = lastOf(rows, (row) => row.right);
  const named = await owners(em, false);
  const all = await owners(em, true);
  const unknown = new Map<string, string>();
  const organisationOf = (owner: string | undefined): string | null => {
    if (owner === undefined) return null;
    const imported = resolveOwner(owner, named);
    const found = 'organisation' in imported ? imported : resolveOwner(owner, all);
    if ('organisation' in found) return found.organisation;
    if (found.unknown.bare === '') return null;
    const id = `org:${sha256Hex(found.unknown.bare).slice(0, 16)}`;
    unknown.set(id, owner);
    return id;
  };
  const rights = values.map((row) => ({ id: row.right, jurisdiction: row.jurisdiction, organisation: organisationOf(row.owner), row: { ...row } }));
  // An unmatched owner becomes a new organisation, never a fuzzy merge.
  await insertMissing(
    em,
    OrganisationRow,
    [...unknown].map(([id, name]) => ({ id, name, kind: OWNER_OF_RECORD })),
  );
  await insertMissing(
    em,
    AliasRow,
    lastOf(
      [...unknown].map(([organisation, name]) => ({ alias: ownerKeys(name).full, organisation })),
      (row) => row.alias,
    ),
  );
  await insertOrReplace(em, RightRow, rights, ['operator', 'id']);
  return undefined;
}

async function writePeople(em: Manager, rows: Rows<'people'>): Promise<undefined> {
  const values = lastOf(rows, (row) => row.id).map((row) => ({
    id: row.id,
    name: row.name,
    mail: row.mail ?? null,
    role: row.role,
    organisations: row.organisations,
    duty: row.duty.map(({ from, until }) => ({ from: new Date(from).toISOString(), until: new Date(until).toISOString() })),
    revokedAt: row.revokedAt === undefined ? null : new Date(row.revokedAt).toISOString(),
  }));
  await insertOrReplace(em, PersonRow, values, ['operator', 'id']);
  return undefined;
}

async function writeAuthorisedSellers(em: Manager, rows: Rows<'authorised-sellers'>): Promise<readonly Unstorable[]> {
  const index = await owners(em, true);
  const wrong: Unstorable[] = [];
  const ids = new Set((await em.find(OrganisationRow, {}, { fields: ['id'], disableIdentityMap: true })).map((row) => row.id));
  const values = rows.flatMap((row, at) => {
    const holder = ids.has(row.holder) ? { organisation: row.holder } : resolveOwner(row.holder, index);
    if (!('organisation' in holder)) {
      wrong.push({ index: at, message: `no organisation is known as "${row.holder}"`, cure: 'import organisations and rights first' });
      return [];
    }
    const { seller, market = '', from = '', until } = row;
    return [{ seller, organisation: holder.organisation, market, from, until: until ?? null }];
  });
  await insertOrReplace(
    em,
    AuthorisedSellerRow,
    lastOf(values, (row) => canonical([row.seller, row.organisation, row.market, row.from])),
    ['operator', 'seller', 'organisation', 'market', 'from'],
  );
  return wrong;
}

async function writeReferences(em: Manager, rows: Rows<'references'>): Promise<undefined> {
  const values = rows.map((row) => ({ brand: row.brand, partNumber: row.partNumber ?? '', currency: row.price?.currency ?? '', row: { ...row } }));
  await insertOrReplace(
    em,
    ReferenceRow,
    lastOf(values, (row) => canonical([row.brand, row.partNumber, row.currency])),
    ['operator', 'brand', 'partNumber', 'currency'],
  );
  return undefined;
}

async function writeSellers(em: Manager, rows: Rows<'sellers'>): Promise<undefined> {
  const values = lastOf(rows, (row) => row.seller).map((row) => ({
    id: row.seller,
    market: row.market?.slice(0, 8) ?? null,
    mail: row.mail ?? null,
    actor: row.actor ?? row.seller,
    row: { ...row },
  }));
  await insertOrReplace(em, SellerRow, values, ['operator', 'id']);
  return undefined;
}

async function writeRecipients(em: Manager, rows: Rows<'recipients'>): Promise<undefined> {
  const values = lastOf(rows, (row) => row.id).map((row) => ({ ...row, mail: row.mail ?? null }));
  await insertOrReplace(em, RecipientRow, values, ['operator', 'id']);
  return undefined;
}

/** Organisations by name; with or without those that were made because a right's owner was not known. */
async function owners(em: Manager, withOwnersOfRecord: boolean) {
  const known = await em.find(OrganisationRow, {}, { disableIdentityMap: true });
  const organisations = known.filter((row) => withOwnersOfRecord || row.kind !== OWNER_OF_RECORD);
  const aliases = Map.groupBy(await em.find(AliasRow, {}, { disableIdentityMap: true }), (row) => row.organisation);
  return ownerIndex(
    organisations.map((row) => ({ organisation: row.id, name: row.name, aliases: (aliases.get(row.id) ?? []).map(({ alias }) => alias) })),
  );
}

/** One row per key, the last one: a statement cannot write one row twice. */
function lastOf<T>(rows: readonly T[], key: (row: T) => string): readonly T[] {
  return [...new Map(rows.map((row) => [key(row), row])).values()];
}
