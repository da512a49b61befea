import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../support/database.ts';

/** What the portal may read; every other table, and every table to come, is closed to it. */
const PORTAL_READS = ['aggregate', 'change', 'decision', 'inbox', 'ledger', 'party', 'reporter', 'seal'];
/** What even the engine only ever adds. */
const ADDED_ONLY = ['decision', 'seal', 'access_log'];

interface Column {
  readonly name: string;
  readonly type: string;
  readonly length: number | null;
}

const clients: Client[] = [];
let db: TestDatabase;
let owner: Client;
const columns = new Map<string, readonly Column[]>();

async function connect(role: string, settings: Readonly<Record<string, string>>): Promise<Client> {
  const options = [`-c role=${role}`, ...Object.entries(settings).map(([key, value]) => `-c interdict.${key}=${value}`)].join(' ');
  const client = new Client({ connectionString: db.url, options });
  await client.connect();
  clients.push(client);
  return client;
}

/** A row that any table takes: texts name their operator, so that the two operators' rows differ in every key. */
function rowOf(table: string, operator: string, tag: string): Readonly<Record<string, unknown>> {
  const values = (columns.get(table) ?? []).map(({ name, type, length }) => {
    if (name === 'operator') return [name, operator];
    if (name === 'aggregate' || (table === 'aggregate' && name === 'id'))
      return [name, tag === 'row' ? `case-${operator}` : `case-${operator}-${tag}`];
    if (type === 'character varying' || type === 'text') return [name, `${tag}-${operator}`.slice(0, length ?? 99)];
    if (type === 'jsonb') return [name, '{}'];
    return [name, type === 'boolean' ? false : tag.length];
  });
  return Object.fromEntries(values);
}

async function insert(client: Client, table: string, row: Readonly<Record<string, unknown>>): Promise<number> {
  const names = Object.keys(row);
  const places = names.map((_, index) => `$${index + 1}`);
  const sql = `insert into "${table}" (${names.map((name) => `"${name}"`).join(', ')}) values (${places.join(', ')})`;
  return (await client.query(sql, Object.values(row))).rowCount ?? 0;
}

type Act = 'select' | 'insert' | 'update' | 'delete';
const ACTS: readonly Act[] = ['select', 'insert', 'update', 'delete'];

/** How many rows of an operator the act reaches, or `denied`. Nothing is kept. */
async function reach(client: Client, act: Act, table: string, operator: string): Promise<number | 'denied'> {
  await client.query('begin');
  try {
    if (act === 'insert') return await insert(client, table, rowOf(table, operator, 'another'));
    const verb = { select: `select from "${table}"`, update: `update "${table}" set operator = operator`, delete: `delete from "${table}"` }[act];
    return (await client.query(`${verb} where operator = $1`, [operator])).rowCount ?? 0;
  } catch (error) {
    if ((error as { code?: string }).code === '42501') return 'denied';
    throw error;
  } finally {
    await client.query('rollback');
  }
}

/** The whole table for one login: table -> act -> [own operator's rows, the other's]. */
async function table(client: Client): Promise<Record<string, Record<string, unknown>>> {
  const seen: Record<string, Record<string, unknown>> = {};
  for (const name of columns.keys()) {
    const acts: Record<string, unknown> = {};
    for (const act of ACTS) acts[act] = [await reach(client, act, name, 'main'), await reach(client, act, name, 'other')];
    seen[name] = acts;
  }
  return seen;
}

/** The same expectation for every table there is, but for those that are named. */
function everywhere(rule: (name: string) => Record<Act, readonly unknown[]>): Record<string, Record<string, unknown>> {
  return Object.fromEntries([...columns.keys()].map((name) => [name, rule(name)]));
}

beforeAll(async () => {
  db = await testDatabase();
  owner = new Client({ connectionString: db.url });
  await owner.connect();
  clients.push(owner);
  const tables = await owner.query<{ relname: string }>(
    "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f') and relname <> 'migration' order by 1",
  );
  for (const { relname } of tables.rows) {
    const found = await owner.query<Column>(
      `select column_name as name, data_type as type, character_maximum_length as length from information_schema.columns
       where table_schema = 'public' and table_name = $1 and (is_nullable = 'NO' or column_name = 'operator')
       and coalesce(column_default, '') not like 'nextval%' order by ordinal_position`,
      [relname],
    );
    columns.set(relname, found.rows);
    await owner.query(`delete from "${relname}"`);
    for (const operator of ['main', 'other']) await insert(owner, relname, rowOf(relname, operator, 'row'));
  }
  await owner.query("insert into party (operator, aggregate, organisation, capacity) values ('main', 'case-main', 'a-seller', 'seller')");
});
afterAll(async () => {
  for (const client of clients) await client.end();
  await db.close();
});

const ENGINE =
  (own: number): ((name: string) => Record<Act, readonly unknown[]>) =>
  (name) => {
    const rows = name === 'party' && own === 0 ? 2 : 1;
    const pair = (value: number | 'denied', foreign: unknown) => (own === 0 ? [value, foreign] : [foreign, value]);
    const isAddedOnly = ADDED_ONLY.includes(name);
    return {
      select: pair(rows, 0),
      insert: pair(1, 'denied'),
      update: isAddedOnly ? ['denied', 'denied'] : pair(rows, 0),
      delete: isAddedOnly ? ['denied', 'denied'] : pair(rows, 0),
    };
  };
const PORTAL = (rows: number) => (name: string) => ({
  // Read by rights holders only, see below.
  select: name === 'referral_brand' ? [0, 0] : PORTAL_READS.includes(name) ? [rows, 0] : ['denied', 'denied'],
  insert: ['denied', 'denied'],
  update: ['denied', 'denied'],
  delete: ['denied', 'denied'],
});

