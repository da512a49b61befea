import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AggregateId } from '../../domain/ids.ts';
import { AggregateRow, SealRow } from '../../store/schema/entities/log.ts';
import { advance } from '../../store/log/advance.ts';
import { openStore, type Store, work } from '../../store/connection/orm.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { accept, move, OFFICER, open, writePeople } from './support.ts';

const CANCEL = { kind: 'cancelCase' } as const;
let db: TestDatabase;
let hasty: Store;

beforeAll(async () => {
  db = await testDatabase();
  await writePeople(db);
  // A second process whose transactions are ended while they wait for the sequence.
  hasty = await openStore({ url: db.engineUrl, operator: 'main', poolSize: 8, limits: { lockMs: 5, transactionMs: 2_000 } });
});
afterAll(async () => {
  await hasty?.close();
  await db?.close();
});

async function seals(): Promise<readonly SealRow[]> {
  return work(db.store).find(SealRow, {}, { orderBy: { sequence: 'asc' } });
}

async function cancelled(name: string): Promise<AggregateId> {
  const id = await open(db, { listing: `m:${name}` });
  await accept(db, id, `cancel:${name}`, CANCEL, OFFICER);
  return id;
}

describe('the sequence of seals', () => {
  it('has no gap and no double under twenty seals at once', async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, (_, n) => cancelled(`seal-${n}`)));
    db.clock.pass(60_000);
    await Promise.all(ids.map((id) => move(db, id)));
    const rows = await seals();
    expect(rows.map((row) => row.sequence)).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
    expect(new Set(rows.map((row) => row.aggregate))).toEqual(new Set(ids));
    const heads = await work(db.store).find(AggregateRow, { id: { $in: ids } });
    expect(new Map(rows.map((row) => [row.aggregate, row.root]))).toEqual(new Map(heads.map((row) => [row.id, row.head])));
  });

  it('has no gap either when transactions are broken off in between', async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, (_, n) => cancelled(`broken-${n}`)));
    db.clock.pass(60_000);
    const impatient = { ...db.context, store: hasty };
    let brokenOff = 0;
    const persist = async (id: AggregateId) => {
      for (let attempt = 0; attempt < 200; attempt++) {
        try {
          return await advance(attempt < 50 ? impatient : db.context, { id, n: 1 });
        } catch {
          brokenOff += 1;
        }
      }
      throw new Error('never sealed');
    };
    await Promise.all(ids.map(persist));
    expect(brokenOff).toBeGreaterThan(0);
    expect((await seals()).map((row) => row.sequence)).toEqual(Array.from({ length: 40 }, (_, n) => n + 1));
  });
});
