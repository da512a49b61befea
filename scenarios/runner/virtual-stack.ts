import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { databaseSecrets } from '../../config/secrets.ts';
import { type Instant, instant } from '../../domain/instant.ts';
import type { PolicyDocument } from '../../domain/policy/policy.ts';
import { type RunningMailbox, startMailbox } from '../../embedded/mailbox/mailbox.ts';
import { type RunningMarketplace, startMarketplace } from '../../embedded/marketplace/marketplace.ts';
import { LOOPBACK } from '../../embedded/ports.ts';
import { shippedPolicy } from '../../policies/load.ts';
import { work } from '../../store/connection/orm.ts';
import { storePolicy } from '../../store/register/policies.ts';
import { startEngine } from '../../worker/engine.ts';
import type { Servers } from './servers.ts';
import { type Stage, stageOn } from './stage.ts';
import { VirtualClock } from './virtual-clock.ts';

/** The whole product on throw-away servers, with a clock that only this object moves. */
export interface VirtualStack extends Stage {
  readonly mailbox: RunningMailbox;
  readonly marketplace: RunningMarketplace;
  readonly namespace: string;
  stop(): Promise<void>;
}

export interface VirtualStackOptions {
  readonly startAt: Instant;
  readonly policy?: PolicyDocument;
  readonly operator?: string;
}

/** Starts a virtual stack on shared servers. */
export async function startVirtualStack(servers: Servers, options: VirtualStackOptions): Promise<VirtualStack> {
  const clock = new VirtualClock(options.startAt);
  const dir = mkdtempSync(join(servers.dir, 'virtual-'));
  const database = await servers.newDatabase();
  const namespace = await servers.newNamespace();
  const now = () => clock.now();
  const log = () => {};
  const mailbox = await startMailbox({ dir: join(dir, 'mailbox'), smtpPort: 0, httpPort: 0, now, log });
  const marketplace = await startMarketplace({ dir: join(dir, 'marketplace'), port: 0, host: LOOPBACK, now, log });
  const temporal = { address: servers.temporalAddress, namespace };
  const vaultDir = join(dir, 'vault');
  const engine = await startEngine({
    databaseUrl: databaseSecrets(database.url).engine.reveal(),
    operator: options.operator ?? 'main',
    temporal,
    marketplaceUrl: marketplace.url,
    smtpUrl: mailbox.smtpUrl,
    vaultDir,
    clock,
    outageMs: 0,
    archives: false,
    starter: { isVirtual: true },
    bundle: servers.bundle,
    // No story has a server that hangs: on a busy machine only patience tells the same story every time.
    timeoutMs: 10_000,
  });
  await storePolicy(work(engine.store), options.policy ?? (await shippedPolicy()), instant('2000-01-01T00:00:00Z'));
  return {
    ...stageOn({ clock, engine, mailbox, marketplace, vaultDir, databaseUrl: database.url }),
    ...{ mailbox, marketplace, namespace },
    stop: async () => {
      await engine.stop();
      await mailbox.stop();
      await marketplace.stop();
      await database.drop();
    },
  };
}
