import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { PartName } from '../embedded/stack.ts';
import { type RunningStack, startStack, stopStack } from '../embedded/stack.ts';
import { readStack } from '../embedded/stack-record.ts';
import { registerNamespace } from '../embedded/temporal.ts';
import { shippedPolicy } from '../policies/load.ts';
import { migrate } from '../store/migrate.ts';
import { PolicyRow } from '../store/entities/register.ts';
import { work } from '../store/orm.ts';
import { storePolicy } from '../store/policies.ts';
import type { Context } from './context.ts';
import { CliError } from './error.ts';
import { ExitCode } from './exit.ts';
import type { CliIo } from './io.ts';
import { importSamples } from './samples.ts';
import { startWorkerChild, type WorkerChild } from './worker-child.ts';

interface UpOptions {
  readonly detach?: boolean;
  readonly port?: string;
  readonly samples: boolean;
}

const DETACHED_WITHIN_MS = 5 * 60_000;
const DOWN_WITHIN_MS = 60_000;

/** `up` and `down`: the embedded stack with its worker. */
export function addUpCommands(root: Command, io: CliIo, context: () => Context): void {
  root
    .command('up')
    .description('starts everything that is not configured elsewhere; Ctrl-C stops all in order')
    .option('--detach', 'returns when everything is ready')
    .option('--port <n>', 'first of eight ports in a row')
    .option('--no-samples', 'starts empty')
    .action((options: UpOptions) => (options.detach === true ? detach(io, context(), options) : up(io, context(), options)));
  root
    .command('down')
    .description('stops the embedded stack of the data folder')
    .action(async () => {
      const ended = await stopStack(context().data, DOWN_WITHIN_MS, (line) => process.stderr.write(`${line}\n`));
      io.out({ ended });
      io.say(ended === 'stopped' ? 'Stopped.' : 'Nothing was running.');
    });
}

async function up(io: CliIo, context: Context, options: UpOptions): Promise<void> {
  const log = (line: string) => process.stderr.write(`${line}\n`);
  const stack = await startStack({
    data: context.data,
    port: portOf(options.port) ?? context.config.port,
    parts: embeddedParts(context),
    places: context.config.programs,
    namespace: context.config.temporal.namespace,
    temporalUi: false,
    log,
  });
  const stopped = untilSignalled();
  let worker: WorkerChild | undefined;
  try {
    await prepare(context, log);
    worker = startWorkerChild(context.data, log);
    await worker.ready;
    if (options.samples) await importSamples(context, log);
    announce(io, context, stack);
    // A parent that started this one detached waits for the word.
    process.send?.('ready');
    await stopped;
    log('stopping ...');
  } finally {
    await worker?.stop();
    await context.close();
    await stack.stop();
  }
}

/** Schema, namespace and policy, each idempotent: a second start finds them. */
async function prepare(context: Context, log: (line: string) => void): Promise<void> {
  const ran = await migrate(context.places().ownerUrl);
  if (ran.length > 0) log(`database: migrated (${ran.join(', ')})`);
  const { temporal } = context.config;
  if (!temporal.embedded && temporal.address !== undefined) await registerNamespace(temporal.address, temporal.namespace);
  const em = work(await context.store());
  if ((await em.count(PolicyRow, {})) === 0) await storePolicy(em, await shippedPolicy(), context.clock.now());
}

function embeddedParts({ config }: Context): readonly PartName[] {
  const parts: readonly [PartName, boolean][] = [
    ['postgres', config.database.embedded],
    ['temporal', config.temporal.embedded],
    ['mailbox', config.mail.embedded],
    ['marketplace', config.marketplace.embedded],
  ];
  return parts.filter(([, isEmbedded]) => isEmbedded).map(([name]) => name);
}

function portOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1024 && port <= 65_000) return port;
  throw new CliError(ExitCode.usage, 'wrong-port', `--port: "${text}" is no port from 1024 to 65000.`);
}

function untilSignalled(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
  });
}

function announce(io: CliIo, context: Context, stack: RunningStack): void {
  const { mailbox, marketplace, temporal } = stack.addresses;
  io.out({ ready: true, data: context.data, mailbox, marketplace, temporal });
  io.say(
    [
      '',
      'interdict is ready.',
      ...(mailbox === undefined ? [] : [`  mailbox      ${mailbox}`]),
      ...(marketplace === undefined ? [] : [`  marketplace  ${marketplace}`]),
      ...(temporal === undefined ? [] : [`  Temporal     ${temporal} (namespace ${context.config.temporal.namespace})`]),
      `  data         ${context.data}`,
      '',
      'In another terminal:',
      '  npm run interdict -- cases',
      '  npm run interdict -- status',
      'Ctrl-C stops all in order; the next start continues.',
    ].join('\n'),
  );
}

/** Starts `up` as a process of its own and returns when it is ready; its words go to a file in the data folder. */
async function detach(io: CliIo, context: Context, options: UpOptions): Promise<void> {
  const { data } = context;
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const logFile = join(data, 'up.log');
  const output = openSync(logFile, 'a');
  const args = [
    ...process.execArgv,
    join(import.meta.dirname, 'main.ts'),
    '--data',
    data,
    'up',
    ...(options.port === undefined ? [] : ['--port', options.port]),
    ...(options.samples ? [] : ['--no-samples']),
  ];
  const child = spawn(process.execPath, args, { detached: true, stdio: ['ignore', output, output, 'ipc'] });
  closeSync(output);
  const outcome = await new Promise<'ready' | 'ended' | 'slow'>((resolve) => {
    child.once('message', () => resolve('ready'));
    child.once('exit', () => resolve('ended'));
    setTimeout(() => resolve('slow'), DETACHED_WITHIN_MS).unref();
  });
  if (outcome !== 'ready') throw new CliError(ExitCode.failed, 'not-started', `The stack did not start (${outcome}).`, `Its last words are in ${logFile}.`);
  child.disconnect();
  child.unref();
  const stack = readStack(data);
  io.out({ ready: true, data, ...(stack.state === 'running' && { mailbox: stack.addresses.mailbox, marketplace: stack.addresses.marketplace }) });
  io.say(`Running on ${data}; "interdict down" stops it.`);
}
