import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { loadConfig } from '../../config/config.ts';
import { freeBasePort } from '../../embedded/ports.ts';
import { startPostgres } from '../../embedded/postgres.ts';
import { startTemporal } from '../../embedded/temporal.ts';
import { makeTemplate } from '../../scenarios/runner/databases.ts';
import { workflowBundle } from '../../worker/create-worker.ts';
import { serveOnDemand, type Shared } from './on-demand.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Owner's address of the test server's first database; its template is `interdict_template`. */
    readonly databaseUrl: string;
    /** Where tests ask for what the run has once beside PostgreSQL (test/support/servers.ts). */
    readonly sharedUrl: string;
  }
}

const log = () => {};

/**
 * One PostgreSQL for the whole run, with a migrated template that every test database is copied from; one Temporal and one bundle of
 * the workflows as soon as a test asks. The first project that needs them starts them and says so at the root, where the next
 * one finds them; all projects stop together.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const root = project.vitest.getRootProject();
  if (root.getProvidedContext().databaseUrl !== undefined) return async () => {};
  const dir = mkdtempSync(join(tmpdir(), 'interdict-test-'));
  const postgres = await aPostgres(join(dir, 'postgres'));
  await makeTemplate(postgres.told);
  const onDemand = await serveOnDemand({ temporal: () => aTemporal(join(dir, 'temporal')), bundle: () => aBundle(dir) });
  root.provide('databaseUrl', postgres.told);
  root.provide('sharedUrl', onDemand.url);
  return async () => {
    await onDemand.stop();
    await postgres.stop();
    rmSync(dir, { recursive: true, force: true });
  };
}

/** The one that the environment names, else one of our own. */
async function aPostgres(dir: string): Promise<Shared> {
  const given = process.env['TEST_DATABASE_URL'];
  if (given !== undefined) return { told: given, stop: async () => {} };
  const { url, stop } = await startPostgres({ dir, port: await freeBasePort(1), isThrowaway: true, log });
  return { told: url, stop };
}

async function aTemporal(dir: string): Promise<Shared> {
  const port = await freeBasePort(2);
  const { address, stop } = await startTemporal({ dir, port, metricsPort: port + 1, places: loadConfig().config.programs, log });
  return { told: address, stop };
}

async function aBundle(dir: string): Promise<Shared> {
  const file = join(dir, 'workflows.js');
  writeFileSync(file, (await workflowBundle()).code);
  return { told: file, stop: async () => {} };
}
