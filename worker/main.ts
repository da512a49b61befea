import { parseArgs } from 'node:util';
import type { DkimKey } from '../adapters/smtp-mailer.ts';
import { type Config, loadConfig } from '../config/config.ts';
import type { Secrets } from '../config/secrets.ts';
import { type Engine, installRuntime, startEngine } from './engine.ts';
import { placesOf } from './service-addresses.ts';
import { serverLog } from './server-log.ts';
import { keepTalking } from './steady-output.ts';
import { systemClock } from './system-clock.ts';

/** Without its servers (their owner was killed) an engine cannot stop in order: it ends all the same. */
const STOP_WITHIN_MS = 15_000;

let engine: Engine | undefined;
let isStopping = false;

/** A worker process: `node worker/main.ts [--data DIR]`. Tells its parent, if it has one, when it is ready. */
async function main(): Promise<void> {
  keepTalking();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stop);
  // A parent that is gone must not leave a worker without its servers behind, also while it starts.
  process.on('disconnect', stop);
  if (process.send !== undefined && !process.connected) stop();
  const { values } = parseArgs({ options: { data: { type: 'string' } } });
  const { config, secrets } = loadConfig();
  const places = placesOf(config, secrets, values.data ?? config.data);
  const log = serverLog();
  installRuntime();
  engine = await startEngine({
    databaseUrl: places.engineUrl,
    operator: config.operator,
    temporal: places.temporal,
    marketplaceUrl: places.marketplaceUrl,
    smtpUrl: places.smtpUrl,
    mail: {
      ...{ from: config.mail.from, giveUpAfterMs: config.mail.giveUpAfterMs, dkim: dkimOf(config, secrets) },
      ...{ replyTo: places.inboundMail?.address, returnDelimiter: config.mail.returnDelimiter },
    },
    ...(places.origin !== undefined && { origin: places.origin }),
    vaultDir: places.vaultDir,
    clock: systemClock,
    outageMs: config.outageMs,
    privateWebhooks: config.database.embedded,
    log,
  });
  process.send?.('ready');
}

/** Settings that were checked together: both are there, or neither. */
function dkimOf({ mail: { dkim } }: Config, { dkimKey }: Secrets): DkimKey | undefined {
  return dkim === undefined || dkimKey === undefined ? undefined : { ...dkim, privateKey: dkimKey.reveal() };
}

/** Before the engine runs nothing is under way: what it has begun to open ends with the process. */
function stop(): void {
  if (isStopping) return;
  isStopping = true;
  if (engine === undefined) process.exit(0);
  setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
  engine.stop().then(
    () => process.exit(0),
    () => process.exit(1),
  );
}

main().catch((error: unknown) => {
  const { message, cure } = error as { message?: string; cure?: string };
  process.stderr.write(`interdict worker: ${message ?? String(error)}${cure === undefined ? '' : ` ${cure}`}\n`);
  process.exit(1);
});
