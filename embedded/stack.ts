import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { processMark, tryLock } from '../scripts/owner-lock.js';
import { stopOrphans } from './child.ts';
import { EmbeddedError, EmbeddedProblem, folderProblem, inFolder, makeFolder } from './embedded-error.ts';
import type { Log } from './log.ts';
import { REPLY_ADDRESS } from './mailbox/deliver.ts';
import { startMailbox } from './mailbox/mailbox.ts';
import { startMarketplace } from './marketplace/marketplace.ts';
import { areFree, freeBasePort, LOOPBACK } from './ports.ts';
import { startPostgres } from './postgres.ts';
import { readStack, type StackAddresses, writeRecord } from './stack-record.ts';
import { type Part, Supervisor } from './supervisor.ts';
import { startTemporal } from './temporal.ts';
import type { TemporalPlaces } from './temporal-program.ts';

/** The parts, in the order they are started. */
export const STACK_PARTS = ['postgres', 'temporal', 'mailbox', 'marketplace'] as const;
export type PartName = (typeof STACK_PARTS)[number];

/** What each part adds to the base port; 0 is left for the portal. */
const OFFSET = {
  portal: 0,
  postgres: 1,
  temporal: 2,
  temporalUi: 3,
  temporalMetrics: 4,
  smtp: 5,
  mailbox: 6,
  marketplace: 7,
  inboundMail: 8,
} as const;
const PORTS = 9;
const ATTEMPTS = 3;

/** How to run a stack. */
export interface StackOptions {
  /** Its folder, absolute; a stack is known by it. */
  readonly data: string;
  /** First of nine ports in a row; absent: the ones it had before, else any free ones. */
  readonly port?: number | undefined;
  /** Those that are not replaced by servers of your own. */
  readonly parts?: readonly PartName[] | undefined;
  readonly places: TemporalPlaces;
  readonly namespace?: string | undefined;
  readonly temporalArgs?: readonly string[] | undefined;
  /** Whether Temporal shows its pages; they cost it a little. */
  readonly temporalUi?: boolean | undefined;
  /** Clock of mailbox and marketplace; absent: the machine's. */
  readonly now?: (() => string) | undefined;
  readonly log: Log;
}

/** A running stack. */
export interface RunningStack {
  readonly basePort: number;
  readonly addresses: StackAddresses;
  /** Takes one part down until `startPart`; for tests and drills. A part that is killed is started again by itself. */
  stopPart(name: PartName): Promise<void>;
  startPart(name: PartName): Promise<void>;
  /** Stops all parts in reverse order; twice is once. */
  stop(): Promise<void>;
}

/**
 * Starts the embedded stack on its folder, or continues it.
 * @throws EmbeddedError `data-locked` while another process runs it; else as its parts
 */
