import { stat, statfs } from 'node:fs/promises';
import { connect } from 'node:net';
import { checkRole, UnsafeDatabaseRole } from '../store/boot-check.ts';
import { schemaDrift } from '../store/migrate.ts';
import { readLoad } from '../store/read-models.ts';
import { work } from '../store/orm.ts';
import { TaskQueue } from '../workflows/messages.ts';
import { NotRunning } from '../worker/places.ts';
import type { Context } from './context.ts';

/** One thing that was looked at. */
export interface Finding {
  readonly what: string;
  readonly ok: boolean;
  readonly cure?: string;
}

const LEAST_FREE_BYTES = 200 * 1024 * 1024;
const POLLED_WITHIN_MS = 5 * 60_000;

/** Looks at everything the engine stands on, in the order in which one thing needs the other. */
export async function diagnose(context: Context): Promise<readonly Finding[]> {
  const findings: Finding[] = [await folder(context)];
  try {
    context.places();
  } catch (error) {
    if (!(error instanceof NotRunning)) throw error;
    return [...findings, { what: error.message, ok: false, cure: error.cure }];
  }
  findings.push(await database(context), await schema(context), await temporal(context), await worker(context));
  findings.push(await answers('mail host', context.places().smtpUrl, 'Check SMTP_URL.'));
  findings.push(await answers('marketplace', context.places().marketplaceUrl, 'Check MARKETPLACE_URL.'));
  findings.push(await overdue(context));
  return findings;
}

async function folder({ data }: Context): Promise<Finding> {
  try {
    await stat(data);
    const { bavail, bsize } = await statfs(data);
    const isRoomy = bavail * bsize > LEAST_FREE_BYTES;
    return isRoomy ? { what: `data folder ${data}`, ok: true } : { what: `the disk of ${data} is nearly full`, ok: false, cure: 'Make room on it.' };
  } catch (error) {
    return { what: `data folder ${data}: ${wordsOf(error)}`, ok: false, cure: 'Start with "npm start", or choose another folder with --data.' };
  }
}

async function database(context: Context): Promise<Finding> {
  try {
    await checkRole(work(await context.store()));
    return { what: 'PostgreSQL answers, its role is bound by row policies', ok: true };
  } catch (error) {
    const cure = error instanceof UnsafeDatabaseRole ? error.cure : 'Check DATABASE_URL and that the server runs.';
    return { what: `PostgreSQL: ${wordsOf(error)}`, ok: false, cure };
  }
}

async function schema(context: Context): Promise<Finding> {
  try {
    const drift = await schemaDrift(context.places().ownerUrl);
    return drift.trim() === '' ? { what: 'the schema is up to date', ok: true } : { what: 'the schema is not what this version expects', ok: false, cure: 'Start with "npm start": it migrates.' };
  } catch (error) {
    return { what: `schema: ${wordsOf(error)}`, ok: false, cure: 'Check that DATABASE_URL is the login that owns the schema.' };
  }
}

async function temporal(context: Context): Promise<Finding> {
  const { namespace } = context.config.temporal;
  try {
    const client = context.temporal();
    const found = await client.connection.withDeadline(Date.now() + 5_000, () => client.workflowService.describeNamespace({ namespace }));
    const days = Math.round(Number(found.config?.workflowExecutionRetentionTtl?.seconds ?? 0) / 86_400);
    return { what: `Temporal answers; namespace ${namespace} keeps histories for ${days} days`, ok: true };
  } catch (error) {
    return { what: `Temporal: ${wordsOf(error)}`, ok: false, cure: 'Check the TEMPORAL_* settings, that the server runs and that the namespace exists. Messages are accepted meanwhile.' };
  }
}

async function worker(context: Context): Promise<Finding> {
  try {
    const client = context.temporal();
    const { namespace } = context.config.temporal;
    const request = { namespace, taskQueue: { name: TaskQueue.cases }, taskQueueType: 1 };
    const { pollers } = await client.connection.withDeadline(Date.now() + 5_000, () => client.workflowService.describeTaskQueue(request));
    const isPolled = (pollers ?? []).some((poller) => Date.now() - Number(poller.lastAccessTime?.seconds ?? 0) * 1_000 < POLLED_WITHIN_MS);
    return isPolled ? { what: 'a worker is at work', ok: true } : { what: 'no worker has asked for work lately', ok: false, cure: 'Start one: "npm start", or worker/main.ts.' };
  } catch (error) {
    return { what: `worker: ${wordsOf(error)}`, ok: false, cure: 'See Temporal above.' };
  }
}

function answers(name: string, address: string, cure: string): Promise<Finding> {
  const { hostname, port, protocol } = new URL(address);
  const standard = { 'smtp:': 25, 'smtps:': 465, 'http:': 80, 'https:': 443 }[protocol] ?? 80;
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: port === '' ? standard : Number(port), timeout: 5_000 });
    const done = (finding: Finding) => {
      socket.destroy();
      resolve(finding);
    };
    socket.once('connect', () => done({ what: `the ${name} answers`, ok: true }));
    socket.once('timeout', () => done({ what: `the ${name} does not answer`, ok: false, cure }));
    socket.once('error', (error) => done({ what: `the ${name}: ${wordsOf(error)}`, ok: false, cure }));
  });
}

async function overdue(context: Context): Promise<Finding> {
  try {
    const load = await readLoad(work(await context.store()), context.clock.now());
    return load.overdue === 0
      ? { what: 'no deadline is overdue', ok: true }
      : { what: `${load.overdue} deadlines are overdue`, ok: false, cure: 'See that a worker runs; "interdict doctor --revive" starts lost workflows from the log.' };
  } catch (error) {
    return { what: `deadlines: ${wordsOf(error)}`, ok: false, cure: 'See PostgreSQL above.' };
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message.split('\n')[0] ?? '' : String(error);
}
