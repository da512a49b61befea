import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkRole, UnsafeDatabaseRole } from '../../store/schema/check-role.ts';
import { openStore, work } from '../../store/connection/orm.ts';
import { roleUrl, type TestDatabase, testDatabase } from '../support/database.ts';

let db: TestDatabase;
let owner: Client;

/** What the check says to a login; undefined when it may serve. */
async function said(url: string, operator?: string): Promise<UnsafeDatabaseRole | undefined> {
  const store = await openStore({ url, poolSize: 1, ...(operator !== undefined && { operator }) });
  try {
    await checkRole(work(store));
    return undefined;
  } catch (error) {
    if (error instanceof UnsafeDatabaseRole) return error;
    throw error;
  } finally {
    await store.close();
  }
}

beforeAll(async () => {
  db = await testDatabase();
  owner = new Client({ connectionString: db.url });
  await owner.connect();
  await owner.query(`
    drop role if exists test_bypass, test_owner, test_heir;
    create role test_bypass nologin bypassrls;
    create role test_owner nologin;
    create role test_heir nologin in role test_owner;
    grant usage, create on schema public to test_owner`);
});
afterAll(async () => {
  await owner.query('drop owned by test_owner, test_bypass, test_heir; drop role test_heir, test_bypass, test_owner');
  await owner.end();
  await db.close();
});

describe('the boot check', () => {
  it('lets the engine serve', async () => {
    expect(await said(db.engineUrl, 'main')).toBeUndefined();
  });

  it('refuses a superuser', async () => {
    expect(await said(db.url, 'main')).toMatchObject({
      message: expect.stringContaining('is a superuser'),
      cure: expect.stringContaining('ENGINE_DATABASE_URL'),
    });
  });

  it('refuses a role that bypasses row policies', async () => {
    expect(await said(roleUrl(db.url, 'test_bypass'), 'main')).toMatchObject({ message: 'The database role test_bypass bypasses row policies.' });
  });

  it('refuses a role that owns a table, and one that may become its owner', async () => {
    await owner.query('alter table ground owner to test_owner');
    try {
      expect(await said(roleUrl(db.url, 'test_owner'), 'main')).toMatchObject({ message: expect.stringContaining('test_owner owns 1 tables') });
      expect(await said(roleUrl(db.url, 'test_heir'), 'main')).toMatchObject({ message: expect.stringContaining('test_heir owns 1 tables') });
    } finally {
      await owner.query('alter table ground owner to current_user');
    }
  });

  it.each(['alter table ground no force row level security', 'alter table ground disable row level security'])(
    'refuses a database after: %s',
    async (sql) => {
      await owner.query(sql);
      try {
        expect(await said(db.engineUrl, 'main')).toMatchObject({
          message: '1 tables have no forced row policies.',
          cure: expect.stringContaining('Migrate'),
        });
      } finally {
        await owner.query('alter table ground enable row level security; alter table ground force row level security');
      }
      expect(await said(db.engineUrl, 'main')).toBeUndefined();
    },
  );

  it('refuses a connection that names no operator', async () => {
    expect(await said(db.engineUrl)).toMatchObject({
      message: expect.stringContaining('names no marketplace operator'),
      cure: 'Set INTERDICT_OPERATOR.',
    });
  });
});
