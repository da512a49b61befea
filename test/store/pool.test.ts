import { Client } from 'pg';
import { expect, it } from 'vitest';
import { openStore, work } from '../../store/connection/orm.ts';
import { testDatabase } from '../support/database.ts';

it('a transaction whose connection dies gives its place in the pool back', async () => {
  const db = await testDatabase();
  const store = await openStore({ url: db.engineUrl, operator: 'main', poolSize: 1 });
  const other = new Client({ connectionString: db.url });
  await other.connect();
  const die = () =>
    work(store).transactional(async (em) => {
      const [{ pid } = { pid: 0 }] = await em.execute<{ pid: number }[]>('select pg_backend_pid() as pid');
      await other.query('select pg_terminate_backend($1)', [pid]);
      await em.execute('select 1');
    });
  for (let times = 0; times < 3; times++) await expect(die()).rejects.toThrow(/terminat|not queryable/);
  expect(await work(store).execute('select 1 as one')).toEqual([{ one: 1 }]);
  await store.close();
  await other.end();
  await db.close();
});
