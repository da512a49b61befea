import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { migrate, migrateDown, schemaDrift } from '../../store/schema/migrate.ts';

const name = `migrations_${randomBytes(6).toString('hex')}`;
const address = new URL(inject('databaseUrl'));
address.pathname = `/${name}`;
const url = address.toString();

async function rows(sql: string, at = url): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const client = new Client({ connectionString: at });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Everything a schema consists of, as PostgreSQL prints it. */
async function picture(): Promise<unknown> {
  return {
    columns: await rows(`select table_name, column_name, data_type, character_maximum_length, is_nullable, column_default
      from information_schema.columns where table_schema = 'public' order by 1, 2`),
    indexes: await rows("select indexname, indexdef from pg_indexes where schemaname = 'public' order by 1"),
    policies: await rows("select * from pg_policies where schemaname = 'public' order by tablename, policyname"),
    tables: await rows(`select relname, relrowsecurity, relforcerowsecurity from pg_class
      where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1`),
    grants: await rows(`select grantee, table_name, privilege_type from information_schema.role_table_grants
      where table_schema = 'public' and grantee like 'interdict_%' order by 1, 2, 3`),
    columnGrants: await rows(`select grantee, table_name, column_name, privilege_type from information_schema.column_privileges
      where table_schema = 'public' and grantee like 'interdict_%' order by 1, 2, 3, 4`),
  };
}

beforeAll(() => rows(`create database ${name}`, inject('databaseUrl')));
afterAll(() => rows(`drop database ${name} with (force)`, inject('databaseUrl')));

describe('migrations', () => {
  it('go up, down and up again to the same schema, without drift', async () => {
    const ran = await migrate(url);
    expect(ran).not.toEqual([]);
    expect(await schemaDrift(url)).toBe('');
    const first = await picture();
    await migrateDown(url);
    expect(await rows("select tablename from pg_tables where schemaname = 'public' and tablename <> 'migration'")).toEqual([]);
    expect(await migrate(url)).toEqual(ran);
    expect(await picture()).toEqual(first);
    expect(await schemaDrift(url)).toBe('');
  });

  it('see a drift', async () => {
    await rows('alter table seal drop column archive');
    expect(await schemaDrift(url)).toMatch(/"seal".*"archive"/);
    await rows('alter table seal add column archive varchar(80) null');
    expect(await schemaDrift(url)).toBe('');
  });

  it('may be run by several processes at once', async () => {
    await migrateDown(url);
    const ran = await Promise.all([migrate(url), migrate(url), migrate(url)]);
    expect(ran.filter((names) => names.length > 0)).toHaveLength(1);
    expect(await schemaDrift(url)).toBe('');
  });
});
