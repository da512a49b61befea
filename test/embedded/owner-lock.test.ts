import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { processMark, tryLock } from '../../scripts/owner-lock.js';
import { aFolder } from './support.ts';

test('a living owner keeps the lock until it lets go', async () => {
  const path = join(await aFolder(), 'lock');
  const first = tryLock(path);
  expect(tryLock(path).heldBy).toMatchObject({ pid: process.pid, mark: processMark(process.pid) });
  first.release?.();
  expect(tryLock(path).heldBy).toBeUndefined();
});

test('the lock of a dead owner is taken over, also when its number lives on in another process', async () => {
  const path = join(await aFolder(), 'lock');
  await mkdir(path);
  await writeFile(join(path, 'owner.json'), JSON.stringify({ pid: process.pid, mark: 'an earlier boot/1', token: 'a' }));
  expect(tryLock(path).heldBy).toBeUndefined();
});

test('a lock without a readable owner is taken over', async () => {
  const path = join(await aFolder(), 'lock');
  await mkdir(path);
  await writeFile(join(path, 'owner.json'), '{"pid":');
  expect(tryLock(path).heldBy).toBeUndefined();
});

test('of many that take over at once exactly one gets the lock', async () => {
  const folder = await aFolder();
  const path = join(folder, 'lock');
  await mkdir(path);
  await writeFile(join(path, 'owner.json'), JSON.stringify({ pid: 999_999_999, mark: 'dead', token: 'b' }));
  const program = `
    import { tryLock } from ${JSON.stringify(new URL('../../scripts/owner-lock.js', import.meta.url).href)};
    import { appendFileSync } from 'node:fs';
    const lock = tryLock(${JSON.stringify(path)});
    if (lock.heldBy === undefined) appendFileSync(${JSON.stringify(join(folder, 'owners'))}, 'x');
    process.send('done');
    process.on('message', () => process.exit(0));
  `;
  const racers = Array.from({ length: 6 }, () =>
    spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }),
  );
  await Promise.all(racers.map((racer) => once(racer, 'message')));
  expect(await readFile(join(folder, 'owners'), 'utf8')).toBe('x');
  for (const racer of racers) racer.send('end');
  await Promise.all(racers.map((racer) => once(racer, 'exit')));
});
