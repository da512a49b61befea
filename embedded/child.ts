import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readdirSync, readFileSync, readlinkSync, realpathSync, renameSync, statSync } from 'node:fs';
import { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { processMark } from '../scripts/owner-lock.js';
import { EmbeddedError, EmbeddedProblem } from './embedded-error.ts';

const POLL_MS = 20;
const LAST_LINES = 12;
const LOG_BYTES = 8 * 1024 * 1024;

/** A server program to run beside us. */
export interface ServerProgram {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Its words go to this file, so that they outlive us and it can never block on a pipe nobody reads. */
  readonly logFile: string;
  /** What ends it in good order. */
  readonly stopSignal: NodeJS.Signals;
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
}

/** A started server program. */
export interface ServerProcess {
  readonly pid: number;
  /** Settles when the process has ended, for whatever reason. */
  readonly exited: Promise<void>;
  readonly hasExited: () => boolean;
}

/**
 * Starts a server in a session of its own: Ctrl-C in the terminal is for us alone, and we stop the servers in order.
 * @throws EmbeddedError `part-failed` where the program cannot be started.
 */
export async function startServer(program: ServerProgram): Promise<ServerProcess> {
  keepShort(program.logFile);
  const out = openSync(program.logFile, 'a');
  try {
    const stdio: StdioOptions = ['ignore', out, out];
    const child = spawn(program.command, program.args, { cwd: program.cwd, detached: true, stdio, ...program.user });
    const exited = once(child, 'exit').then(() => undefined);
    // Whoever needs to know asks hasExited or awaits exited; a failed spawn is told by pidOf.
    exited.catch(() => undefined);
    const pid = await pidOf(child, program);
    const guard = guardFor(pid, program.stopSignal);
    child.once('exit', () => guard.kill('SIGKILL'));
    return { pid, exited, hasExited: () => child.exitCode !== null || child.signalCode !== null };
  } finally {
    closeSync(out);
  }
}

/**
 * Ends the server when we end without stopping it, even by kill -9: the guard waits on a pipe that only our end closes.
 * Neither guard nor pipe keeps us running.
 */
function guardFor(pid: number, signal: NodeJS.Signals): ChildProcess {
  const guard = spawn('/bin/sh', ['-c', `read _; kill -${signal.replace('SIG', '')} ${pid}`], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.on('error', () => undefined);
  guard.unref();
  if (guard.stdin instanceof Socket) guard.stdin.unref();
  return guard;
}

/** The log of earlier runs is kept once; a folder that is used for months does not fill up with it. */
export function keepShort(logFile: string): void {
  if ((statSync(logFile, { throwIfNoEntry: false })?.size ?? 0) > LOG_BYTES) renameSync(logFile, `${logFile}.1`);
}

async function pidOf(child: ChildProcess, program: ServerProgram): Promise<number> {
  if (child.pid !== undefined) return child.pid;
  const [error]: unknown[] = await once(child, 'error').catch((reason: unknown) => [reason]);
  throw new EmbeddedError(
    EmbeddedProblem.partFailed,
    `${program.name} cannot be started: ${String(error)}.`,
    `Check that ${program.command} is there and may be run.`,
    error,
  );
}

/**
 * Polls until `isReady` says so.
 * @throws EmbeddedError `part-failed` with the last words of the log when the server ends or the time is over.
 */
export async function untilReady(server: ServerProcess, program: ServerProgram, isReady: () => Promise<boolean>, withinMs: number): Promise<void> {
  const end = performance.now() + withinMs;
  while (!(await isReady())) {
    if (server.hasExited() || performance.now() > end) throw notReady(server, program, withinMs);
    await pause(POLL_MS);
  }
}

function notReady(server: ServerProcess, program: ServerProgram, withinMs: number): EmbeddedError {
  const what = server.hasExited() ? 'ended while it started' : `was not ready within ${withinMs / 1000} s`;
  const words = readFileSync(program.logFile, 'utf8').trim().split('\n').slice(-LAST_LINES).join('\n');
  return new EmbeddedError(
    EmbeddedProblem.partFailed,
    `${program.name} ${what}. Its last words:\n${words}`,
    `Read ${program.logFile}; correct what it names and start again.`,
  );
}

/** Sends one signal after the other, each with its time to work, until the process has ended; the last is SIGKILL. */
export async function stopServer(server: ServerProcess, steps: readonly (readonly [NodeJS.Signals, number])[]): Promise<void> {
  for (const [signal, withinMs] of [...steps, ['SIGKILL', 10_000] as const]) {
    if (server.hasExited()) break;
    send(server.pid, signal);
    await Promise.race([server.exited, pause(withinMs, undefined, { ref: false })]);
  }
}

/**
 * Ends the servers that an earlier owner left running in `folder` when it was killed; the eldest is asked first.
 * Call it only while holding the folder's lock. Their folder and name tell them from everything else (Linux only:
 * elsewhere a leftover is met as a port in use).
 */
export async function stopOrphans(folder: string, program: string, signal: NodeJS.Signals, withinMs: number): Promise<boolean> {
  const end = performance.now() + withinMs;
  const [eldest] = serversIn(folder, program);
  if (eldest === undefined) return false;
  send(eldest, signal);
  for (let left = serversIn(folder, program); left.length > 0; left = serversIn(folder, program)) {
    if (performance.now() > end) for (const pid of left) send(pid, 'SIGKILL');
    await pause(POLL_MS);
  }
  return true;
}

/** Processes that run `program` with `folder` as their current one, smallest number first. */
function serversIn(folder: string, program: string): number[] {
  if (process.platform !== 'linux' || !existsSync(folder)) return [];
  const wanted = realpathSync(folder);
  const pids = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  return pids.filter((pid) => nameOf(pid) === program.slice(0, 15) && folderOf(pid) === wanted).sort((a, b) => a - b);
}

function nameOf(pid: number): string | undefined {
  return ifReadable(() => readFileSync(`/proc/${pid}/comm`, 'utf8').trim());
}

function folderOf(pid: number): string | undefined {
  return processMark(pid) === undefined ? undefined : ifReadable(() => readlinkSync(`/proc/${pid}/cwd`));
}

/** A process that has ended, or is somebody else's, is none of ours. */
function ifReadable(read: () => string): string | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended between the look and the signal.
  }
}
