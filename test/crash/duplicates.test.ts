import { fork } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openingOf } from '../../bench/stage-data.ts';
import { openCases } from '../../store/log/open-cases.ts';
import { work } from '../../store/connection/orm.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

const TIMES = 20;
const NUMBER = 1;

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db?.close());

/** Opens the same case many times in a process of its own; one in two is killed as soon as the first opening is through. */
async function detectInProcess(isKilled: boolean): Promise<readonly unknown[]> {
  const args = { databaseUrl: db.engineUrl, rules: db.context.rules, times: TIMES, number: NUMBER };
  const child = fork(new URL('open-process.ts', import.meta.url), [JSON.stringify(args)]);
  const ids: unknown[] = [];
  child.on('message', (id) => {
    ids.push(id);
    if (isKilled) child.kill('SIGKILL');
  });
  await once(child, 'exit');
  return ids;
}

it('a hundred detections of one listing in several processes, some killed, open exactly one case', async () => {
  const here = Array.from({ length: TIMES }, () => openCases(db.context, [openingOf(NUMBER)]).then(([opened]) => opened?.id));
  const said = await Promise.all([...here, ...[true, false, true, false].map(detectInProcess)]);
  const ids = new Set(said.flat());
  expect(ids.size).toBe(1);
  const em = work(db.store);
  const [{ aggregates, decisions, keys, starts } = {}] = await em.execute<Record<string, number>[]>(
    `select (select count(*)::int from aggregate) as aggregates, (select count(*)::int from decision) as decisions,
      (select count(*)::int from natural_key) as keys, (select count(*)::int from outbox where kind = 'start') as starts`,
  );
  expect({ aggregates, decisions, keys, starts }).toEqual({ aggregates: 1, decisions: 1, keys: 1, starts: 1 });
  expect(await openCases(db.context, [openingOf(NUMBER)])).toEqual([{ id: [...ids][0], as: 'known' }]);
});
