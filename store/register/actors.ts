import type { Instant } from '../../domain/instant.ts';
import type { EarlierMeasure, LedgerLine } from '../../domain/ledger/points.ts';
import { FINAL_SANCTION_STATUSES, SanctionStatus } from '../../domain/sanction/model.ts';
import type { Manager } from '../connection/orm.ts';
import { statement } from '../connection/statement.ts';

/** The sellers of an actor; parameters: the actor, three times. A seller that nobody has described is its own actor. */
const SELLERS_OF = 'select id from seller where actor = ? union select ?::text where not exists (select from seller where id = ?)';

/** A row of an actor's ledger with what it is about. */
export interface ActorLine extends LedgerLine {
  readonly key: string;
  /** The case behind it, also where an appeal entered it. */
  readonly case: string;
}

interface StoredLine extends LedgerLine {
  readonly seller: string;
  readonly listing: string;
  readonly holder: string;
  readonly case: string;
}

/** All rows of an actor's ledger, over all its sellers, in a fixed order. The caller holds the actor's lock. */
export async function ledgerOf(em: Manager, actor: string): Promise<readonly ActorLine[]> {
  const rows = await em.execute<StoredLine[]>(
    `select l.seller, l.listing, l.holder, l.points, l.counts_from as "countsFrom", l.expires_at as "expiresAt",
       l.voided_by is not null as voided, coalesce(a.about, l.aggregate) as "case"
     from ledger l left join aggregate a on a.id = l.aggregate
     where l.seller in (${SELLERS_OF}) order by l.seller, l.listing, l.holder`,
    [actor, actor, actor],
  );
  return rows.map(({ seller, listing, holder, ...line }) => ({ ...line, key: JSON.stringify([seller, listing, holder]) }));
}

/** The shops of an actor on a marketplace: the one given, those with listings or points there, and those that were never seen elsewhere. */
export async function shopsOf(em: Manager, actor: string, marketplace: string, seller: string): Promise<readonly string[]> {
  const rows = await em.execute<{ id: string }[]>(
    `select s.id from seller s where s.actor = ? and s.id <> ? and (
       exists (select from listing where seller = s.id and marketplace = ?)
       or exists (select from ledger where seller = s.id and marketplace = ?)
       or not exists (select from listing where seller = s.id)) order by s.id`,
    [actor, seller, marketplace, marketplace],
  );
  return [seller, ...rows.map(({ id }) => id)];
}

/** A sanction that is not over. */
export interface OpenSanctionOf {
  readonly id: string;
  readonly marketplace: string;
  readonly measure: string;
  /** Whether the shop feels it, or may: what it holds must not be undone for another sanction's sake. */
  readonly holds: boolean;
}

/** Sanctions of an actor, over all its sellers; parameters: the actor, three times. */
const IS_OF = `a.kind = 'sanction' and exists (
  select from party where party.aggregate = a.id and party.capacity = 'seller' and party.organisation in (${SELLERS_OF}))`;

const HOLDING: readonly string[] = [SanctionStatus.executing, SanctionStatus.inForce];

/** The open sanctions of an actor, over all its sellers. */
export async function openSanctions(em: Manager, actor: string): Promise<readonly OpenSanctionOf[]> {
  const rows = await em.execute<{ id: string; marketplace: string; status: string; measure: string }[]>(
    `select a.id, a.marketplace, a.status, a.state->'step'->>'measure' as measure from aggregate a where not a.is_final and ${IS_OF} order by a.id`,
    [actor, actor, actor],
  );
  return rows.map(({ id, marketplace, status, measure }) => ({ id, marketplace, measure, holds: HOLDING.includes(status) }));
}

/** All measures that an actor's crossings have led to, also those that are over. */
export async function measuresOf(em: Manager, actor: string): Promise<readonly EarlierMeasure[]> {
  const rows = await em.execute<{ step: number; crossedAt: Instant; status: SanctionStatus }[]>(
    `select (a.state->'step'->>'points')::int as step, a.state->>'crossedAt' as "crossedAt", a.status from aggregate a where ${IS_OF} order by a.id`,
    [actor, actor, actor],
  );
  return rows.map(({ step, crossedAt, status }) => ({ step, crossedAt, is: stageOf(status) }));
}

function stageOf(status: SanctionStatus): EarlierMeasure['is'] {
  if (status === SanctionStatus.overturned) return 'overturned';
  return FINAL_SANCTION_STATUSES.includes(status) ? 'over' : 'open';
}

/** The actor behind a seller; a seller that nobody has described is its own actor. */
export async function actorOf(em: Manager, seller: string): Promise<string> {
  const known = ACTOR.get(em)?.get(seller);
  if (known !== undefined) return known;
  const [row] = await statement<{ actor: string }>(em, 'select actor from seller where id = $1', [seller]);
  const actor = row?.actor ?? seller;
  ACTOR.set(em, (ACTOR.get(em) ?? new Map<string, string>()).set(seller, actor));
  return actor;
}

/** What one unit of work has read: the lock and what is written under it must be of one actor. */
const ACTOR = new WeakMap<Manager, Map<string, string>>();
