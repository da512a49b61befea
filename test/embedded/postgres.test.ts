import { once } from 'node:events';
import { chmod } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Client } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { EmbeddedError } from '../../embedded/embedded-error.ts';
import { boundPort, freeBasePort, LOOPBACK } from '../../embedded/ports.ts';
import { type RunningPostgres, startPostgres } from '../../embedded/postgres.ts';
import { findPostgres } from '../../embedded/postgres-program.ts';
import { aFolder, aLog } from './support.ts';

/** Why PostgreSQL cannot be tested here, if so; the reason is in the name of the skipped test. */
function absence(): string | undefined {
  try {
    findPostgres();
    return undefined;
  } catch (error) {
    if (error instanceof EmbeddedError) return error.message;
    throw error;
  }
}

const absent = absence();
const here = test.skipIf(absent !== undefined);
const because = absent === undefined ? '' : ` (skipped: ${absent})`;

async function aServer(dir: string): Promise<RunningPostgres> {
  const server = await startPostgres({ dir, port: await freeBasePort(1), log: aLog().log });
  onTestFinished(() => server.stop());
  return server;
}

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows;
  } finally {
    await client.end();
  }
}

here(`starts in a folder that only we may enter, stops and continues${because}`, async () => {
  const dir = join(await aFolder(), 'postgres');
  const first = await aServer(dir);
  await chmod(dir, 0o700);
  await ask(first.url, 'create table kept (n int)');
  expect(
    await ask(first.url, "select current_database(), pg_encoding_to_char(encoding), datlocprovider from pg_database where datname = 'interdict'"),
  ).toEqual([['interdict', 'UTF8', 'b']]);
  await first.stop();
  const second = await aServer(dir);
  expect(await ask(second.url, 'select count(*)::int from kept')).toEqual([[0]]);
});

here(`keeps what was committed when it is killed, and starts again at once${because}`, async () => {
  const dir = await aFolder();
  const first = await aServer(dir);
  await ask(first.url, 'create table kept as select 7 as n');
  process.kill(first.pid, 'SIGKILL');
  await first.exited;
  await first.stop();
  expect(await ask((await aServer(dir)).url, 'select n from kept')).toEqual([[7]]);
});

here(`refuses a second start on the same folder${because}`, async () => {
  const dir = await aFolder();
  await aServer(dir);
  await expect(aServer(dir)).rejects.toMatchObject({ code: 'data-locked', cure: expect.stringContaining('down') });
});

here(`asks for a password and tells a port that is taken${because}`, async () => {
  const dir = await aFolder();
  const { url } = await aServer(dir);
  const wrong = new URL(url);
  wrong.password = 'wrong';
  await expect(ask(wrong.href, 'select 1')).rejects.toMatchObject({ code: '28P01' });
  const holder = createServer().listen(0, LOOPBACK);
  onTestFinished(() => void holder.close());
  await once(holder, 'listening');
  const refused = startPostgres({ dir: await aFolder(), port: boundPort(holder), log: aLog().log });
  await expect(refused).rejects.toMatchObject({ code: 'port-in-use' });
});

test('a folder that cannot be made is told with a cure', async () => {
  const refused = startPostgres({ dir: '/dev/null/data', port: 1, log: aLog().log });
  await expect(refused).rejects.toMatchObject({ code: 'data-not-writable', cure: expect.stringContaining('--data') });
});
