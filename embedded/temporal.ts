import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { tryLock } from '../scripts/owner-lock.js';
import { type ServerProcess, type ServerProgram, startServer, stopOrphans, stopServer, untilReady } from './child.ts';
import { EmbeddedError, EmbeddedProblem, inFolder } from './embedded-error.ts';
import type { Log, RunningPart } from './log.ts';
import { isListening, LOOPBACK, requireFreePort } from './ports.ts';
import { findTemporal, type TemporalPlaces } from './temporal-program.ts';

const STOP_STEPS = [['SIGTERM', 10_000]] as const;
const READY_WITHIN_MS = 60_000;
const CONNECT_WITHIN_MS = 1_000;
const RETENTION = msToTs('90 days');
const ALREADY_EXISTS = 6;

/** Lets the server skip waiting time for executions that ask for it; for tests only. The inner quotes are part of the value. */
export const TIME_SKIPPING_FLAGS: readonly string[] = [
  'frontend.WorkflowTimeSkippingEnabled=true',
  'history.timerProcessorMaxTimeShift="1ms"',
  'history.timerProcessorMaxPollRPS=10000',
  'history.timerProcessorMaxPollHostRPS=10000',
].flatMap((value) => ['--dynamic-config-value', value]);

/** How to run the server. */
export interface TemporalOptions {
  readonly dir: string;
  readonly port: number;
  readonly metricsPort: number;
  /** With one the server shows its pages there. */
  readonly uiPort?: number | undefined;
  readonly namespace?: string | undefined;
  readonly places: TemporalPlaces;
  /** Appended to the command line, for example `TIME_SKIPPING_FLAGS`. */
  readonly extraArgs?: readonly string[] | undefined;
  readonly log: Log;
}

/** A running embedded Temporal server. */
export interface RunningTemporal extends RunningPart {
  /** host:port of the frontend. */
  readonly address: string;
  readonly pid: number;
  /** Settles when the server has ended, for whatever reason. */
  readonly exited: Promise<void>;
}

/**
 * Starts the server on the folder and creates the namespace, which keeps closed histories for 90 days; continues after a kill.
 * @throws EmbeddedError `data-locked` while another process runs it, `port-in-use`, `not-available`, `part-failed`, folder errors
 */
export async function startTemporal(options: TemporalOptions): Promise<RunningTemporal> {
  const lock = await inFolder(options.dir, () => {
    mkdirSync(options.dir, { recursive: true, mode: 0o700 });
    return tryLock(join(options.dir, 'lock'));
  });
  if (lock.heldBy !== undefined) {
    throw new EmbeddedError(
      EmbeddedProblem.dataLocked,
      `Process ${lock.heldBy.pid} runs Temporal on ${options.dir} already.`,
      'Use that one, or stop it first ("interdict down").',
    );
  }
  try {
    const server = await startLocked(options);
    let stopping: Promise<void> | undefined;
    const stop = () => (stopping ??= stopServer(server, STOP_STEPS).finally(lock.release));
    return { address: `${LOOPBACK}:${options.port}`, pid: server.pid, exited: server.exited, stop };
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function startLocked(options: TemporalOptions): Promise<ServerProcess> {
  const { dir, port, uiPort, metricsPort, places, log } = options;
  const command = await findTemporal(places, log);
  if (await stopOrphans(dir, basename(command), 'SIGTERM', 10_000)) log('temporal: ended a server that its owner had left behind');
  for (const wanted of [port, metricsPort, ...(uiPort === undefined ? [] : [uiPort])]) await requireFreePort(wanted, 'Temporal');
  const program: ServerProgram = {
    name: 'Temporal',
    command,
    args: argumentsOf(options),
    cwd: dir,
    logFile: join(dir, 'server.log'),
    stopSignal: 'SIGTERM',
  };
  const server = await startServer(program);
  try {
    await untilReady(server, program, () => hasNamespace(options), READY_WITHIN_MS);
  } catch (error) {
    await stopServer(server, STOP_STEPS);
    throw error;
  }
  log(`temporal: ready on ${LOOPBACK}:${port}`);
  return server;
}

/** One partition per queue halves the server's work at this size; WAL makes a kill harmless (measured: engineering notes). */
function argumentsOf({ port, uiPort, metricsPort, extraArgs }: TemporalOptions): string[] {
  return [
    'server',
    'start-dev',
    '--ip',
    LOOPBACK,
    '--port',
    String(port),
    '--metrics-port',
    String(metricsPort),
    ...(uiPort === undefined ? ['--headless'] : ['--ui-port', String(uiPort)]),
    '--log-level',
    'warn',
    '--db-filename',
    'temporal.db',
    '--sqlite-pragma',
    'journal_mode=WAL',
    '--sqlite-pragma',
    'synchronous=NORMAL',
    '--dynamic-config-value',
    'matching.numTaskqueueReadPartitions=1',
    '--dynamic-config-value',
    'matching.numTaskqueueWritePartitions=1',
    ...(extraArgs ?? []),
  ];
}

/** Whether the server answers; registers the namespace on the first answer. */
async function hasNamespace({ port, namespace = 'interdict' }: TemporalOptions): Promise<boolean> {
  // A connection that is refused once waits a whole second before it asks again: ask the port first.
  if (!(await isListening(port))) return false;
  return registerNamespace(`${LOOPBACK}:${port}`, namespace);
}

/** Registers a namespace with 90 days of retention, if it is not there yet. False while the server does not answer. */
export async function registerNamespace(address: string, namespace: string): Promise<boolean> {
  const connection = await Connection.connect({ address, connectTimeout: CONNECT_WITHIN_MS }).catch(() => undefined);
  if (connection === undefined) return false;
  try {
    await connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: RETENTION });
    return true;
  } catch (error) {
    // Any other refusal is of a server that is still waking up: the caller asks again and reads the log in the end.
    return codeOf(error) === ALREADY_EXISTS;
  } finally {
    await connection.close();
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
