import { parseArgs } from 'node:util';
import pino from 'pino';
import { loadConfig } from '../config/config.ts';
import { startEngine, installRuntime } from './engine.ts';
import { placesOf } from './places.ts';
import { systemClock } from './system-clock.ts';

/** A worker process: `node worker/main.ts [--data DIR]`. Tells its parent, if it has one, when it is ready. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { data: { type: 'string' } } });
  const { config, secrets } = loadConfig();
  const places = placesOf(config, secrets, values.data ?? config.data);
  const log = pino({ level: 'warn' }, pino.destination(2));
  installRuntime();
  const engine = await startEngine({
    databaseUrl: places.engineUrl,
    operator: config.operator,
    temporal: places.temporal,
    marketplaceUrl: places.marketplaceUrl,
    smtpUrl: places.smtpUrl,
    vaultDir: places.vaultDir,
    clock: systemClock,
    outageMs: config.outageMs,
    log,
  });
  process.send?.('ready');
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= engine.stop().then(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // A parent that is gone must not leave a worker without its servers behind.
  process.on('disconnect', stop);
}

main().catch((error: unknown) => {
  const { message, cure } = error as { message?: string; cure?: string };
  process.stderr.write(`interdict worker: ${message ?? String(error)}${cure === undefined ? '' : ` ${cure}`}\n`);
  process.exit(1);
});
