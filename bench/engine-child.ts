import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Servers } from '../scenarios/runner/servers.ts';
import { type EngineOptions, installRuntime, startEngine } from '../worker/engine.ts';
import { serverLog } from '../worker/server-log.ts';
import { systemClock } from '../worker/system-clock.ts';
import type { Stage } from './stage.ts';

/** What an engine in a process of its own is told, as its only argument: it reads no environment. */
const argsSchema = z.object({
  databaseUrl: z.string(),
  operator: z.string(),
  temporal: z.object({ address: z.string(), namespace: z.string() }),
  marketplaceUrl: z.string(),
  smtpUrl: z.string(),
  vaultDir: z.string(),
  /** File with the workflow bundle: making it again would cost each process seconds. */
  bundle: z.string(),
  sendsMail: z.boolean().default(true),
  outageMs: z.number().default(0),
  timeoutMs: z.number().default(1_500),
  leaseMs: z.number().default(60_000),
  cachedWorkflows: z.number().default(1_000),
  stickyMs: z.number().default(10_000),
  heartbeatMs: z.number().default(20_000),
  workflowTaskTimeoutMs: z.number().default(10_000),
  /** Business of the entry that reads it. */
  dieAt: z.object({ point: z.string(), count: z.number(), aggregate: z.string().optional() }).optional(),
});
export type EngineChildArgs = z.output<typeof argsSchema>;
export type EngineChildSettings = Partial<z.input<typeof argsSchema>>;

/** The argument of the process it is called in. */
export function engineChildArgs(): EngineChildArgs {
  return argsSchema.parse(JSON.parse(process.argv[2] ?? '{}'));
}

/** Runs an engine until the parent ends it or is gone. */
export async function serveEngine(args: EngineChildArgs, replace?: EngineOptions['replace']): Promise<void> {
  installRuntime('ERROR');
  const { bundle, heartbeatMs, workflowTaskTimeoutMs, dieAt: _, ...rest } = args;
  const log = serverLog(undefined, 'error');
  const code = readFileSync(bundle, 'utf8');
  const starter = { heartbeatMs, workflowTaskTimeoutMs };
  const engine = await startEngine({ ...rest, bundle: { code }, starter, clock: systemClock, log, ...(replace !== undefined && { replace }) });
  let isStopping = false;
  const stop = () => {
    if (!isStopping) void engine.stop().then(() => process.exit(0));
    isStopping = true;
  };
  process.on('SIGTERM', stop);
  process.on('disconnect', stop);
  process.send?.('ready');
}

/** An engine in a process of its own. */
export interface EngineChild {
  readonly process: ChildProcess;
  readonly exited: Promise<unknown>;
  stop(): Promise<void>;
}

/** Starts an engine process on a stage. `ready` settles when it works; it may die before. */
export function spawnEngine(
  entry: URL,
  servers: Servers,
  stage: Stage,
  settings: EngineChildSettings = {},
): EngineChild & { readonly ready: Promise<unknown> } {
  const bundle = join(stage.dir, 'workflows.js');
  writeFileSync(bundle, servers.bundle.code);
  const child = fork(entry, [JSON.stringify({ ...stage.places, bundle, ...settings })], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const exited = once(child, 'exit');
  return {
    process: child,
    exited,
    ready: Promise.race([once(child, 'message'), exited]),
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
