import type { AggregateId } from '../domain/ids.ts';
import { orderWebhooks } from '../store/outbox/webhooks.ts';
import { InboxRow } from '../store/schema/entities/log.ts';
import { INTAKE, SIGNAL_AGAIN_MS } from '../store/log/inbox.ts';
import { advance, answerRow } from '../store/log/advance.ts';
import { isTransient } from '../store/log/faults.ts';
import { work } from '../store/connection/orm.ts';
import type { DispatcherDeps } from './dispatcher-deps.ts';
import { relayDueMessages } from './outbox-relay.ts';
import { reviveStuck } from './revive.ts';
import { UNATTENDED, workAtHand } from './pending-work.ts';

const POLL_MS = 500;
const GATHER_MS = 25;
const STUCK_EVERY_MS = 30_000;
const ARCHIVE_EVERY_MS = 5_000;
const WEBHOOKS_EVERY_MS = 1_000;
const WARN_AGAIN_MS = 60_000;
const OPENINGS_AT_ONCE = 6;
const LONGEST_SIGNAL_WAIT_MS = 10 * 60_000;

/**
 * The plain loop beside the workflows: sends outbox messages that are due, repeats lost signals, answers messages to sealed aggregates
 * and to intake, and revives workflows that the server lost. Several may run: rows are claimed with SKIP LOCKED.
 */
export class Dispatcher {
  readonly #deps: DispatcherDeps;
  #isStopping = false;
  #wake: () => void = () => {};
  #loop: Promise<void> | undefined;
  #stuckAt = 0;
  #archivedAt = 0;
  #hooksAt = 0;
  #warned = { key: '', at: 0 };
  readonly #beside = new Map<string, Promise<void>>();

  constructor(deps: DispatcherDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#loop ??= this.#run();
  }

  /** Looks for work now; called when the database says that there is some. */
  readonly kick = (): void => {
    this.#wake();
  };

  /** Finishes the round under way. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#wake();
    await this.#loop;
    await Promise.all(this.#beside.values());
  }

  /** One round; returns how much it did. */
  async round(): Promise<number> {
    const has = await workAtHand(this.#deps);
    const letters = has.letters ? await relayDueMessages(this.#deps) : 0;
    if (has.messages) this.#aside('a message', () => answerWithoutWorkflow(this.#deps));
    const signals = has.signals ? await repeatSignals(this.#deps) : 0;
    if (Date.now() - this.#stuckAt > STUCK_EVERY_MS) {
      this.#stuckAt = Date.now();
      await reviveStuck(this.#deps);
    }
    if (this.#deps.sendsMail && Date.now() - this.#hooksAt > WEBHOOKS_EVERY_MS) {
      this.#hooksAt = Date.now();
      this.#aside('the webhooks', () => orderWebhooks(work(this.#deps.store), this.#deps.clock.now()));
    }
    const did = letters + signals;
    // Not only when nothing else is to be done: under load nothing else ever is, and Temporal forgets.
    if (Date.now() - this.#archivedAt > ARCHIVE_EVERY_MS) {
      this.#archivedAt = Date.now();
      this.#aside('the archive', async () => {
        const hasMore = await this.#deps.archive?.();
        if (hasMore === true) this.#archivedAt = 0;
        return hasMore === true ? 1 : 0;
      });
    }
    return did;
  }

  /** Beside the loop, each kind one at a time: a capture or an archive that takes long must not hold up what is due. */
  #aside(what: string, task: () => Promise<number>): void {
    if (this.#beside.has(what)) return;
    const running = task()
      .catch((error: unknown) => {
        this.#warn(error, `${what} has to wait`);
        return 0;
      })
      .then((did) => {
        this.#beside.delete(what);
        if (did > 0) this.kick();
      });
    this.#beside.set(what, running);
  }

  /** The same trouble is said once a minute, not with every round: hours of a database that is away must not fill the disk. */
  #warn(error: unknown, what: string): void {
    const key = `${what}: ${String(error)}`;
    const now = Date.now();
    if (this.#warned.key === key && now - this.#warned.at < WARN_AGAIN_MS) return;
    this.#warned = { key, at: now };
    this.#deps.log.warn({ error }, what);
  }

  async #run(): Promise<void> {
    while (!this.#isStopping) {
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      const did = await this.round().catch((error: unknown) => {
        // The database or Temporal is away: nothing is lost, the next round starts from the rows again.
        this.#warn(error, 'a round of the dispatcher failed');
        return 0;
      });
      if (did === 0 && !this.#isStopping) await Promise.race([woken, pause(POLL_MS)]);
      // Under load every decision calls: what comes within a moment goes out together.
      if (!this.#isStopping) await pause(GATHER_MS);
    }
  }
}

interface Unattended {
  readonly id: string;
  readonly aggregate: string;
  readonly head: number;
}

/** Messages that no workflow waits for: to intake, and to aggregates that are final. */
async function answerWithoutWorkflow(deps: DispatcherDeps): Promise<number> {
  const rows = await work(deps.store).execute<Unattended[]>(
    `select i.id, i.aggregate, a.n as head from ${UNATTENDED} order by i.received_at, i.id limit 50`,
  );
  // One aggregate's messages in their order; openings, which wait for captures, several at once.
  const lanes = Map.groupBy(rows, (row, at) => (row.aggregate === INTAKE ? `${INTAKE} ${at % OPENINGS_AT_ONCE}` : row.aggregate));
  const answered = await Promise.allSettled([...lanes.values()].map((lane) => answerInOrder(deps, lane)));
  const failed = answered.find((lane) => lane.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return rows.length;
}

async function answerInOrder(deps: DispatcherDeps, rows: readonly Unattended[]): Promise<void> {
  for (const row of rows) {
    try {
      if (row.aggregate === INTAKE) await deps.intake(row.id);
      else await advance(deps.context, { id: row.aggregate as AggregateId, n: row.head });
    } catch (error) {
      if (isTransient(error)) throw error;
      // One message that cannot be handled must not stop what comes after it.
      deps.log.error({ error, message: row.id }, 'a message could not be answered');
      await answerRow(work(deps.store), row.id, { kind: 'fault', message: String(error) }, deps.clock.now());
    }
  }
}

/** A signal that got lost is repeated from five seconds on, then ever more rarely; a lost workflow is started again. */
async function repeatSignals(deps: DispatcherDeps): Promise<number> {
  const now = Date.now();
  const rows = await work(deps.store).find(
    InboxRow,
    { answer: null, signalAgainAt: { $lt: now }, aggregate: { $ne: INTAKE } },
    { orderBy: { signalAgainAt: 'asc' }, limit: 50 },
  );
  for (const row of rows) {
    const wait = Math.min(SIGNAL_AGAIN_MS * 2 ** row.signals, LONGEST_SIGNAL_WAIT_MS);
    await work(deps.store).nativeUpdate(InboxRow, { id: row.id }, { signalAgainAt: now + wait, signals: row.signals + 1 });
    await deps.workflows.signal(row.aggregate as AggregateId, { id: row.id, receivedAt: row.receivedAt });
  }
  return rows.length;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
