import { type Client, type WorkflowExecutionDescription, WorkflowNotFoundError } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { FlowRun } from '../domain/history-file.ts';
import type { AggregateId } from '../domain/ids.ts';

/** The runs of an aggregate's workflow as Temporal keeps them, or why they cannot be had. */
export type Flow =
  | { readonly kind: 'found'; readonly runs: readonly FlowRun[]; readonly isRunning: boolean }
  | { readonly kind: 'gone' | 'unreachable'; readonly reason: string };

/** A server that is there describes a workflow at once; long histories take their time. */
const FIRST_MS = 3_000;
const ALL_MS = 30_000;

/** Reads every run (a workflow that continued as new or was revived has several). Never throws for what Temporal cannot give. */
export async function readFlow(temporal: Client, id: AggregateId): Promise<Flow> {
  try {
    const newest = await temporal.connection.withDeadline(Date.now() + FIRST_MS, () => temporal.workflow.getHandle(id).describe());
    return await temporal.connection.withDeadline(Date.now() + ALL_MS, () => readRuns(temporal, id, newest));
  } catch (error) {
    if (error instanceof WorkflowNotFoundError)
      return { kind: 'gone', reason: `Temporal holds no workflow ${id} (any more): its retention has ended, or it never started` };
    return { kind: 'unreachable', reason: `Temporal did not give the history of ${id}: ${firstLine(error)}` };
  }
}

async function readRuns(temporal: Client, id: AggregateId, newest: WorkflowExecutionDescription): Promise<Flow> {
  const starts = new Map([[newest.runId, newest.startTime.getTime()]]);
  // The id has its checked form, so it cannot end the quotes.
  for await (const run of temporal.workflow.list({ query: `WorkflowId = '${id}'` })) starts.set(run.runId, run.startTime.getTime());
  const runs: FlowRun[] = [];
  for (const [run] of [...starts].sort(([, a], [, b]) => a - b)) {
    const history = await temporal.workflow.getHandle(id, run).fetchHistory();
    runs.push({ aggregate: id, run, history: JSON.parse(historyToJSON(history)) });
  }
  return { kind: 'found', runs, isRunning: newest.status.name === 'RUNNING' };
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}
