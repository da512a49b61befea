import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pino from 'pino';
import { z } from 'zod';
import { directoryVault } from '../adapters/directory-vault.ts';
import { CaseClient } from '../client/case-client.ts';
import { temporalClient } from '../client/connection.ts';
import { databaseSecrets } from '../config/secrets.ts';
import { instant } from '../domain/instant.ts';
import { freeBasePort } from '../embedded/ports.ts';
import { startPostgres } from '../embedded/postgres.ts';
import { shippedPolicy } from '../policies/load.ts';
import type { App } from '../api/route.ts';
import { createServer } from '../api/server.ts';
import { beginSession } from '../store/access/sign-in.ts';
import { OrganisationRow, PersonRow } from '../store/schema/entities/register.ts';
import { type LogContext, PolicyCache } from '../store/log/context.ts';
import { migrate } from '../store/schema/migrate.ts';
import { openCases } from '../store/log/open-cases.ts';
import { openStore, type Store, work } from '../store/connection/orm.ts';
import { storePolicy, storeRules } from '../store/register/policies.ts';
import { rulesBundle } from '../verifier/entry/rules-bundle.ts';
import { systemClock } from '../worker/system-clock.ts';
import { writeMeasurement } from './measurements.ts';

/** So that a page is full with few cases too. */
const HOLDERS = 10;
/** Cases of one seller, however many there are of all. */
const OF_SELLER = 60;
const BATCH = 100;
/** The few come first: without it they would pay for the warming of the process, and the ratio would flatter. */
const WARM_UP = 300;

/** What the lists came to with few and with many cases: 95th percentiles in milliseconds, and their ratio. */
export interface ListTimes {
  readonly cases: { readonly few: number; readonly many: number };
  readonly p95Ms: Readonly<Record<string, { readonly few: number; readonly many: number; readonly ratio: number }>>;
  readonly machine: string;
}

interface Stand {
  readonly engine: Store;
  readonly context: LogContext;
  readonly app: App;
}

/** `bench api-lists [--few 1000] [--many 100000] [--requests 200] [--write]`: pages of lists over HTTP, opened through the log. */
export async function run(args: readonly string[]): Promise<ListTimes> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      few: { type: 'string', default: '1000' },
      many: { type: 'string', default: '100000' },
      requests: { type: 'string', default: '200' },
      write: { type: 'boolean', default: false },
    },
  });
  const number = z.coerce.number().int().positive();
  const [few, many, requests] = [number.parse(values.few), number.parse(values.many), number.parse(values.requests)];
  const measured = await onStand(async (stand) => {
    await seed(stand, 0, few);
    const first = await measure(stand, requests);
    await seed(stand, few, many);
    return joined(few, many, first, await measure(stand, requests));
  });
  process.stderr.write(`${inWords(measured)}\n`);
  if (values.write) writeMeasurement('lists over HTTP', inWords(measured));
  return measured;
}