describe('row-level security over every table there is', () => {
  it('every table has forced policies and an operator', async () => {
    expect(columns.size).toBeGreaterThan(20);
    for (const [name, found] of columns)
      expect(
        found.map((column) => column.name),
        name,
      ).toContain('operator');
    const open = await owner.query(
      "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and relname <> 'migration' and not (relrowsecurity and relforcerowsecurity)",
    );
    expect(open.rows).toEqual([]);
  });

  it('the engine works on the rows of its operator only', async () => {
    expect(await table(await connect('interdict_engine', { operator: 'main' }))).toEqual(everywhere(ENGINE(0)));
    expect(await table(await connect('interdict_engine', { operator: 'other' }))).toEqual(everywhere(ENGINE(1)));
  });

  it('the engine without an operator reads nothing and writes nothing', async () => {
    const nothing = everywhere((name) => ({
      select: [0, 0],
      insert: ['denied', 'denied'],
      update: ADDED_ONLY.includes(name) ? ['denied', 'denied'] : [0, 0],
      delete: ADDED_ONLY.includes(name) ? ['denied', 'denied'] : [0, 0],
    }));
    expect(await table(await connect('interdict_engine', {}))).toEqual(nothing);
    expect(await table(await connect('interdict_engine', { operator: '' }))).toEqual(nothing);
  });

  it('the engine cannot give a row to another operator', async () => {
    const engine = await connect('interdict_engine', { operator: 'main' });
    for (const name of columns.keys())
      await expect(engine.query(`update "${name}" set operator = 'other'`), name).rejects.toMatchObject({ code: '42501' });
  });

  it('the portal reads what its organisation is a party to, in its capacity, and writes nothing', async () => {
    const own = { organisations: '{row-main}', capacity: 'row-main' };
    expect(await table(await connect('interdict_portal', { operator: 'main', ...own }))).toEqual(everywhere(PORTAL(1)));
  });

  it.each([
    ['a foreign organisation', { operator: 'main', organisations: '{elsewhere}', capacity: 'row-main' }],
    ['another capacity', { operator: 'main', organisations: '{row-main}', capacity: 'elsewhere' }],
    ['the right party under another operator', { operator: 'other', organisations: '{row-main}', capacity: 'row-main' }],
    ['no operator', { organisations: '{row-main}', capacity: 'row-main' }],
    ['no capacity', { operator: 'main', organisations: '{row-main}' }],
    ['no context at all', {}],
  ])('the portal reads nothing with %s', async (_, settings: Readonly<Record<string, string>>) => {
    expect(await table(await connect('interdict_portal', settings))).toEqual(everywhere(PORTAL(0)));
  });

  it('a seller who is a party never reads who reported, nor any disclosed value', async () => {
    const seller = await connect('interdict_portal', { operator: 'main', organisations: '{a-seller}', capacity: 'seller' });
    expect(await reach(seller, 'select', 'aggregate', 'main')).toBe(1);
    expect(await reach(seller, 'select', 'reporter', 'main')).toBe(0);
    for (const name of ['disclosure', 'disclosed', 'natural_key', 'outbox', 'person', 'ground'])
      expect(await reach(seller, 'select', name, 'main'), name).toBe('denied');
    // Not by the way of another aggregate's rows either.
    const rows = await seller.query('select aggregate from party');
    expect(rows.rows).toEqual([{ aggregate: 'case-main' }]);
  });

  it('of a referral a brand reads its own part, a seller nothing, whatever organisation it says it is', async () => {
    const brand = await connect('interdict_portal', { operator: 'main', organisations: '{row-main}', capacity: 'rights-holder' });
    expect(await reach(brand, 'select', 'referral_brand', 'main')).toBe(1);
    const other = await connect('interdict_portal', { operator: 'main', organisations: '{org-b}', capacity: 'rights-holder' });
    expect(await reach(other, 'select', 'referral_brand', 'main')).toBe(0);
    const seller = await connect('interdict_portal', { operator: 'main', organisations: '{row-main}', capacity: 'seller' });
    expect(await reach(seller, 'select', 'referral_brand', 'main')).toBe(0);
    for (const client of [brand, seller])
      for (const name of ['referral', 'recipient']) expect(await reach(client, 'select', name, 'main')).toBe('denied');
  });

  it('neither role may change the schema, the policies or who it is', async () => {
    for (const role of ['interdict_engine', 'interdict_portal']) {
      const { rows } = await owner.query<{ unsafe: boolean }>(
        `select rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or has_schema_privilege(oid, 'public', 'create') as unsafe from pg_roles where rolname = $1`,
        [role],
      );
      expect(rows, role).toEqual([{ unsafe: false }]);
      const client = await connect(role, { operator: 'main' });
      await expect(client.query('alter table decision disable row level security')).rejects.toMatchObject({ code: '42501' });
      await expect(client.query('drop policy decision_engine on decision')).rejects.toMatchObject({ code: '42501' });
      await expect(client.query('truncate decision')).rejects.toMatchObject({ code: '42501' });
    }
  });

  it('a decision and a seal stay as they are; only that a seal was archived is noted', async () => {
    const engine = await connect('interdict_engine', { operator: 'main' });
    for (const sql of [
      "update decision set hash = 'x'",
      'delete from decision',
      "update seal set root = 'x'",
      'update seal set sequence = 9',
      'delete from seal',
    ])
      await expect(engine.query(sql), sql).rejects.toMatchObject({ code: '42501' });
    expect((await engine.query("update seal set exported = true, archive = 'sha256:0'")).rowCount).toBe(1);
  });
});
