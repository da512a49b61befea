import { hostname } from 'node:os';
import type { Client } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, type Worker, type WorkflowBundle } from '@temporalio/worker';
import type { Logger } from 'pino';
import { httpMarketplace } from '../adapters/marketplace-http.ts';
import { directoryVault } from '../adapters/directory-vault.ts';
import { sharpImages } from '../adapters/sharp-images.ts';
import { type DkimKey, smtpMailer } from '../adapters/smtp-mailer.ts';
import { referralPackets } from '../activities/referral-packets.ts';
import { createCaseActivities } from '../activities/effects.ts';
import { createNotificationActivities } from '../activities/notifications/send.ts';
import { httpWebhooks } from '../adapters/webhook-http.ts';
import type { Clock } from '../domain/clock.ts';
import type { ImageHasher, MailerPort, MarketplacePort, PacketBuilder, VaultPort, WebhookPort } from '../adapters/ports.ts';
import { createSweepActivities } from '../activities/sweep.ts';
import { temporalClient } from '../client/connection.ts';
import { checkRole } from '../store/schema/check-role.ts';
import { WORK_CHANNEL } from '../store/outbox/messages.ts';
import { listen } from '../store/connection/listen.ts';
import { type LogContext, PolicyCache } from '../store/log/context.ts';
import { advance } from '../store/log/advance.ts';
import { openStore, type Store, work } from '../store/connection/orm.ts';
import { storeRules } from '../store/register/policies.ts';
import { type ArchiveDeps, archiveMemory, archiveSealed } from './archive.ts';
import { assembler } from './assemble-packet.ts';
import { createWorkers, workflowBundle } from './create-worker.ts';
import { Dispatcher } from './dispatcher.ts';
import { intake } from './intake.ts';
import { rulesBundle } from '../verifier/entry/rules-bundle.ts';
import { metaText, serverLog } from './server-log.ts';
import { type StarterOptions, workflowStarter } from './workflow-starter.ts';

export interface EngineOptions {
  readonly databaseUrl: string;
  readonly operator: string;
  readonly temporal: { readonly address?: string; readonly namespace: string };
  readonly marketplaceUrl: string;
  readonly smtpUrl: string;
  /** Sender of all mail, and patience with recipients that put it off, in milliseconds; absent = the mailer's own. */
  readonly mail?: {
    readonly from?: string | undefined;
    readonly giveUpAfterMs?: number | undefined;
    readonly replyTo?: string | undefined;
    readonly returnDelimiter?: string | undefined;
    readonly dkim?: DkimKey | undefined;
  };
  readonly vaultDir: string;
  /** Address of the portal for the links in mails, without a slash at the end; absent: mails carry none. */
  readonly origin?: string;
  readonly clock: Clock;
  /** How long an effect keeps trying an outside system before its outcome is "failed", in milliseconds of machine time. */
  readonly outageMs: number;
  /** Longest wait for one answer of the marketplace or the mail host, in milliseconds; absent = the adapters' own. */
  readonly timeoutMs?: number;
  /** Lets webhooks go to this machine and to private networks: only where nobody else registers endpoints. */
  readonly privateWebhooks?: boolean;
  readonly starter?: StarterOptions;
  readonly sendsMail?: boolean;
  /** Off where histories are looked at by hand: stories and tests on a virtual clock. */
  readonly archives?: boolean;
  /** How long outbox messages stay with a dispatcher that died, in machine milliseconds. */
  readonly leaseMs?: number;
  readonly bundle?: WorkflowBundle;
  readonly log?: Logger;
  /** Workflows kept in memory between their tasks; absent = a thousand. */
  readonly cachedWorkflows?: number;
  /** How long a task waits for the worker that knows its workflow, in milliseconds; absent = the SDK's ten seconds. */
  readonly stickyMs?: number;
  /** Puts other parts in the place of the built ones: how tests die before, inside and after each of them. */
  readonly replace?: (parts: EngineParts) => EngineParts;
}

/** What the activities work with. */
export interface EngineParts {
  readonly marketplace: MarketplacePort;
  readonly vault: VaultPort;
  readonly mailer: MailerPort;
  readonly images: ImageHasher;
  readonly webhooks: WebhookPort;
  readonly packets: PacketBuilder;
  readonly advance: typeof advance;
}

/** Everything one worker process runs: the workers, the dispatcher, and the store and client behind them. */
export interface Engine {
  readonly store: Store;
  readonly context: LogContext;
  readonly temporal: Client;
  readonly dispatcher: Dispatcher;
  stop(): Promise<void>;
}

/** Sealed chains of one step of the archive. */
const ARCHIVE_STEP = 60;

/** The log's attempts end by themselves inside their activity's five seconds (see workflows/proxies.ts). */
const LOG_LIMITS = { lockMs: 3_000, transactionMs: 4_000 };

