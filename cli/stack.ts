import { type PartName, type RunningStack, STACK_PARTS, startStack } from '../embedded/stack.ts';
import { registerNamespace } from '../embedded/temporal.ts';
import { shippedPolicy } from '../policies/load.ts';
import { PolicyRow } from '../store/schema/entities/register.ts';
import { migrate } from '../store/schema/migrate.ts';
import { storePolicy } from '../store/register/policies.ts';
import { announce, type Ready } from './announce.ts';
import { portArgument } from './arguments.ts';
import type { Context } from './context.ts';
import type { CliIo } from './io.ts';
import { type RunningMailReceiver, startMailReceiver } from './inbound-mail.ts';
import { printedLinks, type RunningPortal, startPortal } from './portal.ts';
import { importSamples, SamplePast } from './samples.ts';
import { keepTalking } from '../worker/steady-output.ts';
import { type WorkerChild, workerChild } from './worker-child.ts';

export interface UpOptions {
  readonly detach?: boolean;
  readonly port?: string;
  readonly samples: boolean;
}

type Log = (line: string) => void;

/** Runs the stack in this process until it is told to stop; a signal counts from the first moment on, also while it starts. */
export async function up(io: CliIo, context: Context, options: UpOptions): Promise<void> {
  keepTalking();
  const log: Log = (line) => process.stderr.write(`${line}\n`);
  const port = portArgument(options.port, '--port') ?? context.config.port;
  const stopped = untilSignalled(log);
  const past = new SamplePast(context, log);
  const stack = await startStack({
    data: context.data,
    port,
    parts: embeddedParts(context),
    places: context.config.programs,
    namespace: context.config.temporal.namespace,
    temporalUi: false,
    now: past.now,
    log,
  });
  const worker = workerChild(context.data, log);
  let portal: RunningPortal | undefined;
  let inboundMail: RunningMailReceiver | undefined;
  try {
    // What is under way when the signal comes is broken off: the next start continues it.
    const ready = serve(context, worker, options, past, log);
    const isReady = await Promise.race([ready.then(() => true), stopped.then(() => false)]);
    ready.catch(() => {});
    if (isReady) {
      portal = await startPortal(context, stack.basePort);
      inboundMail = await startMailReceiver(context);
      const told = await readyAs(context, stack, portal);
      // A parent that started this one detached waits for the word and hands out the links: what is said here goes to a file that stays.
      process.send?.(told);
      announce(io, process.send === undefined ? told : { ...told, links: [] }, 'Ctrl-C stops all in order; the next start continues.');
      await stopped;
    }
  } finally {
    await past.breakOff();
    await inboundMail?.stop();
    await portal?.stop();
    await worker.stop();
    await context.close();
    await stack.stop();
  }
}

async function readyAs(context: Context, { addresses }: RunningStack, { origin }: RunningPortal): Promise<Ready> {
  const { mailbox, marketplace, temporal } = addresses;
  const { namespace } = context.config.temporal;
  return { data: context.data, portal: origin, links: await printedLinks(context, origin), mailbox, marketplace, temporal, namespace };
}

async function serve(context: Context, worker: WorkerChild, options: UpOptions, past: SamplePast, log: Log): Promise<void> {
  await prepareServers(context, log);
  // Before the worker: while its clock runs, nothing can happen earlier.
  if (options.samples && embeddedParts(context).length === STACK_PARTS.length) await past.tell();
  await preparePolicy(context);
  await worker.start();
  if (options.samples) await importSamples(context, log);
}

/** Schema, namespace and policy, each idempotent: a second start finds them. */
export async function prepare(context: Context, log: Log): Promise<void> {
  await prepareServers(context, log);
  await preparePolicy(context);
}

async function prepareServers(context: Context, log: Log): Promise<void> {
  const { ownerUrl } = await context.places();
  const ran = await migrate(ownerUrl);
  if (ran.length > 0) log(`database: migrated (${ran.join(', ')})`);
  const { temporal } = context.config;
  if (!temporal.embedded && temporal.address !== undefined && !(await registerNamespace(temporal.address, temporal.namespace)))
    log(`Temporal: the namespace ${temporal.namespace} could not be registered at ${temporal.address}; "interdict doctor" says more`);
}

async function preparePolicy(context: Context): Promise<void> {
  const em = await context.work();
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

/** Settles when somebody wants this process to stop. */
export function untilSignalled(log: Log): Promise<void> {
  return new Promise((resolve) => {
    let isTold = false;
    const stop = () => {
      if (!isTold) log('stopping ...');
      isTold = true;
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  });
}
