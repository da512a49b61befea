import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { keepShort } from '../embedded/child.ts';
import { inFolder, makeFolder } from '../embedded/embedded-error.ts';
import { announce, type Ready, readyOf } from './announce.ts';
import { portArgument } from './arguments.ts';
import type { Context } from './context.ts';
import { CliError } from './error.ts';
import { ExitCode } from './exit.ts';
import type { CliIo } from './io.ts';
import type { UpOptions } from './stack.ts';

const READY_WITHIN_MS = 5 * 60_000;
const LAST_LINES = 8;

/** Starts `up` as a process of its own, says what `up` says when it is ready, and returns; later words go to a file in the data folder. */
export async function detach(io: CliIo, context: Context, options: UpOptions): Promise<void> {
  const { data } = context;
  portArgument(options.port, '--port');
  const logFile = join(data, 'up.log');
  const output = await inFolder(data, () => {
    makeFolder(data);
    keepShort(logFile);
    return openSync(logFile, 'a', 0o600);
  });
  const from = statSync(logFile).size;
  const child = spawn(process.execPath, [...process.execArgv, ...upArguments(data, options)], {
    detached: true,
    stdio: ['ignore', output, output, 'ipc'],
  });
  closeSync(output);
  const outcome = await outcomeOf(child);
  if (typeof outcome !== 'object') throw notStarted(outcome, logFile, from);
  child.disconnect();
  child.unref();
  announce(io, outcome, '"npm run interdict -- down" stops all in order; the next start continues.');
}

function upArguments(data: string, { port, samples }: UpOptions): readonly string[] {
  const ports = port === undefined ? [] : ['--port', port];
  return [join(import.meta.dirname, 'main.ts'), '--data', data, 'up', ...ports, ...(samples ? [] : ['--no-samples'])];
}

function outcomeOf(child: ChildProcess): Promise<Ready | 'slow' | number> {
  return new Promise((resolve) => {
    child.on('message', (message) => {
      const ready = readyOf(message);
      if (ready !== undefined) resolve(ready);
    });
    child.once('exit', (code) => resolve(code ?? ExitCode.failed));
    setTimeout(() => resolve('slow'), READY_WITHIN_MS).unref();
  });
}

/** The words of the process itself say best why it did not start. */
function notStarted(outcome: 'slow' | number, logFile: string, from: number): CliError {
  if (outcome === 'slow') {
    const cure = `It goes on trying; see ${logFile}, or stop it with "interdict down".`;
    return new CliError(ExitCode.failed, 'not-ready', `The stack is not ready after ${READY_WITHIN_MS / 60_000} minutes.`, cure);
  }
  const said = readFileSync(logFile).subarray(from).toString('utf8').trim().split('\n').slice(-LAST_LINES);
  const words = said.map((line) => line.replace(/^interdict: /, '')).join('\n');
  const exitCode = Object.values(ExitCode).find((known) => known === outcome) ?? ExitCode.failed;
  return new CliError(exitCode, 'not-started', `The stack did not start. ${words}`, `All its words are in ${logFile}.`);
}
