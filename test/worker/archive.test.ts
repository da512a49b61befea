import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import pino from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { directoryVault } from '../../adapters/directory-vault.ts';
import { openingOf } from '../../bench/stage-data.ts';
import { historyText } from '../../domain/history-file.ts';
import type { AggregateId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';
import { OutboxRow } from '../../store/schema/entities/outbox.ts';
import { SealRow } from '../../store/schema/entities/log.ts';
import { readHistory } from '../../store/queries/export.ts';
import { openCases } from '../../store/log/open-cases.ts';
import { type Manager, work } from '../../store/connection/orm.ts';
import { readArchiveLag } from '../../store/queries/cases.ts';
import { verifyHistory } from '../../verifier/checks.ts';
import { parseHistory } from '../../verifier/parse-history.ts';
import { type ArchiveDeps, archiveMemory, archiveSealed } from '../../worker/archive.ts';
import { readArchive } from '../../worker/archive-file.ts';
import type { DispatcherDeps } from '../../worker/dispatcher-deps.ts';
import { Dispatcher } from '../../worker/dispatcher.ts';
import { aFolder } from '../embedded/support.ts';
import { sealedCase, writePeople } from '../store/support.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

const CASES = 8;
let db: TestDatabase;
let ids: readonly AggregateId[];
beforeAll(async () => {
  db = await testDatabase();
  await writePeople(db);
  const sealed: AggregateId[] = [];
  for (let n = 0; n < CASES; n += 1) sealed.push(await sealedCase(db, { listing: `m:${n}`, seller: `S-${n}` }));
  ids = sealed;
  // Their workflows were started and have ended.
  await work(db.store).nativeUpdate(OutboxRow, { kind: 'start' }, { state: 'delivered' });
});
afterAll(() => db?.close());

/** A Temporal whose workflows have ended, but for those that still run and those whose history cannot be had. */
function aTemporal(running: readonly string[] = [], broken: readonly string[] = []) {
  const asked: string[] = [];
  const describe = async (id: string) => {
    asked.push(id);
    return { runId: `run-${id}`, startTime: new Date(0), status: { name: running.includes(id) ? 'RUNNING' : 'COMPLETED' } };
  };
  const fetchHistory = async (id: string) => {
    if (broken.includes(id)) throw new Error('received message larger than max');
    return { events: [] };
  };
  const client = {
    connection: { withDeadline: (_: number, run: () => Promise<unknown>) => run() },
    workflow: {
      getHandle: (id: string) => ({ describe: () => describe(id), fetchHistory: () => fetchHistory(id) }),
      async *list() {},
    },
  };
  // The little of it that an archive asks.
  return { asked, client: client as unknown as Client };
}

async function aStage(temporal = aTemporal()): Promise<ArchiveDeps & { readonly dir: string; readonly asked: readonly string[] }> {
  await work(db.store).nativeUpdate(SealRow, {}, { exported: false, archive: null, archiveWaitsSince: null });
  const dir = await aFolder();
  return { store: db.store, vault: directoryVault({ dir }), temporal: temporal.client, dir, asked: temporal.asked };
}

async function objectsIn(dir: string): Promise<readonly number[]> {
  const names = await readdir(join(dir, 'objects'), { recursive: true, withFileTypes: true });
  const files = names.filter((name) => name.isFile());
  return Promise.all(files.map(async (file) => (await stat(join(file.parentPath, file.name))).size));
}

it('rules and policies lie in the vault once, and a history that is read from it is whole', async () => {
  const deps = await aStage();
  expect(await archiveSealed(deps, 100)).toEqual({ archived: CASES, waiting: 0, last: undefined });
  const sizes = (await objectsIn(deps.dir)).toSorted((a, b) => b - a);
  // One bundle of rules and one policy; the archives are a tenth of them.
  expect(sizes).toHaveLength(CASES + 2);
  expect(Math.max(...sizes.slice(2))).toBeLessThan((sizes[1] ?? 0) / 2);
  const seal = await work(db.store).findOneOrFail(SealRow, { aggregate: ids[0] ?? '' });
  const text = await readArchive(deps.vault, seal.archive ?? '');
  const file = parseHistory(text ?? '');
  expect(verifyHistory(file, {}).filter(({ ok }) => !ok)).toEqual([]);
  expect(Object.keys(file.rules)).toHaveLength(1);
  expect(Object.keys(file.policies)).toHaveLength(1);
  // The same as the export that holds them itself.
  const options = { exportedAt: seal.at as Instant, withoutAppeals: true, withoutDisclosures: true };
  const exported = await readHistory(work(db.store) as Manager, ids[0] as AggregateId, options);
  if (exported === undefined) throw new Error('no history');
  expect(file).toEqual(parseHistory(historyText({ ...exported, flow: file.flow, noFlow: [] })));
});

it('writing it twice is one object; what earlier versions archived whole is read as it is', async () => {
  const deps = await aStage();
  await archiveSealed(deps, 100);
  const before = await objectsIn(deps.dir);
  await work(db.store).nativeUpdate(SealRow, {}, { exported: false });
  await archiveSealed(deps, 100);
  expect(await objectsIn(deps.dir)).toEqual(before);
  const exported = await readHistory(work(db.store) as Manager, ids[0] as AggregateId, { exportedAt: '2026-01-01T00:00:00.000Z' as Instant });
  if (exported === undefined) throw new Error('no history');
  const whole = historyText({ ...exported, flow: null, noFlow: [] });
  const digest = await deps.vault.put(new TextEncoder().encode(whole));
  expect(await readArchive(deps.vault, digest)).toBe(whole);
  expect(await readArchive(deps.vault, `sha256:${'0'.repeat(64)}`)).toBeUndefined();
});

it('an archive whose rules are gone says so', async () => {
  const deps = await aStage();
  await archiveSealed(deps, 100);
  const { archive } = await work(db.store).findOneOrFail(SealRow, { aggregate: ids[0] ?? '' });
  const gone = { ...deps.vault, get: async (digest: string) => (digest === archive ? deps.vault.get(digest) : undefined) };
  await expect(readArchive(gone, archive ?? '')).rejects.toMatchObject({ type: 'vault-corrupt' });
});

it('one whose history cannot be had does not hold up those behind it, and is asked for ever more rarely', async () => {
  const [poison = '', running = ''] = ids;
  const temporal = aTemporal([running], [poison]);
  const deps = await aStage(temporal);
  let now = 0;
  const memory = archiveMemory();
  const step = () => archiveSealed({ ...deps, memory, now: () => now }, 4);
  const first = await step();
  expect(first).toMatchObject({ archived: 2, waiting: 2 });
  expect(await archiveSealed({ ...deps, memory, now: () => now }, 4, first.last)).toMatchObject({ archived: 4, waiting: 0 });
  const asked = () => temporal.asked.filter((id) => id === poison || id === running).length;
  expect(asked()).toBe(2);
  await step();
  expect(asked()).toBe(2);
  for (const [ms, count] of [
    [2_000, 4],
    [3_000, 4],
    [6_000, 6],
    [13_000, 6],
    [14_000, 8],
  ] as const) {
    now = ms;
    await step();
    expect(asked(), `at ${ms}`).toBe(count);
  }
});

it('how far it is behind is a figure', async () => {
  const deps = await aStage();
  const em = () => work(db.store) as Manager;
  const [oldest] = await em().find(SealRow, {}, { orderBy: { at: 'asc' }, limit: 1 });
  expect(await readArchiveLag(em())).toEqual({ waiting: CASES, since: oldest?.at });
  await archiveSealed(deps, 100);
  expect(await readArchiveLag(em())).toEqual({ waiting: 0, since: null });
});

it('it goes on while there is other work, and at once while more are left', async () => {
  let archives = 0;
  let called: PromiseWithResolvers<void> = Promise.withResolvers();
  const archive = async () => {
    archives += 1;
    called.resolve();
    return archives < 3;
  };
  const workflows: DispatcherDeps['workflows'] = {
    start: async () => {},
    startNotification: async () => {},
    signal: async () => {},
    tick: async () => {},
    revive: async () => false,
  };
  const { store, clock, context } = db;
  const deps: DispatcherDeps = {
    store,
    clock,
    context,
    workflows,
    log: pino({ level: 'silent' }),
    intake: async () => {},
    sendsMail: false,
    archive,
  };
  const dispatcher = new Dispatcher(deps);
  for (const round of [1, 2, 3]) {
    await openCases(db.context, [openingOf(round)]);
    called = Promise.withResolvers();
    expect(await dispatcher.round()).toBeGreaterThan(0);
    await called.promise;
    await Promise.resolve();
    expect(archives).toBe(round);
  }
  await openCases(db.context, [openingOf(4)]);
  expect(await dispatcher.round()).toBeGreaterThan(0);
  await dispatcher.stop();
  expect(archives).toBe(3);
});

it('trouble that stays is said once, not with every round', async () => {
  const said: string[] = [];
  const log = pino({ level: 'warn' }, { write: (line) => void said.push(line) });
  const { promise: isEnough, resolve: enough } = Promise.withResolvers<void>();
  let rounds = 0;
  const clock = {
    now: (): Instant => {
      rounds += 1;
      if (rounds === 3) enough();
      throw new Error('the database is away');
    },
  };
  const { store, context } = db;
  const workflows = {} as Partial<DispatcherDeps['workflows']> as DispatcherDeps['workflows'];
  const dispatcher = new Dispatcher({ store, clock, context, workflows, log, intake: async () => {}, sendsMail: false });
  dispatcher.start();
  await isEnough;
  await dispatcher.stop();
  expect(said).toHaveLength(1);
});
