import { directoryVault } from '../../adapters/directory-vault.ts';
import type { VaultPort } from '../../adapters/ports.ts';
import { CaseClient } from '../../client/case-client.ts';
import type { AggregateId } from '../../domain/ids.ts';
import { type Instant, plusMs } from '../../domain/instant.ts';
import { INTAKE } from '../../store/log/inbox.ts';
import { INTERNAL_MESSAGES } from '../../store/outbox/messages.ts';
import { type Store, work } from '../../store/connection/orm.ts';
import type { Engine } from '../../worker/engine.ts';
import { IS_ACTING } from '../../worker/pending-work.ts';
import { type WorkflowStarter, workflowStarter } from '../../worker/workflow-starter.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** The product as a story works with it: an engine on real servers, and a clock that only this object moves. */
export interface Stage {
  readonly clock: VirtualClock;
  readonly store: Store;
  readonly client: CaseClient;
  readonly engine: Engine;
  readonly mailbox: { readonly url: string };
  readonly marketplace: { readonly url: string };
  readonly vault: VaultPort;
  /** The database owner's address. */
  readonly databaseUrl: string;
  /** Moves the clock to an instant, past every earlier deadline and outbox message in their order, and waits until all is quiet. */
  advanceTo(at: Instant): Promise<void>;
  /** Waits until nothing is left to do at the present instant. */
  settle(): Promise<void>;
}

/** What a stage stands on. The engine was started with the clock, and with a starter whose aggregates are virtual. */
export interface StageParts extends Pick<Stage, 'clock' | 'engine' | 'mailbox' | 'marketplace' | 'databaseUrl'> {
  readonly vaultDir: string;
}

const QUIET_WITHIN_MS = 120_000;

/** What is not quiet: due outbox messages, unread rows (but for those that wait for an appeal's act), aggregates past due or owing an effect. One statement over the store. */
const BUSY = `
  select case when state = 'sending' and kind not in (${INTERNAL_MESSAGES.map((kind) => `'${kind}'`).join(', ')}) then 'mail' else 'letter' end as what, coalesce(digest, id) as id
    from outbox where state = 'sending' or (state = 'waiting' and due_at <= ?)
  union all select 'message', i.aggregate from inbox i left join aggregate a on a.id = i.aggregate
    where i.answer is null and not (coalesce(a.is_final, false) and ${IS_ACTING})
  union all select 'aggregate', id from aggregate where not is_final and (due < ? or is_owing) limit 20`;

/** What happens next by itself: outbox messages go out at their instant, deadlines pass just after theirs. */
const NEXT = `
  select (select min(due_at) from outbox where state = 'waiting' and due_at > ?) as letter,
         (select min(due) from aggregate where not is_final and due >= ?) as deadline`;

/** A story whose clock is woken more often than this does not come to an end (an outbox message that is postponed for ever). */
const MOST_WAKES = 20_000;

/** A stage on a running engine. */
export function stageOn({ vaultDir, ...parts }: StageParts): Stage {
  const { clock, engine } = parts;
  const { store } = engine;
  const starter = workflowStarter(engine.temporal, store, { isVirtual: true });
  const settle = () => settleAll(engine, clock, starter);
  let wakes = 0;
  return {
    ...{ ...parts, store, settle },
    vault: directoryVault({ dir: vaultDir }),
    client: new CaseClient({ store, clock, temporal: engine.temporal, waitMs: 30_000 }),
    advanceTo: async (at) => {
      await settle();
      for (let next = await nextInstant(store, clock, at); next !== undefined; next = await nextInstant(store, clock, at)) {
        wakes += 1;
        if (wakes > MOST_WAKES) throw new Error(`the clock was woken ${MOST_WAKES} times before ${at}: end the fault or shorten the wait`);
        clock.moveTo(next);
        await settle();
      }
      clock.moveTo(at);
      await settle();
    },
  };
}

async function nextInstant(store: Store, clock: VirtualClock, until: Instant): Promise<Instant | undefined> {
  const [row] = await work(store).execute<{ letter: Instant | null; deadline: Instant | null }[]>(NEXT, [clock.now(), clock.now()]);
  const coming = [row?.letter ?? undefined, row?.deadline == null ? undefined : plusMs(row.deadline, 1)];
  const [next] = coming.filter((at) => at !== undefined).sort();
  return next !== undefined && next <= until ? next : undefined;
}

async function settleAll(engine: Engine, clock: VirtualClock, starter: WorkflowStarter): Promise<void> {
  const until = Date.now() + QUIET_WITHIN_MS;
  const nudged = new Map<string, number>();
  for (;;) {
    const busy = await work(engine.store).execute<{ what: string; id: string }[]>(BUSY, [clock.now(), clock.now()]);
    if (busy.length === 0) return;
    if (Date.now() > until) {
      throw new Error(`the stack does not come to rest at ${clock.now()}: ${busy.map(({ what, id }) => `${what} ${id}`).join(', ')}`);
    }
    engine.dispatcher.kick();
    for (const { what, id } of busy) await nudge(starter, what, id, nudged);
    await new Promise((resolve) => setTimeout(resolve, 8));
  }
}

const NUDGE_EVERY_MS = 1_000;

/** Wakes what has not moved by itself. Aggregates at once, because no timer does; mails only when they have been under way for long. */
async function nudge(starter: WorkflowStarter, what: string, id: string, nudged: Map<string, number>): Promise<void> {
  // The dispatcher was kicked for the other outbox messages; intake has no workflow.
  if (what === 'letter' || id === INTAKE) return;
  const last = nudged.get(id);
  if (last !== undefined && Date.now() - last < NUDGE_EVERY_MS) return;
  nudged.set(id, Date.now());
  if (what !== 'mail') await starter.tick(id as AggregateId);
  // An outbox message that is postponed is due again within milliseconds here: its second start may have met the first run closing.
  else if (last !== undefined) await starter.startNotification(id);
}
