import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { freeBasePort } from '../../embedded/ports.ts';
import { startPostgres } from '../../embedded/postgres.ts';
import { makeTemplate } from '../../scenarios/runner/databases.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Owner's address of the test server's first database; its template is `interdict_template`. */
    readonly databaseUrl: string;
  }
}

/**
 * One PostgreSQL for the whole run, with a migrated template that every test database is copied from. The first project
 * that needs it starts it and says so at the root, where the next one finds it; all projects stop together.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const nothing = async () => {};
  const root = project.vitest.getRootProject();
  if (root.getProvidedContext().databaseUrl !== undefined) return nothing;
  const given = process.env['TEST_DATABASE_URL'];
  if (given !== undefined) {
    await makeTemplate(given);
    root.provide('databaseUrl', given);
    return nothing;
  }
  const dir = mkdtempSync(join(tmpdir(), 'interdict-test-'));
  const postgres = await startPostgres({ dir, port: await freeBasePort(1), log: () => {} });
  await makeTemplate(postgres.url);
  root.provide('databaseUrl', postgres.url);
  return async () => {
    await postgres.stop();
    rmSync(dir, { recursive: true, force: true });
  };
}
