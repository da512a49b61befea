import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { Client } from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { freeBasePort, LOOPBACK } from '../../embedded/ports.ts';
import { readStack } from '../../embedded/stack-record.ts';
import { runToEnd, numbersIn, start, Terminal, until } from './support.ts';

const terminal = new Terminal();
afterAll(() => terminal.close());

const up = (...args: readonly string[]) => start('cli/main.ts', ['--data', terminal.data, 'up', '--no-samples', ...args], {}, true);
const isRunning = () => readStack(terminal.data).state === 'running';
const isEmpty = () => terminal.processes().length === 0 && numbersIn(terminal.data).length === 0;

async function untilServing(): Promise<void> {
  await until(isRunning, 'the stack to run', 40_000);
  await until(async () => (await terminal.run(['doctor'])).code === 0, 'the worker to serve', 40_000);
}

describe('up where it cannot', () => {
  it('a port in use: which one, for what, and how to choose others', async () => {
    const port = await freeBasePort(8);
    const server = createServer().listen(port + 1, LOOPBACK);
    try {
      const { code, json } = await terminal.json(['up', '--no-samples', '--port', String(port)]);
      expect(code).toBe(1);
      expect(json).toMatchObject({
        error: { code: 'port-in-use', message: expect.stringContaining(`Port ${port + 1}`), cure: expect.stringContaining('--port') },
      });
    } finally {
      server.close();
    }
    await until(isEmpty, 'what was started to be stopped');
  });

  it.each([
    ['a file in its place', () => terminal.file('a-file', '')],
    ['a file above it', () => join(terminal.file('a-file', ''), 'data')],
    ['a place where nobody may write', () => '/proc/interdict'],
  ])('%s: exit 1 with the place and a cure', async (_, place) => {
    const data = place();
    for (const options of [[], ['--detach']]) {
      const { code, json } = await runToEnd(start('cli/main.ts', ['--json', '--data', data, 'up', ...options]), true);
      expect(code).toBe(1);
      expect(json).toMatchObject({
        error: { code: 'data-not-writable', message: expect.stringContaining(data), cure: expect.stringContaining('--data') },
      });
    }
  });

  const mounts = [
    ['a full folder', 'size=24m', /No space is left for|disk-full/],
    ['a read-only folder', 'size=1m,ro', /cannot be written \(EROFS\)/],
  ] as const;
  it.each(mounts)('%s: exit 1 with the place and a cure', async (_, options, words) => {
    const folder = join(dirname(terminal.data), `mount-${options.length}`);
    mkdirSync(folder, { recursive: true });
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'none', folder]);
    if (mounted.status !== 0) {
      console.warn(`skipped: this user may not mount a file system (${String(mounted.stderr ?? mounted.error).trim()})`);
      return;
    }
    try {
      const { code, stderr } = await runToEnd(start('cli/main.ts', ['--data', join(folder, 'data'), 'up', '--no-samples']));
      expect([code, stderr]).toEqual([1, expect.stringMatching(words)]);
      expect(stderr).toMatch(/--data/);
    } finally {
      spawnSync('umount', [folder]);
    }
  });
});

describe('the stack of one folder', () => {
  it('killed with everything it knew, it continues; Ctrl-C stops all in order and leaves nothing behind', async () => {
    const first = up();
    const killed = runToEnd(first);
    await untilServing();
    const { basePort } = readStack(terminal.data);

    // A second one on the same data.
    for (const options of [[], ['--detach']]) {
      const { code, stderr } = await terminal.run(['up', ...options]);
      expect([code, stderr]).toEqual([1, expect.stringMatching(/runs a stack on .* already[\s\S]*interdict down/)]);
    }

    await terminal.run(['import', 'organisations', terminal.file('o.jsonl', '{"id":"org-kept","name":"Kept"}\n')]);
    first.kill('SIGKILL');
    await killed;
    await until(isEmpty, 'servers and worker to end with their owner', 40_000);
    expect(await terminal.run(['status'])).toMatchObject({ code: 3 });

    const second = up();
    const stopped = runToEnd(second);
    await untilServing();
    expect(readStack(terminal.data).basePort).toBe(basePort);
    const database = new Client({ connectionString: terminal.databaseUrl() });
    await database.connect();
    expect((await database.query("select id from organisation where id = 'org-kept'")).rowCount).toBe(1);
    await database.end();

    // The real entry point: npm must not write a word on standard output.
    const npm = await runToEnd(
      spawn('npm', ['run', 'interdict', '--', '--data', terminal.data, '--json', 'cases'], {
        cwd: join(import.meta.dirname, '..', '..'),
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
      true,
    );
    expect([npm.code, npm.json]).toEqual([0, []]);

    second.kill('SIGINT');
    const { code, stderr } = await stopped;
    expect([code, stderr]).toEqual([0, expect.stringContaining('stopping ...')]);
    expect(stderr).not.toMatch(/started again|rror/);
    expect(isEmpty()).toBe(true);
    expect(readStack(terminal.data)).toMatchObject({ state: 'stopped', basePort });
  }, 150_000);

  it('Ctrl-C while it starts stops what has started', async () => {
    const child = up();
    const stopped = runToEnd(child);
    await until(() => terminal.processes().length > 0, 'the first server');
    child.kill('SIGINT');
    expect((await stopped).code).toBe(0);
    await until(isEmpty, 'nothing to be left');
  });
});
