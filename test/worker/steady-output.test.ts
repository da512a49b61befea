import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { steadyWriter } from '../../worker/steady-output.ts';

const WORKER = join(import.meta.dirname, '..', '..', 'worker');
const FULL = '/dev/full';

it('what cannot be written is counted, and told with the next line that can', () => {
  const written: string[] = [];
  let isFull = false;
  const write = steadyWriter((text) => {
    if (isFull) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    written.push(text);
  });
  write('one\n');
  isFull = true;
  for (const text of ['two\n', 'three\n', 'four\n']) write(text);
  isFull = false;
  write('five\n');
  write('six\n');
  expect(written).toEqual(['one\n', '3 earlier messages could not be written here, for want of space or of a reader\n', 'five\n', 'six\n']);
});

it.skipIf(!existsSync(FULL))(`a process whose log stands on a full disk goes on (skipped without ${FULL})`, async () => {
  const program = `
    import { keepTalking } from ${JSON.stringify(join(WORKER, 'steady-output.ts'))};
    import { serverLog } from ${JSON.stringify(join(WORKER, 'server-log.ts'))};
    import { once } from 'node:events';
    keepTalking();
    for (let n = 0; n < 3; n += 1) {
      process.stderr.write('words\\n');
      console.error('words');
      console.log('words');
      serverLog().error({ n }, 'words');
      process.emitWarning('words');
      await new Promise((done) => process.stdout.write('words', done));
      await new Promise((done) => setImmediate(done));
    }
    process.send('served');
    await once(process, 'message');
    process.exit(7);
  `;
  const file = await open(FULL, 'w');
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', program], {
    stdio: ['ignore', file.fd, file.fd, 'ipc'],
  });
  await file.close();
  const said = await new Promise((resolve) => {
    child.once('message', resolve);
    child.once('exit', (code) => resolve(`ended with ${code}`));
  });
  expect(said).toBe('served');
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.send('enough');
  expect(await ended).toBe(7);
});