/** Starts the engine; refuses on a database role that row policies do not bind. */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const log = options.log ?? serverLog();
  const { databaseUrl: url, operator, clock } = options;
  const store = await openStore({ url, operator, poolSize: 16 });
  const logStore = await openStore({ url, operator, poolSize: 16, limits: LOG_LIMITS });
  await checkRole(work(store));
  const rules = await rulesBundle();
  await storeRules(work(store), rules);
  const policies = new PolicyCache();
  const context: LogContext = { store: logStore, clock, rules: rules.digest, policies };
  const bulk: LogContext = { store, clock, rules: rules.digest, policies };
  const ports = partsOf(options, store);
  const { outageMs, mail } = options;
  const patience = mail?.giveUpAfterMs === undefined ? {} : { giveUpAfterMs: mail.giveUpAfterMs };
  const activities = {
    cases: createCaseActivities({ log: context, ...ports, outageMs }),
    letters: createNotificationActivities({ log: bulk, ...ports, outageMs, origin: options.origin, ...patience }),
    sweeps: createSweepActivities({ log: bulk, ...ports }),
  };
  const connection = await NativeConnection.connect(await nativeAddress(options));
  const bundle = options.bundle ?? (await workflowBundle());
  const identity = `interdict@${hostname()}:${process.pid}`;
  const { cachedWorkflows, stickyMs } = options;
  const cache = { ...(cachedWorkflows !== undefined && { cachedWorkflows }), ...(stickyMs !== undefined && { stickyMs }) };
  const workers = await createWorkers({ connection, namespace: options.temporal.namespace, activities, bundle, identity, ...cache });
  const temporal = temporalClient(options.temporal);
  const dispatcher = new Dispatcher({
    store,
    clock,
    log,
    context,
    workflows: workflowStarter(temporal, store, options.starter),
    intake: (messageId) => intake({ log: bulk, ...ports }, messageId),
    sendsMail: options.sendsMail ?? true,
    ...(options.leaseMs !== undefined && { leaseMs: options.leaseMs }),
    ...(options.archives !== false && { archive: archivist({ store, vault: ports.vault, temporal }) }),
  });
  const runs = Promise.all(workers.map((worker) => worker.run()));
  const stopListening = await listen(url, WORK_CHANNEL, dispatcher.kick);
  dispatcher.start();
  const stop = async () => {
    await stopListening();
    await dispatcher.stop();
    for (const worker of workers) shutdown(worker);
    await runs;
    await Promise.all([connection.close(), temporal.connection.close(), store.close(), logStore.close()]);
  };
  return { store, context: bulk, temporal, dispatcher, stop };
}

function partsOf(options: EngineOptions, store: Store): EngineParts {
  const timeout = options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs };
  const vault = directoryVault({ dir: options.vaultDir });
  const built: EngineParts = {
    marketplace: httpMarketplace({ baseUrl: options.marketplaceUrl, ...timeout }),
    vault,
    packets: referralPackets({ store, policies: new PolicyCache() }, vault, assembler(vault)),
    mailer: smtpMailer({
      url: options.smtpUrl,
      ...(options.mail?.from !== undefined && { from: options.mail.from }),
      replyTo: options.mail?.replyTo,
      returnDelimiter: options.mail?.returnDelimiter,
      dkim: options.mail?.dkim,
      ...timeout,
    }),
    images: sharpImages(),
    webhooks: httpWebhooks({ allowPrivate: options.privateWebhooks === true, ...timeout }),
    advance,
  };
  return options.replace?.(built) ?? built;
}

/** Goes through the sealed chains in steps, from the start again after the last, so that one that must wait holds nobody up. Says whether more are left. */
function archivist(deps: ArchiveDeps): () => Promise<boolean> {
  const memory = archiveMemory();
  let after = 0;
  return async () => {
    const { last } = await archiveSealed({ ...deps, memory }, ARCHIVE_STEP, after);
    after = last ?? 0;
    return last !== undefined;
  };
}

function shutdown(worker: Worker): void {
  if (worker.getState() === 'RUNNING') worker.shutdown();
}

async function nativeAddress({ temporal }: EngineOptions) {
  if (temporal.address !== undefined) return { address: temporal.address };
  const { loadClientConnectConfig } = await import('@temporalio/envconfig');
  const { address, tls, apiKey, metadata } = loadClientConnectConfig().connectionOptions;
  return {
    ...(address !== undefined && { address }),
    ...(tls !== undefined && { tls }),
    ...(typeof apiKey === 'string' && { apiKey }),
    ...(metadata !== undefined && { metadata }),
  };
}

/** Process-wide settings of the SDK: its own logs join ours. Call once, before the first engine. */
export function installRuntime(level: 'ERROR' | 'WARN' = 'WARN'): void {
  // Three of the four workers run activities only, on purpose.
  const logger = new DefaultLogger(level, (entry) => {
    if (!entry.message.startsWith('No workflows registered')) process.stderr.write(`${entry.level} ${entry.message} ${metaText(entry.meta ?? {})}\n`);
  });
  Runtime.install({ logger, telemetryOptions: { logging: { filter: { core: level, other: level }, forward: {} } } });
}
