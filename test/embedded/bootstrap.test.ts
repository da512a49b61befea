import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { aFolder } from './support.ts';

const SCRIPTS = fileURLToPath(new URL('../../scripts', import.meta.url));

/** Stands in for npm: notes that it was called, makes noise on standard output, installs what the lock file names. */
const NPM = `
  import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
  appendFileSync('calls', 'x');
  console.log('noise');
  mkdirSync('node_modules', { recursive: true });
  writeFileSync('node_modules/.package-lock.json', '{"packages":{"node_modules/a":{"version":"1.0.0"}}}');
`;

const MAIN = `
  const idle = setInterval(() => undefined, 60_000);
  process.on('SIGTERM', () => { clearInterval(idle); process.exitCode = 5; });
  if (process.argv[2] !== 'wait') { clearInterval(idle); process.exitCode = 7; }
  console.log(JSON.stringify(process.argv.slice(2)));
`;

async function aCheckout(): Promise<string> {
  const root = await aFolder();
  await cp(SCRIPTS, join(root, 'scripts'), { recursive: true });
  await mkdir(join(root, 'cli'));
  const files = {
    'cli/main.ts': MAIN,
    'npm-cli.js': NPM,
    'package.json': '{"type":"module"}',
    'package-lock.json': '{"packages":{"":{},"node_modules/a":{"version":"1.0.0"},"node_modules/b":{"version":"2.0.0","optional":true}}}',
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(root, name), content);
  return root;
}

function bootstrap(root: string, ...args: string[]): ChildProcess & { readonly stdout: NodeJS.ReadableStream } {
  const child = spawn(process.execPath, [join(root, 'scripts', 'bootstrap.js'), ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, npm_execpath: join(root, 'npm-cli.js') },
  });
  return child;
}

async function outcome(child: ReturnType<typeof bootstrap>): Promise<[string, unknown]> {
  const [words, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return [words, code];
}

test('two at once install once, keep standard output clean and hand on the exit code', async () => {
  const root = await aCheckout();
  const both = await Promise.all([outcome(bootstrap(root, 'interdict', 'a', '--json')), outcome(bootstrap(root, 'interdict', 'b'))]);
  expect(both).toEqual([
    ['["a","--json"]\n', 7],
    ['["b"]\n', 7],
  ]);
  await outcome(bootstrap(root, 'start', '--port', '1'));
  expect(await readFile(join(root, 'calls'), 'utf8')).toBe('x');
});

test('a changed lock file installs again; what was installed by hand counts', async () => {
  const root = await aCheckout();
  await outcome(bootstrap(root, 'interdict'));
  await writeFile(join(root, 'package.json'), '{"type":"module","version":"2.0.0"}');
  expect(await outcome(bootstrap(root, 'start', 'x'))).toEqual(['["up","x"]\n', 7]);
  expect(await readFile(join(root, 'calls'), 'utf8')).toBe('x');
  await writeFile(join(root, 'package-lock.json'), '{"packages":{"node_modules/a":{"version":"1.0.1"}}}');
  await outcome(bootstrap(root, 'interdict'));
  expect(await readFile(join(root, 'calls'), 'utf8')).toBe('xx');
});

test('signals reach the command; an unknown one is wrong usage', async () => {
  const root = await aCheckout();
  const child = bootstrap(root, 'interdict', 'wait');
  child.stdout.once('data', () => child.kill('SIGTERM'));
  expect((await outcome(child))[1]).toBe(5);
  expect(await outcome(bootstrap(root, 'nonsense'))).toEqual(['', 2]);
});
