import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { tryLock } from '../scripts/owner-lock.js';
import { type ServerProcess, type ServerProgram, startServer, stopOrphans, stopServer, untilReady } from './child.ts';
import { EmbeddedError, EmbeddedProblem, inFolder } from './embedded-error.ts';
import type { Log, RunningPart } from './log.ts';
import { LOOPBACK, requireFreePort } from './ports.ts';
import { findPostgres, type PostgresProgram } from './postgres-program.ts';

const LOGIN = 'interdict';
const DATABASE = 'interdict';
/** Fast shutdown: sessions are ended, everything is written. Then quit at once (recovers from the log at the next start). */
const STOP_STEPS = [
  ['SIGINT', 30_000],
  ['SIGQUIT', 5_000],
] as const;
const READY_WITHIN_MS = 60_000;

/**
 * Durable as delivered (fsync, synchronous commit, full pages), small for a laptop: no replication, no just-in-time
 * compilation, no worker processes for reading; text order and time do not depend on the machine.
 */
const SETTINGS = {
  listen_addresses: LOOPBACK,
  unix_socket_directories: '',
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '1GB',
  checkpoint_timeout: '15min',
  shared_buffers: '128MB',
  max_connections: '200',
  huge_pages: 'off',
  io_method: 'sync',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
} as const;

/** What a server that nobody will start again leaves out: with it a power cut may cost the whole database. */
const THROWAWAY = { fsync: 'off', full_page_writes: 'off' } as const;

/** How to run the server. */
export interface PostgresOptions {
  readonly dir: string;
  readonly port: number;
  /** For a run of tests: nothing waits for the disk, and what was written is worth nothing afterwards. */
  readonly isThrowaway?: boolean;
  readonly log: Log;
}

/** A running embedded PostgreSQL. */
export interface RunningPostgres extends RunningPart {
  /** Address with the password of the owner of the database: a secret. */
  readonly url: string;
  /** Process number of the server. */
  readonly pid: number;
  /** Settles when the server has ended, for whatever reason. */
  readonly exited: Promise<void>;
}

/**
 * Starts PostgreSQL on the folder, making the database first where there is none; continues after a kill.
 * @throws EmbeddedError `data-locked` while another process runs it, `port-in-use`, `not-available`, `part-failed`, folder errors
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const { dir } = options;
  const lock = await inFolder(dir, () => {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    return tryLock(join(dir, 'lock'));
  });
  if (lock.heldBy !== undefined) {
    throw new EmbeddedError(
      EmbeddedProblem.dataLocked,
      `Process ${lock.heldBy.pid} runs PostgreSQL on ${dir} already.`,
      'Use that one, or stop it first ("interdict down").',
    );
  }
  try {
    const running = await startLocked(options);
    return { ...running, stop: () => running.stop().finally(lock.release) };
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function startLocked(options: PostgresOptions): Promise<RunningPostgres> {
  const { dir, port, log } = options;
  const program = findPostgres();
  const cluster = join(dir, 'cluster');
  if (await stopOrphans(cluster, 'postgres', 'SIGINT', 20_000)) log('postgres: ended a server that its owner had left behind');
  await requireFreePort(port, 'PostgreSQL');
  if (!existsSync(cluster)) await inFolder(dir, () => createCluster(dir, program, log));
  // With the folder locked and no server in it, what this file names is another process with the same number.
  rmSync(join(cluster, 'postmaster.pid'), { force: true });
  const server = await serve(options, program);
  log(`postgres: ready on ${LOOPBACK}:${port}`);
  let stopping: Promise<void> | undefined;
  return {
    url: urlOf(dir, port, DATABASE),
    pid: server.pid,
    exited: server.exited,
    stop: () => (stopping ??= stopServer(server, STOP_STEPS)),
  };
}

/**
 * The cluster is made in a folder apart and then renamed: an interrupted attempt is never taken for a database.
 * Every path is told through /proc/self/cwd, because root's current folder can be handed to a user who may not
 * walk down to it (a checkout in /root, a folder of mktemp); initdb changes to the folder itself, so it must be the current one.
 */
function createCluster(dir: string, { bin, user }: PostgresProgram, log: Log): void {
  log('postgres: creating the database ...');
  const work = join(dir, 'creating');
  rmSync(work, { recursive: true, force: true });
  mkdirSync(join(work, 'cluster'), { recursive: true, mode: 0o700 });
  const password = randomBytes(24).toString('base64url');
  for (const file of [join(work, 'password'), join(dir, 'password')]) writeFileSync(file, password, { mode: 0o600 });
  if (user !== undefined) for (const path of ['', 'cluster', 'password']) chownSync(join(work, path), user.uid, user.gid);
  const made = spawnSync(
    join(bin, 'initdb'),
    [
      '-D',
      '/proc/self/cwd',
      '-U',
      LOGIN,
      '--pwfile=/proc/self/cwd/../password',
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-instructions',
    ],
    { cwd: join(work, 'cluster'), encoding: 'utf8', ...user },
  );
  if (made.status !== 0) throw initdbProblem(dir, made.stderr);
  renameSync(join(work, 'cluster'), join(dir, 'cluster'));
  rmSync(work, { recursive: true, force: true });
}

function initdbProblem(dir: string, words: string): EmbeddedError {
  if (words.includes('No space left')) {
    return new EmbeddedError(
      EmbeddedProblem.diskFull,
      `No space is left for ${dir}.`,
      'Free some space there, or choose another folder with --data.',
    );
  }
  return new EmbeddedError(
    EmbeddedProblem.partFailed,
    `PostgreSQL could not create its database in ${dir}: ${words.trim()}`,
    'Correct what it names, or choose another folder with --data.',
  );
}

async function serve({ dir, port, isThrowaway }: PostgresOptions, { bin, user }: PostgresProgram): Promise<ServerProcess> {
  const settings = Object.entries({ ...SETTINGS, ...(isThrowaway === true && THROWAWAY), port: String(port) }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  const program: ServerProgram = {
    name: 'PostgreSQL',
    command: join(bin, 'postgres'),
    args: ['-D', '/proc/self/cwd', ...settings],
    cwd: join(dir, 'cluster'),
    logFile: join(dir, 'server.log'),
    stopSignal: 'SIGINT',
    user,
  };
  const server = await startServer(program);
  try {
    await untilReady(server, program, () => hasDatabase(dir, port), READY_WITHIN_MS);
    return server;
  } catch (error) {
    await stopServer(server, STOP_STEPS);
    throw error;
  }
}

/** Whether the server answers; creates the database on the first answer. */
async function hasDatabase(dir: string, port: number): Promise<boolean> {
  const client = new Client({ connectionString: urlOf(dir, port, 'postgres') });
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch {
    // Not listening yet, or still recovering: the caller asks again and reads the log in the end.
    return false;
  }
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`create database ${DATABASE}`);
    return true;
  } finally {
    await client.end();
  }
}

function urlOf(dir: string, port: number, database: string): string {
  return `postgres://${LOGIN}:${readFileSync(join(dir, 'password'), 'utf8')}@${LOOPBACK}:${port}/${database}`;
}
