import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Client } from 'pg';
import { expect, onTestFinished, test, vi } from 'vitest';
import { stopOrphans } from '../../embedded/child.ts';
import { findPostgres } from '../../embedded/postgres-program.ts';
import { type PartName, type RunningStack, startStack, stopStack } from '../../embedded/stack.ts';
import { readStack } from '../../embedded/stack-record.ts';
import { processMark } from '../../scripts/owner-lock.js';
import { aFolder, aLog } from './support.ts';

const absent = (() => {
  try {
    findPostgres();
    return undefined;
  } catch (error) {
    return String(error);
  }
})();
const here = test.skipIf(absent !== undefined);
const because = absent === undefined ? '' : ` (skipped: ${absent})`;
const places = { path: [], caches: [] };
const LIGHT: readonly PartName[] = ['mailbox', 'marketplace'];

async function aStack(data: string, parts: readonly PartName[], log = aLog().log): Promise<RunningStack> {
  const stack = await startStack({ data, parts, places, log });
  onTestFinished(() => stack.stop());
  return stack;
}

test('a stack is found through its folder, refuses a second owner and keeps its ports', async () => {
  const data = join(await aFolder(), 'data');
  const first = await aStack(data, LIGHT);
  expect(readStack(data)).toEqual({
    state: 'running',
    pid: process.pid,
    basePort: first.basePort,
    addresses: first.addresses,
  });
  expect(first.addresses).toEqual({
    smtpUrl: expect.any(String),
    mailbox: expect.any(String),
    inboundMail: { address: 'desk@interdict.invalid', host: '127.0.0.1', port: first.basePort + 8 },
    marketplace: expect.any(String),
  });
  await expect(aStack(data, LIGHT)).rejects.toMatchObject({
    code: 'data-locked',
    message: expect.stringContaining(String(process.pid)),
  });
  await first.stop();
  expect(readStack(data)).toEqual({ state: 'stopped', basePort: first.basePort });
  expect((await aStack(data, LIGHT)).basePort).toBe(first.basePort);
});

test('a part can be taken down and put up again; a second stack stands beside it', async () => {
  const stack = await aStack(await aFolder(), LIGHT);
  const other = await aStack(await aFolder(), LIGHT);
  const url = `${stack.addresses.marketplace ?? ''}/admin/state`;
  await stack.stopPart('marketplace');
  await expect(fetch(url)).rejects.toThrow();
  expect((await fetch(`${other.addresses.marketplace ?? ''}/admin/state`)).status).toBe(200);
  await stack.startPart('marketplace');
  expect((await fetch(url)).status).toBe(200);
});

test('nothing runs: down says so', async () => {
  expect(await stopStack(join(await aFolder(), 'none'), 1_000, aLog().log)).toBe('not-running');
});

test('a port that was asked for and is taken is told', async () => {
  const { basePort } = await aStack(await aFolder(), LIGHT);
  const second = startStack({ data: await aFolder(), parts: LIGHT, places, port: basePort, log: aLog().log });
  await expect(second).rejects.toMatchObject({ code: 'port-in-use' });
});

here(`a killed PostgreSQL is started again on the same address${because}`, async () => {
  const { lines, log } = aLog();
  const stack = await aStack(await aFolder(), ['postgres'], log);
  const url = stack.addresses.databaseUrl ?? '';
  process.kill(Number(await postmasterOf(url)), 'SIGKILL');
  await vi.waitUntil(() => lines.filter((line) => line.startsWith('postgres: ready')).length === 2, {
    timeout: 30_000,
  });
  expect(await postmasterOf(url)).not.toBe('');
});

here(`the servers of an owner that is killed end, and the next start continues${because}`, async () => {
  const data = await aFolder();
  const owner = spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `
    import { startStack } from ${JSON.stringify(new URL('../../embedded/stack.ts', import.meta.url).href)};
    const stack = await startStack({ data: ${JSON.stringify(data)}, parts: ['postgres'], places: { path: [], caches: [] }, log: () => undefined });
    process.stdout.write('up');
  `,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  await once(owner.stdout, 'data');
  const found = readStack(data);
  const pid = Number(await postmasterOf(found.state === 'running' ? (found.addresses.databaseUrl ?? '') : ''));
  owner.kill('SIGKILL');
  await once(owner, 'exit');
  expect(readStack(data).state).toBe('stopped');
  await vi.waitUntil(() => processMark(pid) === undefined, { timeout: 20_000 });
  expect((await aStack(data, ['postgres'])).basePort).toBe(found.basePort);
});

test.skipIf(process.platform !== 'linux')('a server left behind in the folder is ended, and no other', async () => {
  const [mine, other] = [await aFolder(), await aFolder()];
  const left = [spawn('sleep', ['600'], { cwd: mine }), spawn('sleep', ['600'], { cwd: other })];
  onTestFinished(() => {
    for (const child of left) child.kill('SIGKILL');
  });
  const ends = once(left[0] ?? process, 'exit');
  expect(await stopOrphans(mine, 'postgres', 'SIGTERM', 10_000)).toBe(false);
  expect(await stopOrphans(mine, 'sleep', 'SIGTERM', 10_000)).toBe(true);
  await ends;
  expect(left[1]?.signalCode).toBe(null);
});

/** The number of the server process, asked from itself. */
async function postmasterOf(url: string): Promise<string> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<{ pid: string }>("select split_part(pg_read_file('postmaster.pid'), E'\\n', 1) as pid");
    return rows[0]?.pid ?? '';
  } finally {
    await client.end();
  }
}
