import type { LedgerLine } from '../domain/ledger/points.ts';
import { SanctionStatus } from '../domain/sanction/model.ts';
import type { Manager } from './orm.ts';

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

/** A sanction that is not over. */
export interface OpenSanctionOf {
  readonly id: string;
  readonly measure: string;
  /** Whether the shop feels it, or may: what it holds must not be undone for another sanction's sake. */
  readonly holds: boolean;
}

const HOLDING: readonly string[] = [SanctionStatus.executing, SanctionStatus.inForce];

/** The open sanctions of an actor, over all its sellers. */
export async function openSanctions(em: Manager, actor: string): Promise<readonly OpenSanctionOf[]> {
  const rows = await em.execute<{ id: string; status: string; measure: string }[]>(
    `select a.id, a.status, a.state->'step'->>'measure' as measure
     from aggregate a join party on party.aggregate = a.id and party.capacity = 'seller'
     where a.kind = 'sanction' and not a.is_final and party.organisation in (${SELLERS_OF}) order by a.id`,
    [actor, actor, actor],
  );
  return rows.map(({ id, status, measure }) => ({ id, measure, holds: HOLDING.includes(status) }));
}
