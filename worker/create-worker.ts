import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, type NativeConnection, Worker, type WorkflowBundle } from '@temporalio/worker';
import type { CaseActivities, NotificationActivities, SweepActivities } from '../workflows/contracts.ts';
import { TaskQueue } from '../workflows/contracts.ts';

export interface WorkerActivities {
  readonly cases: CaseActivities;
  readonly letters: NotificationActivities;
  readonly sweeps: SweepActivities;
}

export interface WorkerOptions {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly activities: WorkerActivities;
  readonly bundle: WorkflowBundle;
  readonly identity: string;
  /** Most takedowns and put-backs a second, enforced by the server over all workers. */
  readonly marketplaceRate?: number;
  readonly cachedWorkflows?: number;
  /** How long a workflow's task waits for the worker that knows it before any other may take it, in milliseconds; absent: the SDK's ten seconds. */
  readonly stickyMs?: number;
}

/** Mails on their way at once: a mail host takes so many connections and no more. */
const LETTERS_AT_ONCE = 20;

/** The workflow bundle, made once per process: it is also the guard that no workflow imports what it must not. */
export function workflowBundle(): Promise<WorkflowBundle> {
  return bundleWorkflowCode({ workflowsPath: fileURLToPath(new URL('../workflows/index.ts', import.meta.url)), logger: new DefaultLogger('WARN') });
}

/** The workers of one process: workflows with the log, and one per class of activities. They share a connection. */
export async function createWorkers(options: WorkerOptions): Promise<readonly Worker[]> {
  const { connection, namespace, identity, activities } = options;
  const base = { connection, namespace, identity, shutdownGraceTime: '10s' } as const;
  const { runEffect, advance } = activities.cases;
  const { sendLetter } = activities.letters;
  const { sweepListings } = activities.sweeps;
  return Promise.all([
    Worker.create({
      ...base,
      taskQueue: TaskQueue.cases,
      workflowBundle: options.bundle,
      // The log's local activity, and notifications: the server hands an outbox message's activity out with the answer to its workflow task.
      activities: { advance, sendLetter },
      maxConcurrentActivityTaskExecutions: LETTERS_AT_ONCE,
      maxCachedWorkflows: options.cachedWorkflows ?? 1_000,
      ...(options.stickyMs !== undefined && { stickyQueueScheduleToStartTimeout: options.stickyMs }),
    }),
    Worker.create({
      ...base,
      taskQueue: TaskQueue.marketplace,
      activities: { runEffect },
      maxConcurrentActivityTaskExecutions: 50,
      ...(options.marketplaceRate !== undefined && { maxTaskQueueActivitiesPerSecond: options.marketplaceRate }),
    }),
    Worker.create({
      ...base,
      taskQueue: TaskQueue.sweeps,
      activities: { sweepListings },
      maxConcurrentActivityTaskExecutions: 2,
      // People watch a sweep by its heartbeats; the default lets one through every 48 seconds.
      maxHeartbeatThrottleInterval: '2s',
      defaultHeartbeatThrottleInterval: '2s',
    }),
  ]);
}
