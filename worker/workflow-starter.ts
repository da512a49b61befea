import { type Client, WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import { WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/common';
import type { NextSteps } from '../domain/aggregate.ts';
import { type AggregateId, kindOf } from '../domain/ids.ts';
import { AggregateRow } from '../store/schema/entities/log.ts';
import { type Store, work } from '../store/connection/orm.ts';
import {
  type AggregateInput,
  MESSAGE_SIGNAL,
  type MessageSignal,
  TaskQueue,
  TICK_SIGNAL,
  WORKFLOW_OF,
  WorkflowType,
} from '../workflows/contracts.ts';

export interface StarterOptions {
  readonly isVirtual?: boolean;
  readonly heartbeatMs?: number;
  readonly workflowTaskTimeoutMs?: number;
}

/** Starts, signals and revives workflows; every call may be repeated. */
export interface WorkflowStarter {
  start(input: AggregateInput): Promise<void>;
  startNotification(id: string): Promise<void>;
  signal(id: AggregateId, message: MessageSignal): Promise<void>;
  tick(id: AggregateId): Promise<void>;
  /** Starts the workflow again from the log; false when it runs already or the aggregate is final. */
  revive(id: AggregateId): Promise<boolean>;
}

/** The starter on a Temporal client. */
export function workflowStarter(client: Client, store: Store, options: StarterOptions = {}): WorkflowStarter {
  const pace = {
    ...(options.isVirtual === true && { isVirtual: true as const }),
    ...(options.heartbeatMs !== undefined && { heartbeatMs: options.heartbeatMs }),
  };
  const letterPace = options.heartbeatMs === undefined ? {} : { heartbeatMs: options.heartbeatMs };
  const taskTimeout = options.workflowTaskTimeoutMs === undefined ? {} : { workflowTaskTimeout: options.workflowTaskTimeoutMs };

  async function startAggregate(input: AggregateInput, workflowIdReusePolicy: WorkflowIdReusePolicy): Promise<boolean> {
    try {
      await client.workflow.start(WORKFLOW_OF[kindOf(input.id)], {
        workflowId: input.id,
        taskQueue: TaskQueue.cases,
        args: [{ ...input, ...pace }],
        workflowIdReusePolicy,
        workflowIdConflictPolicy: WorkflowIdConflictPolicy.FAIL,
        ...taskTimeout,
      });
      return true;
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
      throw error;
    }
  }

  async function revive(id: AggregateId): Promise<boolean> {
    const row = await work(store).findOne(AggregateRow, { id });
    if (row === null || row.isFinal) return false;
    // The log deduplicates what a second run does again: a closed workflow's id may be used once more.
    return startAggregate({ id, standing: nextStepsOfRow(row), ask: true }, WorkflowIdReusePolicy.ALLOW_DUPLICATE);
  }

  async function signalOrRevive(id: AggregateId, send: () => Promise<void>): Promise<void> {
    try {
      await send();
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
      await revive(id);
    }
  }

  return {
    start: async (input) => void (await startAggregate(input, WorkflowIdReusePolicy.REJECT_DUPLICATE)),
    revive,
    startNotification: async (id) => {
      await client.workflow.start(WorkflowType.letter, {
        workflowId: id,
        taskQueue: TaskQueue.cases,
        args: [{ id, ...letterPace }],
        workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
        workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
        ...taskTimeout,
      });
    },
    signal: (id, message) => signalOrRevive(id, () => client.workflow.getHandle(id).signal(MESSAGE_SIGNAL, message)),
    tick: (id) => signalOrRevive(id, () => client.workflow.getHandle(id).signal(TICK_SIGNAL)),
  };
}

/** What the projection says of where an aggregate stands. */
export type Projected = Pick<AggregateRow, 'id' | 'n' | 'due' | 'dueRule' | 'owes' | 'isFinal'>;

/** The standing as the projection holds it. */
export function nextStepsOfRow(row: Projected): NextSteps {
  const due = row.due == null || row.dueRule == null ? {} : { due: { at: row.due as NonNullable<NextSteps['due']>['at'], rule: row.dueRule } };
  const owes = row.owes.map(({ key, try: attempt, kind }) => ({ key, try: attempt, kind }));
  return { n: row.n, owes, ...due, ...(row.isFinal && { final: true as const }) };
}