async function onStand<T>(use: (stand: Stand) => Promise<T>): Promise<T> {
  const dir = mkdtempSync(join(tmpdir(), 'interdict-lists-'));
  const postgres = await startPostgres({ dir, port: await freeBasePort(1), log: () => {} });
  await migrate(postgres.url);
  const { engine: engineUrl, portal: portalUrl } = databaseSecrets(postgres.url);
  const engine = await openStore({ url: engineUrl.reveal(), operator: 'main' });
  const portal = await openStore({ url: portalUrl.reveal(), operator: 'main' });
  await storePolicy(work(engine), await shippedPolicy(), instant('2000-01-01T00:00:00Z'));
  const rules = await rulesBundle();
  await storeRules(work(engine), rules);
  const policies = new PolicyCache();
  // Nothing is sent: the connection is lazy and never made.
  const temporal = temporalClient({ address: '127.0.0.1:1', namespace: 'none' });
  const app = await createServer({
    ...{ engine, portal, clock: systemClock, policies, origin: 'http://127.0.0.1:1', perMinute: 1_000_000_000 },
    client: new CaseClient({ store: engine, clock: systemClock, temporal }),
    vault: directoryVault({ dir: join(dir, 'vault') }),
    parsePolicy: () => {
      throw new Error('not measured');
    },
    historyOf: async () => undefined,
    packetOf: async () => undefined,
    rulebook: async () => ({ isKnown: () => true, runsUnknown: false, rulesFor: () => ({ redecide: () => [] }) }),
    log: pino({ level: 'silent' }),
  });
  try {
    return await use({ engine, app, context: { store: engine, clock: systemClock, rules: rules.digest, policies } });
  } finally {
    await app.close();
    await Promise.all([engine.close(), portal.close(), temporal.connection.close()]);
    await postgres.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Opens cases from one number up to another, a hundred to a transaction, as a sweep does. */
async function seed({ engine, context }: Stand, from: number, to: number): Promise<void> {
  if (from === 0) await writePeople(engine);
  for (let at = from; at < to; at += BATCH) {
    const openings = Array.from({ length: Math.min(BATCH, to - at) }, (_, n) => openingOf(at + n));
    await openCases(context, openings);
    if ((at / BATCH) % 100 === 99) process.stderr.write(`${at + BATCH} cases\n`);
  }
  await work(engine).execute('select 1');
}

function openingOf(n: number) {
  return {
    origin: 'detection' as const,
    marketplace: 'm',
    market: 'DE',
    listing: `m:${n}`,
    version: 'a'.repeat(64),
    holder: `org-${n % HOLDERS}`,
    rights: ['R1'],
    seller: `S-${Math.floor(n / OF_SELLER)}`,
    riskClass: 'standard' as const,
    findings: [],
    capture: { digest: `sha256:${'0'.repeat(64)}` },
    // Windows that end at different instants: hours of the day from the number.
    calendar: { country: 'DE', zone: 'Europe/Berlin', hours: `${String(n % 12).padStart(2, '0')}:${String(n % 60).padStart(2, '0')}-23:30` },
  };
}

async function writePeople(engine: Store): Promise<void> {
  const em = work(engine);
  await em.insert(PersonRow, { id: 'officer', name: 'Officer', role: 'governance-officer', organisations: [], duty: [] });
  await em.insert(PersonRow, { id: 'reviewer', name: 'Reviewer', role: 'brand-reviewer', organisations: ['org-7'], duty: [] });
  await em.insert(PersonRow, { id: 'agent', name: 'Agent', role: 'brand-reviewer', organisations: ['org-1', 'org-2', 'org-3'], duty: [] });
  await em.insertMany(
    OrganisationRow,
    Array.from({ length: HOLDERS }, (_, n) => ({ id: `org-${n}`, name: `Brand ${n}`, kind: 'rights-holder' })),
  );
}

const LISTS: readonly (readonly [name: string, who: string, url: string])[] = [
  ['officer, first page', 'officer', '/api/cases?limit=50'],
  ['officer, by status', 'officer', '/api/cases?limit=50&status=awaiting-confirmation'],
  ['officer, one holder', 'officer', '/api/cases?limit=50&holder=org-7'],
  ['officer, one seller', 'officer', '/api/cases?limit=50&seller=S-3'],
  ['officer, due before', 'officer', '/api/cases?limit=50&dueBefore=2100-01-01T00:00:00Z'],
  ['brand, first page', 'reviewer', '/api/cases?limit=50'],
  ['agent of three, first page', 'agent', '/api/cases?limit=50'],
];

/** 95th percentile of each list, and of a page from the middle. */
async function measure({ engine, app }: Stand, requests: number): Promise<ReadonlyMap<string, number>> {
  const times = new Map<string, number>();
  for (const [name, who, url] of LISTS) {
    const cookie = `interdict=${await beginSession(work(engine), who, 'link', systemClock.now())}`;
    times.set(name, await p95(app, cookie, url, requests));
  }
  const cookie = `interdict=${await beginSession(work(engine), 'officer', 'link', systemClock.now())}`;
  const [middle] = await work(engine).execute<{ due: string; id: string }[]>(
    'select due, id from aggregate where due is not null order by due, id offset (select count(*) / 2 from aggregate) limit 1',
  );
  const cursor = Buffer.from(JSON.stringify([middle?.due ?? null, middle?.id ?? ''])).toString('base64url');
  times.set('officer, a page from the middle', await p95(app, cookie, `/api/cases?limit=50&cursor=${cursor}`, requests));
  return times;
}

async function p95(app: App, cookie: string, url: string, requests: number): Promise<number> {
  const took: number[] = [];
  for (let n = 0; n < WARM_UP + requests; n += 1) {
    const start = performance.now();
    const answer = await app.inject({ method: 'GET', url, headers: { cookie } });
    if (answer.statusCode !== 200) throw new Error(`${url} answers ${answer.statusCode}: ${answer.body.slice(0, 200)}`);
    if (n >= WARM_UP) took.push(performance.now() - start);
  }
  return took.sort((a, b) => a - b)[Math.floor(took.length * 0.95)] ?? 0;
}

function joined(few: number, many: number, before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): ListTimes {
  const round = (ms: number) => Math.round(ms * 100) / 100;
  const p95Ms = Object.fromEntries(
    [...before].map(([name, ms]) => [name, { few: round(ms), many: round(after.get(name) ?? 0), ratio: round((after.get(name) ?? 0) / ms) }]),
  );
  return { cases: { few, many }, p95Ms, machine: `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}` };
}

function inWords({ cases, p95Ms, machine }: ListTimes): string {
  const rows = Object.entries(p95Ms).map(([name, { few, many, ratio }]) => `| ${name} | ${few} | ${many} | ${ratio} |`);
  return [
    `Pages of 50 lines over HTTP (injected, sessions, row policies and names included), 95th percentile in milliseconds, on ${machine}; the cases were opened through the log.`,
    '',
    `| list | ${cases.few} cases | ${cases.many} cases | ratio |`,
    '|---|---|---|---|',
    ...rows,
  ].join('\n');
}
