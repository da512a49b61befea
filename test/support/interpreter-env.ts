import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker, type WorkflowBundle } from '@temporalio/worker';
import { loadConfig } from '../../config/config.ts';
import { freeBasePort } from '../../embedded/ports.ts';
import { registerNamespace, startTemporal } from '../../embedded/temporal.ts';
import { type AggregateInput, MESSAGE_SIGNAL, TaskQueue, TICK_SIGNAL, WorkflowType } from '../../workflows/contracts.ts';
import type { FakeAggregate, FakeLog } from './fake-log.ts';
import { quietRuntime, sharedBundle, sharedTemporal } from './servers.ts';

/** A real server and real workflow code, with the fake log behind it. */
export interface InterpreterEnv {
  readonly client: Client;
  /** Starts workers on the log; the test stops them. */
  startWorkers(log: FakeLog): Promise<() => Promise<void>>;
  start(aggregate: FakeAggregate, input?: Partial<AggregateInput>): Promise<void>;
  /** A message in the inbox, then its signal. */
  send(aggregate: FakeAggregate, message: string): Promise<void>;
  tick(aggregate: FakeAggregate): Promise<void>;
  closed(aggregate: FakeAggregate): Promise<void>;
  stop(): Promise<void>;
}

/** A Temporal server to work on, in a namespace that nobody else uses. */
interface Place {
  readonly address: string;
  readonly namespace: string;
  stop(): Promise<void>;
}

/** The server of the run, or with further settings one of its own. */
export async function interpreterEnv(
  extraArgs: readonly string[] = [],
  makeClient = (connection: Connection, namespace: string) => new Client({ connection, namespace }),
): Promise<InterpreterEnv> {
  quietRuntime();
  const place = extraArgs.length === 0 ? await sharedPlace() : await ownPlace(extraArgs);
  const { address, namespace } = place;
  const bundle = await sharedBundle();
  const connection = await Connection.connect({ address });
  const native = await NativeConnection.connect({ address });
  const client = makeClient(connection, namespace);
  const handle = ({ id }: FakeAggregate) => client.workflow.getHandle(id);
  return {
    client,
    startWorkers: (log) => startWorkers({ connection: native, namespace }, bundle, log),
    start: async ({ id, standing }, input) => {
      await client.workflow.start(WorkflowType.case, {
        workflowId: id,
        taskQueue: TaskQueue.cases,
        args: [{ id, standing, heartbeatMs: 1_000, ...input }],
        workflowTaskTimeout: '2s',
      });
    },
    send: async (aggregate, message) => {
      aggregate.inbox.push(message);
      await handle(aggregate).signal(MESSAGE_SIGNAL, { id: message, receivedAt: '2025-10-01T00:00:00.000Z' });
    },
    tick: (aggregate) => handle(aggregate).signal(TICK_SIGNAL),
    closed: async (aggregate) => {
      await handle(aggregate).result();
    },
    stop: async () => {
      await native.close();
      await connection.close();
      await place.stop();
    },
  };
}

async function sharedPlace(): Promise<Place> {
  const [address, namespace] = [await sharedTemporal(), `interpreter-${randomUUID()}`];
  await registerNamespace(address, namespace);
  return { address, namespace, stop: async () => {} };
}

async function ownPlace(extraArgs: readonly string[]): Promise<Place> {
  const dir = mkdtempSync(join(tmpdir(), 'interdict-interpreter-'));
  const port = await freeBasePort(2);
  const [places, namespace] = [loadConfig().config.programs, 'interdict'];
  const server = await startTemporal({ dir, port, metricsPort: port + 1, places, extraArgs, namespace, log: () => {} });
  const stop = async () => {
    await server.stop();
    rmSync(dir, { recursive: true, force: true });
  };
  return { address: server.address, namespace, stop };
}

async function startWorkers(
  base: { readonly connection: NativeConnection; readonly namespace: string },
  workflowBundle: WorkflowBundle,
  log: FakeLog,
): Promise<() => Promise<void>> {
  const { advance, runEffect } = log;
  const workers = await Promise.all([
    Worker.create({ ...base, taskQueue: TaskQueue.cases, workflowBundle, activities: { advance } }),
    Worker.create({ ...base, taskQueue: TaskQueue.marketplace, activities: { runEffect } }),
  ]);
  const runs = Promise.all(workers.map((worker) => worker.run()));
  return async () => {
    for (const worker of workers) worker.shutdown();
    await runs;
  };
}
