import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A worker process that is started again when it dies, until it is stopped. */
export interface WorkerChild {
  /** Settles when the first worker is ready; rejects when it ends before that. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

const RESTART_MS = 1_000;
const STOP_WITHIN_MS = 20_000;

/** Runs `worker/main.ts` beside this process: a crash of the worker must not take the servers with it. */
export function workerChild(data: string, say: (line: string) => void): WorkerChild {
  let child: ChildProcess | undefined;
  let isStopping = false;

  function start(): Promise<void> {
    if (isStopping) return Promise.resolve();
    const running = spawnWorker(data);
    child = running;
    return new Promise<void>((resolve, reject) => {
      running.once('message', () => {
        resolve();
        running.once('exit', again);
      });
      // No process to be had, for want of memory or numbers: no exit is told then.
      running.once('error', reject);
      running.once('exit', (code) => reject(new Error(`the worker ended with ${code} before it was ready; its words are above`)));
    });
  }

  /** Only a worker that has once served is started again by itself: one that cannot start has said why. */
  function again(): void {
    if (isStopping) return;
    say('the worker ended; it is started again');
    setTimeout(() => void start().catch(again), RESTART_MS).unref();
  }

  return {
    start,
    stop: async () => {
      isStopping = true;
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
      const running = child;
      const ended = once(running, 'exit');
      running.kill('SIGTERM');
      const force = setTimeout(() => running.kill('SIGKILL'), STOP_WITHIN_MS);
      await ended;
      clearTimeout(force);
    },
  };
}

function spawnWorker(data: string): ChildProcess {
  return fork(join(import.meta.dirname, '..', 'worker', 'main.ts'), ['--data', data], {
    // Its own group: Ctrl-C in the terminal reaches this process, which stops all in order.
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
}
