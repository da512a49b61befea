import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { AggregateId } from '../domain/ids.ts';
import { epochMs, type Instant, instantOf } from '../domain/instant.ts';
import { AggregateRow } from '../store/schema/entities/log.ts';
import { type Store, work } from '../store/connection/orm.ts';
import { WORKFLOW_OF } from '../workflows/contracts.ts';

/** The start of a workflow is an outbox message: what was opened a moment ago waits for it. */
const STARTED_WITHIN_MS = 60_000;
const PAGE = 1_000;
/** Asked for one by one at most, so many at once: beyond it the list is believed. */
const MOST_ASKED = 2_000;
const AT_ONCE = 20;

/** What the log has open, and which of it no workflow drives. */
export interface Drive {
  readonly open: number;
  readonly undriven: readonly AggregateId[];
}

/**
 * Compares the log with Temporal: which open cases, appeals, sanctions and referrals have no running workflow, because the server's
 * data was lost, or a workflow was terminated, failed or never started. Throws what the store and Temporal throw.
 */
export async function compareDrive(store: Store, temporal: Client, now: Instant): Promise<Drive> {
  const before = instantOf(epochMs(now) - STARTED_WITHIN_MS);
  const rows = await work(store).find(AggregateRow, { isFinal: false }, { fields: ['id', 'openedAt'], orderBy: { id: 'asc' } });
  const running = rows.length === 0 ? new Set<string>() : await runningIds(temporal);
  const missing = rows.filter(({ id, openedAt }) => openedAt < before && !running.has(id)).map(({ id }) => id as AggregateId);
  return { open: rows.length, undriven: await notRunning(temporal, missing) };
}

async function runningIds(temporal: Client): Promise<ReadonlySet<string>> {
  const types = Object.values(WORKFLOW_OF).map((type) => `'${type}'`);
  const query = `ExecutionStatus = 'Running' and WorkflowType in (${types.join(', ')})`;
  const ids = new Set<string>();
  for await (const { workflowId } of temporal.workflow.list({ query, pageSize: PAGE })) ids.add(workflowId);
  return ids;
}

/** Lists are a moment behind: whoever is missing from them is asked for by its id, which is never. */
async function notRunning(temporal: Client, ids: readonly AggregateId[]): Promise<readonly AggregateId[]> {
  const found = new Set<AggregateId>();
  const asked = ids.slice(0, MOST_ASKED).values();
  const asker = async () => {
    for (const id of asked) if (!(await isRunning(temporal, id))) found.add(id);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, asker));
  return ids.filter((id, at) => at >= MOST_ASKED || found.has(id));
}

async function isRunning(temporal: Client, id: AggregateId): Promise<boolean> {
  try {
    return (await temporal.workflow.getHandle(id).describe()).status.name === 'RUNNING';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
