import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { CaseClient } from '../../client/case-client.ts';
import { databaseSecrets } from '../../config/secrets.ts';
import type { AggregateId } from '../../domain/ids.ts';
import { type Instant, instant, plusMs } from '../../domain/instant.ts';
import type { PolicyDocument } from '../../domain/policy/policy.ts';
import { type RunningMailbox, startMailbox } from '../../embedded/mailbox/mailbox.ts';
import { type RunningMarketplace, startMarketplace } from '../../embedded/marketplace/marketplace.ts';
import { freeBasePort, LOOPBACK } from '../../embedded/ports.ts';
import { shippedPolicy } from '../../policies/load.ts';
import { type Store, work } from '../../store/orm.ts';
import { storePolicy } from '../../store/policies.ts';
import { type Engine, startEngine } from '../../worker/engine.ts';
import { workflowStarter } from '../../worker/workflow-starter.ts';
import type { Servers } from './servers.ts';
import { VirtualClock } from './virtual-clock.ts';

/** The whole product on real servers, with a clock that only this object moves. */
export interface VirtualStack {
  readonly clock: VirtualClock;
  readonly store: Store;
  readonly client: CaseClient;
  readonly engine: Engine;
  readonly mailbox: RunningMailbox;
  readonly marketplace: RunningMarketplace;
  readonly namespace: string;
  /** Moves the clock to an instant, past every earlier deadline and letter in their order, and waits until all is quiet. */
  advanceTo(at: Instant): Promise<void>;
  /** Waits until nothing is left to do at the present instant. */
  settle(): Promise<void>;
  stop(): Promise<void>;
}

export interface VirtualStackOptions {
  readonly startAt: Instant;
  readonly policy?: PolicyDocument;
  readonly operator?: string;
}

const QUIET_WITHIN_MS = 120_000;

/** What is not quiet: due letters, unread rows, aggregates past due or owing an effect. One statement over the store. */
const BUSY = `
  select 'letter' as what, id from letter where state = 'sending' or (state = 'waiting' and due_at <= ?)
  union all select 'message', id from inbox where answer is null
  union all select 'aggregate', id from aggregate where not is_final and (due < ? or is_owing) limit 20`;

/** The next instant at which something happens by itself. A deadline is passed only when the clock is past it. */
const NEXT = `
  select min(at) as at from (
    select min(due_at) as at from letter where state = 'waiting' and due_at > ?
    union all select min(due) from aggregate where not is_final and due >= ?) as coming`;

/** Starts a virtual stack on shared servers. */
export async function startVirtualStack(servers: Servers, options: VirtualStackOptions): Promise<VirtualStack> {
  const clock = new VirtualClock(options.startAt);
  const dir = mkdtempSync(join(servers.dir, 'virtual-'));
  const database = await servers.newDatabase();
  const namespace = await servers.newNamespace();
  const now = () => clock.now();
  const log = () => {};
  const base = await freeBasePort(3);
  const mailbox = await startMailbox({ dir: join(dir, 'mailbox'), smtpPort: base, httpPort: base + 1, now, log });
  const marketplace = await startMarketplace({ dir: join(dir, 'marketplace'), port: base + 2, host: LOOPBACK, now, log });
  const temporal = { address: servers.temporalAddress, namespace };
  const engine = await startEngine({
    databaseUrl: databaseSecrets(database.url).engine.reveal(),
    operator: options.operator ?? 'main',
    temporal,
    marketplaceUrl: marketplace.url,
    smtpUrl: mailbox.smtpUrl,
    vaultDir: join(dir, 'vault'),
    clock,
    outageMs: 0,
    archives: false,
    starter: { isVirtual: true },
    bundle: servers.bundle,
    timeoutMs: 1_500,
  });
  const { store } = engine;
  await storePolicy(work(store), options.policy ?? (await shippedPolicy()), instant('2000-01-01T00:00:00Z'));
  const starter = workflowStarter(engine.temporal, store, { isVirtual: true });
  const settle = () => settleAll(engine, clock, (id) => starter.tick(id));
  return {
    clock,
    store,
    engine,
    mailbox,
    marketplace,
    namespace,
    client: new CaseClient({ store, clock, temporal: engine.temporal, waitMs: 30_000 }),
    settle,
    advanceTo: async (at) => {
      await settle();
      for (let next = await nextInstant(store, clock, at); next !== undefined; next = await nextInstant(store, clock, at)) {
        clock.moveTo(next);
        await settle();
      }
      clock.moveTo(at);
      await settle();
    },
    stop: async () => {
      await engine.stop();
      await mailbox.stop();
      await marketplace.stop();
      await database.drop();
    },
  };
}

async function nextInstant(store: Store, clock: VirtualClock, until: Instant): Promise<Instant | undefined> {
  const [row] = await work(store).execute<{ at: Instant | null }[]>(NEXT, [clock.now(), clock.now()]);
  if (row?.at == null) return undefined;
  // Letters go out at their instant, deadlines pass just after theirs: the millisecond after serves both.
  const next = row.at >= clock.now() ? plusMs(row.at, 1) : clock.now();
  return next <= until ? next : undefined;
}

async function settleAll(engine: Engine, clock: VirtualClock, tick: (id: AggregateId) => Promise<void>): Promise<void> {
  const until = Date.now() + QUIET_WITHIN_MS;
  const ticked = new Map<string, number>();
  for (;;) {
    const busy = await work(engine.store).execute<{ what: string; id: string }[]>(BUSY, [clock.now(), clock.now()]);
    if (busy.length === 0) return;
    if (Date.now() > until) {
      throw new Error(`the stack does not come to rest at ${clock.now()}: ${busy.map(({ what, id }) => `${what} ${id}`).join(', ')}`);
    }
    engine.dispatcher.kick();
    for (const { what, id } of busy) {
      if (what !== 'aggregate' || Date.now() - (ticked.get(id) ?? 0) < 1_000) continue;
      ticked.set(id, Date.now());
      await tick(id as AggregateId);
    }
    await new Promise((resolve) => setTimeout(resolve, 8));
  }
}