export async function startStack(options: StackOptions): Promise<RunningStack> {
  const { data } = options;
  const lock = await inFolder(data, () => {
    makeFolder(data);
    return tryLock(join(data, 'lock'));
  });
  if (lock.heldBy !== undefined) {
    throw new EmbeddedError(
      EmbeddedProblem.dataLocked,
      `Process ${lock.heldBy.pid} runs a stack on ${data} already.`,
      'Use that one, stop it first ("interdict down"), or choose another folder with --data.',
    );
  }
  try {
    const { basePort, addresses, supervisor } = await startParts(options);
    let stopping: Promise<void> | undefined;
    const stop = async () => {
      try {
        await supervisor.stopAll();
        writeRecord(data, { v: 1, basePort });
      } catch (error) {
        const told = folderProblem(error, data);
        if (!(told instanceof EmbeddedError && told.code === EmbeddedProblem.diskFull)) throw error;
        // The record of the start stays: with its owner gone it says the same.
        options.log(`stack: ${told.message} Its ports are not noted anew.`);
      } finally {
        lock.release();
      }
    };
    return {
      basePort,
      addresses,
      stopPart: (name) => supervisor.stopPart(name),
      startPart: (name) => supervisor.startPart(name),
      stop: () => (stopping ??= stop()),
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function startParts(options: StackOptions): Promise<{ basePort: number; addresses: StackAddresses; supervisor: Supervisor }> {
  const owner = { pid: process.pid, mark: processMark(process.pid) };
  await stopLeftovers(options);
  for (let attempt = 1; ; attempt += 1) {
    const basePort = await basePortFor(options);
    await inFolder(options.data, () => writeRecord(options.data, { v: 1, basePort, owner }));
    const addresses: StackAddresses = {};
    const parts = partsOf(options, basePort, addresses).filter(({ name }) => (options.parts ?? STACK_PARTS).includes(name));
    const supervisor = new Supervisor(parts, options.log);
    try {
      await supervisor.startAll();
      writeRecord(options.data, { v: 1, basePort, owner, addresses });
      return { basePort, addresses, supervisor };
    } catch (error) {
      // Another stack may have chosen the same ports at the same moment: then others are chosen.
      const isLostRace = error instanceof EmbeddedError && error.code === EmbeddedProblem.portInUse && options.port === undefined;
      if (!isLostRace || attempt === ATTEMPTS) throw error;
    }
  }
}

/** Servers of an owner that was killed would hold the ports: they are ended before ports are looked at. */
async function stopLeftovers({ data, log }: Pick<StackOptions, 'data' | 'log'>): Promise<void> {
  const ended = [
    await stopOrphans(join(data, 'postgres', 'cluster'), 'postgres', 'SIGINT', 20_000),
    await stopOrphans(join(data, 'temporal'), 'temporal', 'SIGTERM', 10_000),
  ];
  if (ended.includes(true)) log('stack: ended servers that a killed owner had left behind');
}

async function basePortFor({ data, port }: StackOptions): Promise<number> {
  if (port !== undefined) return port;
  const { basePort } = readStack(data);
  if (basePort !== undefined && (await areFree(basePort, PORTS))) return basePort;
  return freeBasePort(PORTS);
}

/** Each part tells its addresses when it has started. */
function partsOf(options: StackOptions, basePort: number, addresses: StackAddresses): readonly (Part & { readonly name: PartName })[] {
  const { data, log, now = () => new Date().toISOString() } = options;
  const port = (of: keyof typeof OFFSET) => basePort + OFFSET[of];
  return [
    {
      name: 'postgres',
      start: async () => {
        const part = await startPostgres({ dir: join(data, 'postgres'), port: port('postgres'), log });
        addresses.databaseUrl = part.url;
        return part;
      },
    },
    {
      name: 'temporal',
      start: async () => {
        const uiPort = options.temporalUi === true ? port('temporalUi') : undefined;
        const part = await startTemporal({
          dir: join(data, 'temporal'),
          port: port('temporal'),
          metricsPort: port('temporalMetrics'),
          uiPort,
          namespace: options.namespace,
          places: options.places,
          extraArgs: options.temporalArgs,
          log,
        });
        addresses.temporal = part.address;
        if (uiPort !== undefined) addresses.temporalUi = `http://${LOOPBACK}:${uiPort}`;
        return part;
      },
    },
    {
      name: 'mailbox',
      start: async () => {
        const inboundMail = { address: REPLY_ADDRESS, host: LOOPBACK, port: port('inboundMail') };
        const part = await startMailbox({
          dir: join(data, 'mailbox'),
          smtpPort: port('smtp'),
          httpPort: port('mailbox'),
          inbound: inboundMail,
          now,
          log,
        });
        Object.assign(addresses, { smtpUrl: part.smtpUrl, mailbox: part.url, inboundMail });
        return part;
      },
    },
    {
      name: 'marketplace',
      start: async () => {
        const part = await startMarketplace({
          dir: join(data, 'marketplace'),
          port: port('marketplace'),
          host: LOOPBACK,
          now,
          log,
        });
        addresses.marketplace = part.url;
        return part;
      },
    },
  ];
}

/**
 * Asks the process that runs the stack to stop it, and waits; ends what a killed one has left behind.
 * @throws EmbeddedError `part-failed` when it has not stopped in time
 */
export async function stopStack(data: string, withinMs: number, log: Log): Promise<'stopped' | 'not-running'> {
  const found = readStack(data);
  if (!existsSync(data)) return 'not-running';
  if (found.state === 'stopped') {
    const lock = await inFolder(data, () => tryLock(join(data, 'lock')));
    if (lock.heldBy === undefined) await stopLeftovers({ data, log }).finally(lock.release);
    return 'not-running';
  }
  const mark = processMark(found.pid);
  const end = performance.now() + withinMs;
  process.kill(found.pid, 'SIGTERM');
  // The lock goes last: once it is gone, the next start may begin.
  while (existsSync(join(data, 'lock')) && processMark(found.pid) === mark) {
    if (performance.now() > end)
      throw new EmbeddedError(
        EmbeddedProblem.partFailed,
        `Process ${found.pid} has not stopped the stack on ${data} within ${withinMs / 1000} s.`,
        `Look at its output; "kill -9 ${found.pid}" ends it, and the next start continues.`,
      );
    await pause(50);
  }
  return 'stopped';
}
