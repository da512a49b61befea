import type { Event } from '../../domain/aggregate.ts';
import type { Decision } from '../../domain/decision.ts';
import { type AggregateId, kindOf } from '../../domain/ids.ts';
import { inTodaysNames } from '../../domain/earlier-names.ts';
import { rulesOf } from '../../domain/registry.ts';
import { OutboxRow } from '../schema/entities/outbox.ts';
import { AggregateRow, DecisionRow, SealRow } from '../schema/entities/log.ts';
import { AliasRow, ListingRow, PolicyRow, ReferenceRow, RightRow } from '../schema/entities/register.ts';
import { DisclosedRow, DisclosureRow, LedgerRow } from '../schema/entities/projections.ts';
import type { Manager } from '../connection/orm.ts';

/** What the log holds of an aggregate up to an instant. */
export interface Logged {
  readonly row: AggregateRow;
  readonly decisions: readonly { readonly decision: Decision; readonly hash: string }[];
  /** Folded from the decisions. */
  readonly state: unknown;
  readonly seal: SealRow | null;
  readonly appeals: readonly AggregateRow[];
  readonly ledger: readonly LedgerRow[];
}

/**
 * Reads an aggregate as it was known at an instant (absent: now). Undefined when it is not there for the party, or was not yet.
 * Run it as the portal's role.
 */
export async function readLogged(em: Manager, id: AggregateId, at?: string): Promise<Logged | undefined> {
  const row = await em.findOne(AggregateRow, { id });
  if (row === null) return undefined;
  const until = at === undefined ? {} : { $lte: at };
  const stored = await em.find(DecisionRow, { aggregate: id, ...(at !== undefined && { at: until }) }, { orderBy: { n: 'asc' } });
  if (stored.length === 0) return undefined;
  const decisions = stored.map(({ envelope, hash }) => ({ decision: inTodaysNames(envelope), hash }));
  const seal = await em.findOne(SealRow, { aggregate: id, ...(at !== undefined && { at: until }) });
  const appeals = await em.find(
    AggregateRow,
    { about: id, ...(at !== undefined && { openedAt: until }) },
    { orderBy: { openedAt: 'asc', id: 'asc' } },
  );
  const chains = [id, ...appeals.map((appeal) => appeal.id)];
  const ledger = await em.find(LedgerRow, { aggregate: { $in: chains }, ...(at !== undefined && { enteredAt: until }) });
  return {
    row,
    decisions,
    state: foldOf(
      id,
      decisions.map(({ decision }) => decision),
    ),
    seal,
    appeals,
    ledger,
  };
}

/** The state that recorded decisions fold to. */
export function foldOf(id: AggregateId, decisions: readonly Decision[]): unknown {
  const rules = rulesOf(kindOf(id));
  const events = decisions.flatMap(({ outcome }): readonly Event[] => ('events' in outcome ? outcome.events : []));
  return events.reduce((state, event) => rules.evolve(state, event), rules.initial);
}

/** Values behind the salted digests of an aggregate. The caller decides who may read which. */
export async function disclosuresOf(em: Manager, aggregates: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const used = await em.find(DisclosedRow, { aggregate: { $in: [...aggregates] } }, { fields: ['digest'] });
  if (used.length === 0) return new Map();
  const rows = await em.find(DisclosureRow, { digest: { $in: used.map(({ digest }) => digest) } });
  return new Map(rows.map(({ digest, value }) => [digest, value]));
}

/** Outbox messages of an aggregate that were written by an instant, by when they are due. */
export async function lettersOf(em: Manager, aggregate: string, at?: string): Promise<readonly OutboxRow[]> {
  return em.find(OutboxRow, { aggregate, ...(at !== undefined && { writtenAt: { $lte: at } }) }, { orderBy: { dueAt: 'asc', id: 'asc' } });
}

/** The register's row of a listing. */
export async function listingOf(em: Manager, id: string): Promise<ListingRow | null> {
  return em.findOne(ListingRow, { id });
}

/** Rights by id, in order. */
export async function rightsOf(em: Manager, ids: readonly string[]): Promise<readonly RightRow[]> {
  return ids.length === 0 ? [] : em.find(RightRow, { id: { $in: [...ids] } }, { orderBy: { id: 'asc' } });
}

/** Reference products of a brand, by its names as they stand in the register. */
export async function referencesOf(em: Manager, brands: readonly string[], limit = 50): Promise<readonly ReferenceRow[]> {
  if (brands.length === 0) return [];
  const rows = await em.execute<{ brand: string; partNumber: string; currency: string }[]>(
    'select brand, part_number as "partNumber", currency from reference where lower(brand) in (?) order by brand, part_number, currency limit ?',
    [brands.map((brand) => brand.toLowerCase()), limit],
  );
  const found = rows.map(({ brand, partNumber, currency }) => ({ brand, partNumber, currency }));
  return found.length === 0 ? [] : em.find(ReferenceRow, { $or: found }, { orderBy: { brand: 'asc', partNumber: 'asc' } });
}

/** The names under which an organisation is known. */
export async function aliasesOf(em: Manager, organisation: string): Promise<readonly string[]> {
  const rows = await em.find(AliasRow, { organisation }, { orderBy: { alias: 'asc' } });
  return rows.map((row) => row.alias);
}

/** A policy version's document, with its sources. */
export async function policyDocument(em: Manager, digest: string): Promise<PolicyRow | null> {
  return em.findOne(PolicyRow, { digest });
}

/** How a seller stands with some holders' cases: what a reviewer of theirs may know of it. */
export async function sellerHistory(
  em: Manager,
  seller: string,
  holders: readonly string[] | undefined,
): Promise<readonly { status: string; count: number }[]> {
  const among = holders === undefined ? '' : 'and a.holder in (?)';
  return em.execute<{ status: string; count: number }[]>(
    `select a.status, count(*)::int as count from party p join aggregate a on a.id = p.aggregate
     where p.organisation = ? and p.capacity = 'seller' and a.kind = 'case' ${among} group by a.status order by a.status`,
    holders === undefined ? [seller] : [seller, holders.length === 0 ? [''] : holders],
  );
}

/** Other cases on the same listing or with the same seller, as the party sees them. Run it as the portal's role. */
export async function relatedCases(em: Manager, row: AggregateRow, of: readonly string[], at?: string): Promise<readonly AggregateRow[]> {
  const until = at === undefined ? {} : { openedAt: { $lte: at } };
  const same = await em.find(
    AggregateRow,
    { kind: 'case', id: { $ne: row.id }, $or: [{ marketplace: row.marketplace, listing: row.listing }, { id: { $in: [...of] } }], ...until },
    { orderBy: { openedAt: 'desc', id: 'asc' }, limit: 50 },
  );
  return same;
}
