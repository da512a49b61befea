import type { Manager } from '../connection/orm.ts';

/** A place in the order of changes. */
export interface ChangePlace {
  readonly xid: number;
  readonly id: number;
}

/** One change: something has moved to a status. */
export interface Change extends ChangePlace {
  readonly aggregate: string;
  readonly kind: string;
  readonly status: string;
  readonly n: number;
  readonly at: string;
}

/** Transactions that are still under way may hold changes before those that can be seen: a reader stops at the oldest of them. */
const SETTLED = 'xid < ((pg_snapshot_xmin(pg_current_snapshot()))::text)::bigint';

/** The changes after a place, in order; run it as the portal's role for a party, or as the engine for all. */
export function changesAfter(em: Manager, { xid, id }: ChangePlace, limit: number): Promise<Change[]> {
  return em.execute<Change[]>(
    `select xid::float8 as xid, id::float8 as id, aggregate, kind, status, n, at from change
     where operator = current_setting('interdict.operator', true) and (xid, id) > (?, ?) and ${SETTLED} order by xid, id limit ?`,
    [xid, id, limit],
  );
}

/** The newest place that nothing can come before any more. */
export async function newestPlace(em: Manager): Promise<ChangePlace> {
  const [row] = await em.execute<ChangePlace[]>(
    `select xid::float8 as xid, id::float8 as id from change
     where operator = current_setting('interdict.operator', true) and ${SETTLED} order by xid desc, id desc limit 1`,
  );
  return row ?? { xid: 0, id: 0 };
}

/** Whether everything after a place is still kept: readers that were away for longer begin anew. */
export async function isKept(em: Manager, { xid, id }: ChangePlace): Promise<boolean> {
  const [row] = await em.execute<{ kept: boolean }[]>(
    `select coalesce((select (xid, id) <= (?, ?) from change where operator = current_setting('interdict.operator', true)
     order by xid, id limit 1), true) as kept`,
    [xid, id],
  );
  return row?.kept ?? true;
}

/** Lets go of all but the newest changes and those that an enabled endpoint has not been told. Returns how many went. */
export async function pruneChanges(em: Manager, keep: number): Promise<number> {
  const [edge] = await em.execute<ChangePlace[]>(
    `select xid::float8 as xid, id::float8 as id from change
     where operator = current_setting('interdict.operator', true) order by xid desc, id desc offset ? limit 1`,
    [keep],
  );
  if (edge === undefined) return 0;
  const rows = await em.execute<{ id: number }[]>(
    `delete from change c where (c.xid, c.id) <= (?, ?) and not exists (
       select 1 from webhook_endpoint e where e.operator = c.operator and e.disabled_at is null and (c.xid, c.id) > (e.xid, e.change)) returning c.id`,
    [edge.xid, edge.id],
  );
  return rows.length;
}
