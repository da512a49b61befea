import { stat, statfs } from 'node:fs/promises';
import { connect } from 'node:net';
import { UnsafeDatabaseRole } from '../store/schema/check-role.ts';
import { schemaDrift } from '../store/schema/migrate.ts';
import { shippedPolicy } from '../policies/load.ts';
import { readLoad } from '../store/queries/cases.ts';
import { calendarEnds, END_CURE, endWords } from '../store/queries/calendar-ends.ts';
import { policyStatus } from '../store/queries/policy-status.ts';
import { TaskQueue } from '../workflows/contracts.ts';
import { NotRunning, type Places } from '../worker/service-addresses.ts';
import type { Context } from './context.ts';
import { driveInWords, faultsInWords, readDrive, readOpenFaults } from './drive.ts';

type Part =
  | 'folder'
  | 'configuration'
  | 'postgres'
  | 'schema'
  | 'temporal'
  | 'worker'
  | 'mail'
  | 'marketplace'
  | 'policy'
  | 'calendars'
  | 'workflows'
  | 'messages'
  | 'deadlines';

/** Without these there is nothing to start workflows from, or on. */
export const NEEDED_TO_REVIVE: readonly string[] = ['configuration', 'postgres', 'schema', 'temporal'];

/** One thing that was looked at. */
export interface Finding {
  readonly part: Part;
  readonly what: string;
  readonly ok: boolean;
  readonly cure?: string;
  /** Nothing is wrong yet. */
  readonly warns?: true;
}

type Look = Omit<Finding, 'part'>;

const NOT_LOOKED_AT: Look = { what: 'worker: not checked, because Temporal does not answer', ok: false, cure: 'See Temporal above.' };

const LEAST_FREE_BYTES = 200 * 1024 * 1024;
const POLLED_WITHIN_MS = 5 * 60_000;

/** Looks at everything the engine stands on, in the order in which one thing needs the other. */
export async function diagnose(context: Context): Promise<readonly Finding[]> {
  const findings: Finding[] = [{ part: 'folder', ...(await folder(context)) }];
  let places: Places;
  try {
    places = await context.places();
  } catch (error) {
    if (!(error instanceof NotRunning)) throw error;
    return [...findings, { part: 'configuration', what: error.message, ok: false, cure: error.cure }];
  }
  const looks: readonly (readonly [Part, () => Promise<Look>])[] = [
    ['postgres', () => database(context)],
    ['schema', () => schema(places)],
    ['temporal', () => temporal(context)],
    ['worker', () => (findings.at(-1)?.ok === true ? worker(context) : Promise.resolve(NOT_LOOKED_AT))],
    ['mail', () => answers('mail host', places.smtpUrl, 'Check SMTP_URL.')],
    ['marketplace', () => answers('marketplace', places.marketplaceUrl, 'Check MARKETPLACE_URL.')],
    ['policy', () => policy(context)],
    ['calendars', () => calendars(context)],
    ['messages', () => faults(context)],
    ['deadlines', () => overdue(context)],
  ];
  for (const [part, look] of looks) findings.push({ part, ...(await look()) });
  // Without one of them there is nothing to compare; what is wrong is said above.
  const canCompare = findings.every(({ part, ok }) => ok || !NEEDED_TO_REVIVE.includes(part));
  return canCompare ? [...findings, await lookAtWorkflows(context)] : findings;
}

/** Compares the log with Temporal; apart, so that it can be looked at again after a revival. */
export async function lookAtWorkflows(context: Context): Promise<Finding> {
  try {
    return { part: 'workflows', ...driveInWords(await readDrive(context)) };
  } catch (error) {
    return { part: 'workflows', what: `workflows: ${wordsOf(error)}`, ok: false, cure: 'See PostgreSQL and Temporal above.' };
  }
}

async function faults(context: Context): Promise<Look> {
  try {
    return faultsInWords(await readOpenFaults(context));
  } catch (error) {
    return { what: `messages: ${wordsOf(error)}`, ok: false, cure: 'See PostgreSQL above.' };
  }
}

async function folder({ data }: Context): Promise<Look> {
  try {
    if (!(await stat(data)).isDirectory()) return { what: `${data} is not a folder`, ok: false, cure: 'Choose another folder with --data.' };
    const { bavail, bsize } = await statfs(data);
    const isRoomy = bavail * bsize > LEAST_FREE_BYTES;
    return isRoomy ? { what: `data folder ${data}`, ok: true } : { what: `the disk of ${data} is nearly full`, ok: false, cure: 'Free some space.' };
  } catch (error) {
    return { what: `data folder ${data}: ${wordsOf(error)}`, ok: false, cure: 'Start with "npm start", or choose another folder with --data.' };
  }
}

async function database(context: Context): Promise<Look> {
  try {
    await context.store();
    return { what: 'PostgreSQL answers; row policies apply to its role', ok: true };
  } catch (error) {
    const cure = error instanceof UnsafeDatabaseRole ? error.cure : 'Check DATABASE_URL and that the server runs.';
    return { what: `PostgreSQL: ${wordsOf(error)}`, ok: false, cure };
  }
}

