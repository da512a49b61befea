import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, expect, it } from 'vitest';
import { freeBasePort } from '../../embedded/ports.ts';
import { type RunningPostgres, startPostgres } from '../../embedded/postgres.ts';
import { Terminal, until } from './support.ts';

const NEEDS = 18;
const before = new Terminal();
const after = new Terminal();
let database: RunningPostgres | undefined;
afterAll(async () => {
  await before.close();
  await after.close();
  await database?.stop();
});

/** Why a backup cannot be tried here; undefined where it can. */
function absence(): string | undefined {
  const { stdout, error } = spawnSync('pg_dump', ['--version'], { encoding: 'utf8' });
  const major = Number(/(\d+)\./.exec(stdout ?? '')?.[1]);
  if (error === undefined && major >= NEEDS) return undefined;
  return `pg_dump ${NEEDS} is not on the path${error === undefined ? `, only ${stdout.trim()}` : ''}`;
}
const absent = absence();
const because = absent === undefined ? '' : ` (skipped: ${absent})`;

/** A tool of PostgreSQL, which must succeed. */
function tool(name: string, ...args: readonly string[]): void {
  const { status, stderr } = spawnSync(name, args, { encoding: 'utf8' });
  expect([name, status, stderr]).toEqual([name, 0, '']);
}

async function sql(url: string, text: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(text);
  await client.end();
}

const sample = (name: string) => join(import.meta.dirname, '..', '..', 'samples', name);
interface Line {
  readonly id: string;
  readonly listing: string;
  readonly holder: string;
}
/** The cases with a status, by the command line of a folder. */
async function casesOf(terminal: Terminal, status: string, settings = {}): Promise<readonly Line[]> {
  return (await terminal.json(['cases', '--status', status], settings)).json as readonly Line[];
}
function answer(terminal: Terminal, { id, holder }: Line, settings = {}) {
  return terminal.json(['verdict', id, 'counterfeit', '--reason-code', 'packaging', '--as', `desk:${holder}`], settings);
}

it.skipIf(absent !== undefined)(
  `from a dump and a copy of the vault, with an empty Temporal, open cases go on and sealed ones verify${because}`,
  async () => {
    expect(await before.run(['up', '--detach', '--no-samples'])).toMatchObject({ code: 0 });
    for (const kind of ['organisations', 'people', 'rights', 'listings']) {
      const file = ['jsonl', 'csv'].map((end) => sample(`${kind}.${end}`)).find(existsSync) ?? '';
      expect(await before.run(['import', kind, file])).toMatchObject({ code: 0 });
    }
    expect(await before.run(['sweep'])).toMatchObject({ code: 0 });
    const [sealing, waiting] = await casesOf(before, 'awaiting-confirmation');
    if (sealing === undefined || waiting === undefined) throw new Error('the samples open no cases');
    expect((await answer(before, sealing)).code).toBe(0);
    await until(async () => (await casesOf(before, 'actioned')).length === 1, 'the case to be sealed');
    const old = before.file('before.json', '');
    rmSync(old);
    expect((await before.run(['history', 'export', sealing.id, '--out', old])).code).toBe(0);

    // The database first: what it names is in the vault by then, and the vault only grows.
    const dump = before.file('interdict.dump', '');
    tool('pg_dump', '--format=custom', `--file=${dump}`, before.databaseUrl());
    cpSync(join(before.data, 'vault'), join(after.data, 'vault'), { recursive: true });
    expect((await before.run(['down'])).code).toBe(0);

    database = await startPostgres({ dir: join(after.data, '..', 'server'), port: await freeBasePort(1), log: () => {} });
    await sql(
      database.url,
      'create role interdict_engine nologin; create role interdict_portal nologin; grant interdict_engine, interdict_portal to current_user',
    );
    tool('pg_restore', '--exit-on-error', `--dbname=${database.url}`, dump);
    const settings = { DATABASE_URL: database.url };
    expect(await after.run(['up', '--detach', '--no-samples'], settings)).toMatchObject({ code: 0 });
    // The reference marketplace is new and empty; yours has its listings.
    expect(await after.run(['import', 'listings', sample('listings.jsonl')], settings)).toMatchObject({ code: 0 });
    const open = (await after.json(['status'], settings)).json as { cases: Readonly<Record<string, number>> };
    const revived = (await after.json(['doctor', '--revive'], settings)).json as { revived: number };
    expect(revived.revived).toBeGreaterThan(0);
    expect(revived.revived).toBe(open.cases['awaiting-confirmation']);
    expect((await answer(after, waiting, settings)).json).toMatchObject({ kind: 'done' });
    await until(async () => (await casesOf(after, 'actioned', settings)).length === 2, 'the restored case to go on to its seal');

    const fresh = after.file('after.json', '');
    rmSync(fresh);
    expect((await after.run(['history', 'export', sealing.id, '--out', fresh], settings)).code).toBe(0);
    const { json } = await after.json(['case', sealing.id], settings);
    const { root } = (json as { seal: { root: string } }).seal;
    for (const file of [old, fresh])
      expect(await after.json(['verify', file, '--root', root], settings)).toMatchObject({ code: 0, json: { ok: true } });
    expect(await after.json(['verify', fresh, '--root', '0'.repeat(64)], settings)).toMatchObject({ code: 1, json: { ok: false } });
    await after.run(['down'], settings);
  },
  240_000,
);
