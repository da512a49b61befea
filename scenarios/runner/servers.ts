import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WorkflowBundle } from '@temporalio/worker';
import { loadConfig } from '../../config/config.ts';
import { freeBasePort } from '../../embedded/ports.ts';
import { startPostgres } from '../../embedded/postgres.ts';
import { registerNamespace, startTemporal } from '../../embedded/temporal.ts';
import { workflowBundle } from '../../worker/create-worker.ts';
import { type Database, makeTemplate, newDatabase } from './databases.ts';

/** The servers behind throw-away stacks: one PostgreSQL, one Temporal, and the workflow bundle, shared by many stacks. */
export interface Servers {
  readonly temporalAddress: string;
  readonly bundle: WorkflowBundle;
  /** A folder for what a stack keeps; removed with the servers. */
  readonly dir: string;
  /** A migrated database of its own; the owner's address. */
  newDatabase(): Promise<Database>;
  /** A Temporal namespace of its own: workflows that a story leaves open never meet the next story's workers. */
  newNamespace(): Promise<string>;
  stop(): Promise<void>;
}

/** Servers that were started for their user alone. */
export interface OwnServers extends Servers {
  /** Process numbers; benchmarks read what they use. A PostgreSQL that was given is not ours. */
  readonly pids: { readonly temporal: number; readonly postgres?: number };
  /** Kills a server in mid-work and starts it again on its folder and port. A PostgreSQL that was given is not ours to kill. */
  killAndRestart(part: 'temporal' | 'postgres'): Promise<void>;
}

/** Starts the servers in a temporary folder. `databaseUrl` reuses a running PostgreSQL (owner's address). */
export async function startServers(options: { readonly databaseUrl?: string } = {}): Promise<OwnServers> {
  const dir = mkdtempSync(join(tmpdir(), 'interdict-stack-'));
  const log = () => {};
  const base = await freeBasePort(3);
  const newPostgres = () => startPostgres({ dir: join(dir, 'postgres'), port: base, log });
  let postgres = options.databaseUrl === undefined ? await newPostgres() : undefined;
  const owner = postgres?.url ?? options.databaseUrl ?? '';
  const { config } = loadConfig();
  const newTemporal = () =>
    startTemporal({
      dir: join(dir, 'temporal'),
      port: base + 1,
      metricsPort: base + 2,
      places: config.programs,
      log,
    });
  let temporal = await newTemporal();
  if (postgres !== undefined) await makeTemplate(owner);
  const bundle = await workflowBundle();
  return {
    ...serversOn({ databaseUrl: owner, temporalAddress: temporal.address, bundle, dir }),
    pids: { temporal: temporal.pid, ...(postgres !== undefined && { postgres: postgres.pid }) },
    killAndRestart: async (part) => {
      if (part === 'temporal') {
        await killed(temporal);
        temporal = await newTemporal();
      } else if (postgres !== undefined) {
        await killed(postgres);
        postgres = await newPostgres();
      }
    },
    stop: async () => {
      await temporal.stop();
      await postgres?.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Stands throw-away stacks on servers that run already; stopping them is somebody else's. The database server has its template. */
export function serversOn(places: Pick<Servers, 'temporalAddress' | 'bundle' | 'dir'> & { readonly databaseUrl: string }): Omit<Servers, 'stop'> {
  const { databaseUrl, temporalAddress, bundle, dir } = places;
  return {
    temporalAddress,
    bundle,
    dir,
    newDatabase: () => newDatabase(databaseUrl, 'stack'),
    newNamespace: async () => {
      const name = `stack-${randomBytes(6).toString('hex')}`;
      await registerNamespace(temporalAddress, name);
      return name;
    },
  };
}

/** Ends a server as a power cut would, and lets go of its folder. */
async function killed(server: { readonly pid: number; readonly exited: Promise<void>; stop(): Promise<void> }): Promise<void> {
  process.kill(server.pid, 'SIGKILL');
  await server.exited;
  await server.stop();
}