async function schema({ ownerUrl }: Places): Promise<Look> {
  try {
    const drift = await schemaDrift(ownerUrl);
    return drift.trim() === ''
      ? { what: 'the schema is up to date', ok: true }
      : { what: 'the schema is not what this version expects', ok: false, cure: 'Start with "npm start": it migrates.' };
  } catch (error) {
    return { what: `schema: ${wordsOf(error)}`, ok: false, cure: 'Check that DATABASE_URL is the login that owns the schema.' };
  }
}

async function temporal(context: Context): Promise<Look> {
  const { namespace } = context.config.temporal;
  try {
    const client = await context.temporal();
    const found = await client.connection.withDeadline(Date.now() + 5_000, () => client.workflowService.describeNamespace({ namespace }));
    const days = Math.round(Number(found.config?.workflowExecutionRetentionTtl?.seconds ?? 0) / 86_400);
    return { what: `Temporal answers; namespace ${namespace} keeps histories for ${days} days`, ok: true };
  } catch (error) {
    return {
      what: `Temporal: ${wordsOf(error)}`,
      ok: false,
      cure: 'Check the TEMPORAL_* settings, that the server runs and that the namespace exists. Messages are accepted meanwhile.',
    };
  }
}

async function worker(context: Context): Promise<Look> {
  try {
    const client = await context.temporal();
    const { namespace } = context.config.temporal;
    const request = { namespace, taskQueue: { name: TaskQueue.cases }, taskQueueType: 1 };
    const { pollers } = await client.connection.withDeadline(Date.now() + 5_000, () => client.workflowService.describeTaskQueue(request));
    const isPolled = (pollers ?? []).some((poller) => Date.now() - Number(poller.lastAccessTime?.seconds ?? 0) * 1_000 < POLLED_WITHIN_MS);
    return isPolled
      ? { what: 'a worker is running', ok: true }
      : { what: 'no worker has asked for work recently', ok: false, cure: 'Start one: "npm start", or worker/main.ts.' };
  } catch (error) {
    return { what: `worker: ${wordsOf(error)}`, ok: false, cure: 'See Temporal above.' };
  }
}

function answers(name: string, address: string, cure: string): Promise<Look> {
  const { hostname, port, protocol } = new URL(address);
  const standard = { 'smtp:': 25, 'smtps:': 465, 'http:': 80, 'https:': 443 }[protocol] ?? 80;
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: port === '' ? standard : Number(port), timeout: 5_000 });
    const done = (finding: Look) => {
      socket.destroy();
      resolve(finding);
    };
    socket.once('connect', () => done({ what: `the ${name} answers`, ok: true }));
    socket.once('timeout', () => done({ what: `the ${name} does not answer`, ok: false, cure }));
    socket.once('error', (error) => done({ what: `the ${name}: ${wordsOf(error)}`, ok: false, cure }));
  });
}

/** What is in force, whether all that is open can read what it pins, and whether something newer is shipped: a person decides on that. */
async function policy(context: Context): Promise<Look> {
  try {
    const { inForce, pinned, offered } = await policyStatus(await context.work(), context.clock.now(), await shippedPolicy());
    if (inForce === null) return { what: 'no policy is in force', ok: false, cure: 'Put one in force: "interdict policy activate --shipped".' };
    const unreadable = pinned.filter(({ trouble }) => trouble !== null);
    if (unreadable.length > 0) {
      const open = unreadable.reduce((sum, one) => sum + one.open, 0);
      const [first] = unreadable;
      return {
        what: `${open} open aggregates pin a policy that cannot be read (${first?.trouble})`,
        ok: false,
        cure: 'See "interdict policy status".',
      };
    }
    const what = `policy ${inForce.name} version ${inForce.version} is in force`;
    if (offered === null) return { what, ok: true };
    return { what: `${what}; a newer one is shipped`, ok: true, cure: '"interdict policy status" shows what it changes; a person puts it in force.' };
  } catch (error) {
    return { what: `policy: ${wordsOf(error)}`, ok: false, cure: 'See PostgreSQL above.' };
  }
}

async function calendars(context: Context): Promise<Look> {
  try {
    const ends = await calendarEnds(await context.work(), context.clock.now());
    if (ends.length === 0) return { what: 'the calendars that are needed are known for the next 120 days', ok: true };
    return { what: ends.map(endWords).join('; '), ok: true, warns: true, cure: END_CURE };
  } catch (error) {
    return { what: `calendars: ${wordsOf(error)}`, ok: false, cure: 'See PostgreSQL above.' };
  }
}

async function overdue(context: Context): Promise<Look> {
  try {
    const load = await readLoad(await context.work(), context.clock.now());
    return load.overdue === 0
      ? { what: 'no deadline is overdue', ok: true }
      : {
          what: `${load.overdue} deadlines are overdue`,
          ok: false,
          cure: 'See that a worker runs; "interdict doctor --revive" starts lost workflows from the log.',
        };
  } catch (error) {
    return { what: `deadlines: ${wordsOf(error)}`, ok: false, cure: 'See PostgreSQL above.' };
  }
}

/** gRPC's own words name channels and balancers; what matters is that nobody answered. */
function wordsOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 4) return 'no answer within 5 seconds';
  if (error instanceof Error && 'code' in error && error.code === 14) return 'nothing responds at this address';
  return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
}
