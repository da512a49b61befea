import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IllegalStateError } from '@temporalio/common';
import type { WorkflowBundle } from '@temporalio/worker';
import { inject } from 'vitest';
import { type Servers, serversOn } from '../../scenarios/runner/servers.ts';
import { installRuntime } from '../../worker/engine.ts';
import { askFor } from './on-demand.ts';

/** The Temporal server of the run, for users with a namespace of their own. */
export function sharedTemporal(): Promise<string> {
  return askFor(inject('sharedUrl'), 'temporal');
}

/** The workflows of the checkout, bundled once for the run. */
export async function sharedBundle(): Promise<WorkflowBundle> {
  return { code: readFileSync(await askFor(inject('sharedUrl'), 'bundle'), 'utf8') };
}

/** The SDK of Temporal says errors only. A process has one runtime, and files that share a process share it. */
export function quietRuntime(): void {
  try {
    installRuntime('ERROR');
  } catch (error) {
    if (!(error instanceof IllegalStateError)) throw error;
  }
}

/** The servers of the run: a test gets a database, a namespace and a folder of its own on them. `stop` removes the folder only. */
export async function sharedServers(): Promise<Servers> {
  quietRuntime();
  const dir = mkdtempSync(join(tmpdir(), 'interdict-stack-'));
  const [temporalAddress, bundle] = await Promise.all([sharedTemporal(), sharedBundle()]);
  return {
    ...serversOn({ databaseUrl: inject('databaseUrl'), temporalAddress, bundle, dir }),
    stop: async () => rmSync(dir, { recursive: true, force: true }),
  };
}
