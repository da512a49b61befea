import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { CaseClient } from '../client/case-client.ts';
import { temporalClient } from '../client/connection.ts';
import { databaseSecrets } from '../config/secrets.ts';
import { instant } from '../domain/instant.ts';
import type { PolicyDocument } from '../domain/policy/policy.ts';
import { type RunningMailbox, startMailbox } from '../embedded/mailbox/mailbox.ts';
import { type RunningMarketplace, startMarketplace } from '../embedded/marketplace/marketplace.ts';
import { LOOPBACK } from '../embedded/ports.ts';
import { shippedPolicy } from '../policies/load.ts';
import type { Servers } from '../scenarios/runner/servers.ts';
import { type LogContext, PolicyCache } from '../store/log/context.ts';
import { openStore, type Store, work } from '../store/connection/orm.ts';
import { storePolicy, storeRules } from '../store/register/policies.ts';
import type { EngineOptions } from '../worker/engine.ts';
import { rulesBundle } from '../verifier/entry/rules-bundle.ts';
import { systemClock } from '../worker/system-clock.ts';

/** What an engine is told of a stage; plain data, so that it can be handed to another process. */
export type EnginePlaces = Pick<EngineOptions, 'databaseUrl' | 'operator' | 'temporal' | 'marketplaceUrl' | 'smtpUrl' | 'vaultDir'>;

/** Everything an engine works with, on the machine's clock, without the engine: benchmarks and kill tests start it as they need. */
export interface Stage {
  readonly store: Store;
  /** For opening cases beside the engine, as a sweep does. */
  readonly context: LogContext;
  readonly temporal: Client;
  readonly mailbox: RunningMailbox;
  readonly marketplace: RunningMarketplace;
  readonly places: EnginePlaces;
  readonly dir: string;
  client(options?: { readonly temporal?: Client; readonly waitMs?: number }): CaseClient;
  stop(): Promise<void>;
}

/** Sets the stage on shared servers, with the shipped policy or another in force. */
export async function startStage(servers: Servers, policy?: PolicyDocument): Promise<Stage> {
  const dir = mkdtempSync(join(servers.dir, 'stage-'));
  const database = await servers.newDatabase();
  const temporalPlace = { address: servers.temporalAddress, namespace: await servers.newNamespace() };
  const { now } = systemClock;
  const log = () => {};
  const mailbox = await startMailbox({ dir: join(dir, 'mailbox'), smtpPort: 0, httpPort: 0, now, log });
  const marketplace = await startMarketplace({ dir: join(dir, 'marketplace'), port: 0, host: LOOPBACK, now, log });
  const databaseUrl = databaseSecrets(database.url).engine.reveal();
  const operator = 'main';
  const store = await openStore({ url: databaseUrl, operator, poolSize: 24 });
  await storePolicy(work(store), policy ?? (await shippedPolicy()), instant('2000-01-01T00:00:00Z'));
  const rules = await rulesBundle();
  await storeRules(work(store), rules);
  const context: LogContext = { store, clock: systemClock, rules: rules.digest, policies: new PolicyCache() };
  const temporal = temporalClient(temporalPlace);
  return {
    store,
    context,
    temporal,
    mailbox,
    marketplace,
    dir,
    places: {
      databaseUrl,
      operator,
      temporal: temporalPlace,
      marketplaceUrl: marketplace.url,
      smtpUrl: mailbox.smtpUrl,
      vaultDir: join(dir, 'vault'),
    },
    client: (options) => new CaseClient({ store, clock: systemClock, temporal: options?.temporal ?? temporal, waitMs: options?.waitMs ?? 30_000 }),
    stop: async () => {
      await Promise.all([store.close(), temporal.connection.close()]);
      await mailbox.stop();
      await marketplace.stop();
      await database.drop();
    },
  };
}
