import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import { databaseSecrets } from '../config/secrets.ts';
import { Capacity } from '../domain/aggregate.ts';
import { type HistoryFile, historyText } from '../domain/history-file.ts';
import { instant } from '../domain/instant.ts';
import { freeBasePort } from '../embedded/ports.ts';
import { startPostgres } from '../embedded/postgres.ts';
import { shippedPolicy } from '../policies/load.ts';
import { OrganisationRow, PersonRow } from '../store/schema/entities/register.ts';
import { readHistory } from '../store/queries/export.ts';
import { acceptMessage } from '../store/log/inbox.ts';
import { advance } from '../store/log/advance.ts';
import { type LogContext, PolicyCache } from '../store/log/context.ts';
import { migrate } from '../store/schema/migrate.ts';
import { openCases, salt } from '../store/log/open-cases.ts';
import { type Manager, openStore, work } from '../store/connection/orm.ts';
import { storePolicy, storeRules } from '../store/register/policies.ts';
import { rulesBundle } from '../verifier/entry/rules-bundle.ts';
import { systemClock } from '../worker/system-clock.ts';
import { writeMeasurement } from './measurements.ts';
import { HOLDER, openingOf, REVIEWER } from './stage-data.ts';

/** Distinct histories that are decided again and again: every one is parsed anew each time. */
const DISTINCT = 50;

/** How fast recorded cases are decided again. */
export interface RedecideRate {
  readonly cases: number;
  readonly decisionsPerCase: number;
  /** Seconds for all cases by the program's own rules, on all cores. */
  readonly nativeSeconds: number;
  /** Cases a second, the same way; and in the interpreter, on all cores. */
  readonly nativePerSecond: number;
  readonly interpretedPerSecond: number;
  readonly machine: string;
}

/** `bench redecide [--cases 10000] [--interpreted 400] [--write]`: sealed cases through the log, decided again with every core. */
export async function run(args: readonly string[]): Promise<RedecideRate> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      cases: { type: 'string', default: '10000' },
      interpreted: { type: 'string', default: '400' },
      write: { type: 'boolean', default: false },
    },
  });
  const number = z.coerce.number().int().positive();
  const [cases, interpreted] = [number.parse(values.cases), number.parse(values.interpreted)];
  const histories = await sealedHistories();
  const native = await secondsFor(histories, cases, 'native');
  const inside = await secondsFor(histories, interpreted, 'interpreted');
  const measured = {
    cases,
    decisionsPerCase: histories[0]?.decisions.length ?? 0,
    nativeSeconds: roundSeconds(native),
    nativePerSecond: Math.round(cases / native),
    interpretedPerSecond: Math.round(interpreted / inside),
    machine: `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`,
  };
  process.stderr.write(`${inWords(measured)}\n`);
  if (values.write) writeMeasurement('deciding again', inWords(measured));
  return measured;
}

function inWords({ cases, decisionsPerCase, nativeSeconds, nativePerSecond, interpretedPerSecond, machine }: RedecideRate): string {
  return `${cases} sealed cases of ${decisionsPerCase} decisions, each read from its JSON text and decided again, on ${machine}: **${nativeSeconds} s** by the program's own rules (${nativePerSecond} cases/s); in the interpreter ${interpretedPerSecond} cases/s.`;
}

function roundSeconds(seconds: number): number {
  return Math.round(seconds * 100) / 100;
}

async function sealedHistories(): Promise<readonly HistoryFile[]> {
  const dir = mkdtempSync(join(tmpdir(), 'interdict-redecide-'));
  const postgres = await startPostgres({ dir, port: await freeBasePort(1), log: () => {} });
  await migrate(postgres.url);
  const store = await openStore({ url: databaseSecrets(postgres.url).engine.reveal(), operator: 'main' });
  try {
    await storePolicy(work(store), await shippedPolicy(), instant('2000-01-01T00:00:00Z'));
    const rules = await rulesBundle();
    await storeRules(work(store), rules);
    await work(store).insert(OrganisationRow, { id: HOLDER, name: 'A', kind: 'rights-holder' });
    await work(store).insert(PersonRow, { id: REVIEWER, name: 'R', role: 'brand-reviewer', organisations: [HOLDER], duty: [] });
    const context: LogContext = { store, clock: systemClock, rules: rules.digest, policies: new PolicyCache() };
    const made: HistoryFile[] = [];
    for (let number = 0; number < DISTINCT; number++) made.push(await sealedCase(context, number));
    return made;
  } finally {
    await store.close();
    await postgres.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Opened, confirmed as counterfeit, removed, sealed. */
async function sealedCase(context: LogContext, number: number): Promise<HistoryFile> {
  const em = () => work(context.store) as Manager;
  const opening = openingOf(number);
  const [opened] = await openCases(context, [opening]);
  if (opened === undefined) throw new Error('nothing opened');
  const { id } = opened;
  const who = salt(REVIEWER);
  const by = { capacity: Capacity.rightsHolder, organisation: HOLDER, person: who.salted };
  const content = { by, kind: 'recordVerdict', verdict: 'counterfeit', reasonCode: 'packaging', basis: 'image' };
  const key = `v${number}`;
  await em().transactional((tx) =>
    acceptMessage(tx as Manager, systemClock, { id: key, aggregate: id, sender: HOLDER, fingerprint: key, disclosures: [who.disclosure], content }),
  );
  await advance(context, { id, n: 1 });
  const result = { kind: 'removed', at: systemClock.now(), version: opening.version, orders: 3 } as const;
  await advance(context, { id, n: 2, outcomes: [{ key: `takedown:${key}`, try: 1, result }] });
  const stored = await readHistory(em(), id, { exportedAt: systemClock.now() });
  if (stored?.seal == null) throw new Error(`${id} is not sealed`);
  return { ...stored, flow: null, noFlow: [] };
}

/** Machine seconds until as many threads as there are cores have decided all of them again; their start is not counted. */
async function secondsFor(histories: readonly HistoryFile[], cases: number, how: 'native' | 'interpreted'): Promise<number> {
  const texts = histories.map((history) => historyText(history));
  const count = cpus().length;
  const threads = Array.from({ length: count }, (_, index) => {
    const share = Math.floor(cases / count) + (index < cases % count ? 1 : 0);
    return new Worker(new URL('./redecide-thread.ts', import.meta.url), { workerData: { texts, cases: share, how } });
  });
  const next = (thread: Worker) => new Promise<unknown>((resolve, reject) => thread.once('message', resolve).once('error', reject));
  await Promise.all(threads.map(next));
  const began = performance.now();
  const answers = threads.map(next);
  for (const thread of threads) thread.postMessage('go');
  const wrong = (await Promise.all(answers)).reduce<number>((sum, each) => sum + Number(each), 0);
  const seconds = (performance.now() - began) / 1000;
  await Promise.all(threads.map((thread) => thread.terminate()));
  if (wrong > 0) throw new Error(`${wrong} cases come out differently`);
  return seconds;
}
