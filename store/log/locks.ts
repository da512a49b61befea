import type { Manager } from '../connection/orm.ts';
import { statement } from '../connection/statement.ts';

/**
 * Transaction-scoped advisory locks. The lock order is aggregate, listing, actor (design.md section 2.10); a
 * sender holds the aggregate's lock shared, so that nothing accepted earlier can be overtaken by a decision.
 */
export async function lockAggregate(em: Manager, id: string): Promise<void> {
  await statement(em, 'select pg_advisory_xact_lock(hashtextextended($1, 1))', [id]);
}

/** The sender's side of the aggregate's lock. */
export async function shareAggregate(em: Manager, id: string): Promise<void> {
  await statement(em, 'select pg_advisory_xact_lock_shared(hashtextextended($1, 1))', [id]);
}

/** Versions of one listing and holder are opened one after the other; taken before every other lock. */
export async function lockOpening(em: Manager, marketplace: string, listing: string, holder: string): Promise<void> {
  await statement(em, 'select pg_advisory_xact_lock(hashtextextended($1, 5))', [JSON.stringify([marketplace, listing, holder])]);
}

/** The files of one organisation are booked one after the other. */
export async function lockDocuments(em: Manager, organisation: string): Promise<void> {
  await statement(em, 'select pg_advisory_xact_lock(hashtextextended($1, 7))', [organisation]);
}

/** Grounds of one listing are read and written under this lock. */
export async function lockListing(em: Manager, marketplace: string, listing: string): Promise<void> {
  await lockOnce(em, JSON.stringify([marketplace, listing]), 2);
}

/** The ledger of one actor is read and written under this lock. */
export async function lockActor(em: Manager, actor: string): Promise<void> {
  await lockOnce(em, actor, 3);
}

/** A lock of a transaction is held until its end: taking it twice is a statement for nothing. */
async function lockOnce(em: Manager, name: string, space: number): Promise<void> {
  const held = HELD.get(em) ?? new Set<string>();
  HELD.set(em, held);
  const lock = `${space}:${name}`;
  if (held.has(lock)) return;
  await statement(em, `select pg_advisory_xact_lock(hashtextextended($1, ${space}))`, [name]);
  held.add(lock);
}

const HELD = new WeakMap<Manager, Set<string>>();

/** The seal sequence of one operator; taken last, held until commit, so that the sequence has no gap. */
export async function lockSeals(em: Manager): Promise<void> {
  await statement(em, "select pg_advisory_xact_lock(hashtextextended(current_setting('interdict.operator', true), 4))");
}

/** Policy versions of one operator are stored one after the other. */
export async function lockPolicies(em: Manager): Promise<void> {
  await statement(em, "select pg_advisory_xact_lock(hashtextextended(current_setting('interdict.operator', true), 6))");
}
