import { MockActivityEnvironment } from '@temporalio/testing';
import { EntityManager } from '@mikro-orm/core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createSweepActivities, type SweepDeps } from '../../activities/sweep.ts';
import { type Progress, progressOf } from '../../activities/sweep-progress.ts';
import { ListingRow } from '../../store/schema/entities/register.ts';
import { importFile } from '../../store/register/imports/import-file.ts';
import type { RegisterKind } from '../../store/register/imports/write.ts';
import { marketplacesWithListings } from '../../store/register/due-listings.ts';
import { sellersWithRemovals } from '../../store/queries/earlier-removals.ts';
import { type Manager, work } from '../../store/connection/orm.ts';
import type { SweepResult } from '../../workflows/contracts.ts';
import { sealedCase, writePeople } from '../store/support.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db?.close());

async function load(kind: RegisterKind, rows: readonly object[]): Promise<void> {
  async function* source(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  }
  expect(await importFile(db.store, db.clock, kind, source())).toMatchObject({ wrong: 0 });
}

const listing = (n: number, more: object = {}) => ({
  listing_id: `m:${String(n).padStart(5, '0')}`,
  market: 'DE',
  title: `A plain thing ${n}`,
  seller_id: `S-${n % 7}`,
  ...more,
});

/** Runs a sweep; nothing here is suspicious, so nothing outside is asked. */
async function sweep() {
  const environment = new MockActivityEnvironment();
  const beats: Progress[] = [];
  environment.on('heartbeat', (details: unknown) => beats.push(progressOf(details)));
  const fetched = vi.spyOn(EntityManager.prototype, 'find');
  const deps = { log: db.context } as unknown as SweepDeps;
  const result = (await environment.run(createSweepActivities(deps).sweepListings, { marketplace: 'm' })) as SweepResult;
  const listings = fetched.mock.calls.filter(([entity]) => (entity as unknown) === ListingRow).length;
  fetched.mockRestore();
  return { result, listings, seen: beats.map(({ looked, total }) => [looked, total]) };
}

it('a sweep tells how far it is; one with nothing to do fetches no listing; one with little to do looks at little', async () => {
  await load(
    'listings',
    Array.from({ length: 2_300 }, (_, n) => listing(n)),
  );
  const first = await sweep();
  expect(first.result).toMatchObject({ scanned: 2_300, hits: 0, opened: 0 });
  expect(first.seen).toEqual([
    [0, 2_300],
    [1_000, 2_300],
    [2_000, 2_300],
    [2_300, 2_300],
  ]);
  const second = await sweep();
  expect(second).toEqual({ result: { ...first.result, scanned: 0 }, listings: 0, seen: [] });

  // An edit, and a price alone, which is no new version.
  await load('listings', [listing(7, { title: 'Another thing' }), listing(8, { price: 5, currency: 'EUR' })]);
  expect(await sweep()).toMatchObject({
    result: { scanned: 1 },
    seen: [
      [0, 1],
      [1, 1],
    ],
  });

  await load('rights', [
    {
      right_id: 'R',
      jurisdiction: 'DE',
      right_type: 'trademark',
      status: 'Registered',
      mark_text: 'Zyxoq',
      owner: 'Zyxoq AG',
      observed_at: '2020-01',
    },
  ]);
  expect(await sweep()).toMatchObject({ result: { scanned: 2_300 } });
  expect(await sweep()).toMatchObject({ result: { scanned: 0 }, listings: 0 });
});

it('a removal makes its party look again, once', async () => {
  await writePeople(db);
  await sweep();
  await sealedCase(db, { marketplace: 'm', listing: 'm:00003', seller: 'S-3' });
  const em = work(db.store) as Manager;
  const { n } = (await em.execute<{ n: number }[]>('select count(*)::int as n from ground where content is not null'))[0] ?? { n: 0 };
  expect(n).toBe(1);
  expect(await sellersWithRemovals(em)).toEqual(['S-3']);
  // The case was about a version that the listing no longer has: nothing to compare with, so nothing is due.
  expect(await sweep()).toMatchObject({ result: { scanned: 0 }, listings: 0 });
  const [row] = await em.execute<{ version: string }[]>("select version from listing where id = 'm:00004'");
  await sealedCase(db, { marketplace: 'm', listing: 'm:00004', seller: 'S-4', version: row?.version ?? '' });
  const again = await sweep();
  expect(again.seen.at(-1)).toEqual([again.seen.at(-1)?.[1], Math.ceil((2_300 - 4) / 7)]);
  expect(again.result.scanned).toBe(0);
  expect((await sweep()).listings).toBe(0);
});

it('marketplaces with listings, each once', async () => {
  await load('listings', [
    { ...listing(1), listing_id: 'b:1' },
    { ...listing(1), listing_id: 'a:1' },
  ]);
  expect(await marketplacesWithListings(work(db.store) as Manager)).toEqual(['a', 'b', 'm']);
});
