import type { AggregateId } from '../domain/ids.ts';
import { instantOf } from '../domain/instant.ts';
import { epochMs } from '../domain/instant.ts';
import { AggregateRow } from '../store/schema/entities/log.ts';
import { work } from '../store/connection/orm.ts';
import type { DispatcherDeps } from './dispatcher-deps.ts';

/** An aggregate that is past its deadline for so long, or owes an effect without any change, has lost its workflow. */
const STUCK_AFTER_MS = 60_000;
const BATCH = 200;

/** Wakes the workflows of aggregates that should have moved; those that the server does not know are started again. */
export async function reviveStuck(deps: DispatcherDeps): Promise<number> {
  const before = instantOf(epochMs(deps.clock.now()) - STUCK_AFTER_MS);
  const rows = await work(deps.store).find(
    AggregateRow,
    { isFinal: false, $or: [{ due: { $lt: before } }, { isOwing: true, changedAt: { $lt: before } }] },
    { fields: ['id'], limit: BATCH },
  );
  for (const row of rows) await deps.workflows.tick(row.id as AggregateId);
  return rows.length;
}

/** Starts every non-final aggregate that the server does not run, from the log alone (`doctor --revive`). */
export async function reviveAll(deps: Pick<DispatcherDeps, 'store' | 'clock' | 'log' | 'workflows'>): Promise<number> {
  let revived = 0;
  for (let after = ''; ; ) {
    const rows = await work(deps.store).find(AggregateRow, { isFinal: false, id: { $gt: after } }, { orderBy: { id: 'asc' }, limit: BATCH });
    const last = rows.at(-1);
    if (last === undefined) return revived;
    for (const row of rows) revived += (await deps.workflows.revive(row.id as AggregateId)) ? 1 : 0;
    after = last.id;
  }
}
