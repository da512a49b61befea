import type { Logger } from 'pino';
import type { Clock } from '../activities/ports.ts';
import type { AggregateId } from '../domain/ids.ts';
import { InboxRow } from '../store/entities/log.ts';
import { INTAKE, SIGNAL_AGAIN_MS } from '../store/inbox.ts';
import { advance, answerRow } from '../store/log.ts';
import { isTransient } from '../store/log-faults.ts';
import type { LogContext } from '../store/log-context.ts';
import { type Store, work } from '../store/orm.ts';
import { sendDueLetters } from './letters-out.ts';
import { reviveStuck } from './revive.ts';
import type { WorkflowStarter } from './workflow-starter.ts';

export interface DispatcherDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  readonly context: LogContext;
  readonly workflows: WorkflowStarter;
  /** Opens what officers ask for: captures, then decides. */
  readonly intake: (messageId: string) => Promise<void>;
  /** Archives some sealed chains; called when there is nothing else to do. */
  readonly archive?: () => Promise<void>;
  /** Off only where a benchmark measures the case alone: letters are written and stay. */
  readonly sendsMail: boolean;
  /** How long a dispatcher holds the letters it has claimed, in machine milliseconds; absent = a minute. */
  readonly leaseMs?: number;
}

const POLL_MS = 500;
const STUCK_EVERY_MS = 30_000;
const ARCHIVE_EVERY_MS = 5_000;
const LONGEST_SIGNAL_WAIT_MS = 10 * 60_000;

/**
 * The plain loop beside the workflows: sends letters that are due, repeats lost signals, answers messages to sealed aggregates
 * and to intake, and revives workflows that the server lost. Several may run: rows are claimed with SKIP LOCKED.
 */
export class Dispatcher {
  readonly #deps: DispatcherDeps;
  #isStopping = false;
  #wake: () => void = () => {};
  #loop: Promise<void> | undefined;
  #stuckAt = 0;
  #archivedAt = 0;

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
  }

  /** One round; returns how much it did. */
  async round(): Promise<number> {
    const letters = await sendDueLetters(this.#deps);
    const answered = await answerWithoutWorkflow(this.#deps);
    const signals = await repeatSignals(this.#deps);
    if (Date.now() - this.#stuckAt > STUCK_EVERY_MS) {
      this.#stuckAt = Date.now();
      await reviveStuck(this.#deps);
    }
    const did = letters + answered + signals;
    if (did === 0 && Date.now() - this.#archivedAt > ARCHIVE_EVERY_MS) {
      this.#archivedAt = Date.now();
      await this.#deps.archive?.();
    }
    return did;
  }

  async #run(): Promise<void> {
    while (!this.#isStopping) {
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      const did = await this.round().catch((error: unknown) => {
        // The database or Temporal is away: nothing is lost, the next round starts from the rows again.
        this.#deps.log.warn({ error }, 'a round of the dispatcher failed');
        return 0;
      });
      if (did === 0 && !this.#isStopping) await Promise.race([woken, pause(POLL_MS)]);
    }
  }
}

/** Messages that no workflow waits for: to intake, and to aggregates that are final. */
async function answerWithoutWorkflow(deps: DispatcherDeps): Promise<number> {
  const rows = await work(deps.store).execute<{ id: string; aggregate: string; head: number }[]>(
    `select i.id, i.aggregate, a.n as head from inbox i left join aggregate a on a.id = i.aggregate
     where i.answer is null and (i.aggregate = '${INTAKE}' or a.is_final) order by i.received_at, i.id limit 50`,
  );
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
  return rows.length;
}

/** A signal that got lost is repeated from five seconds on, then ever more rarely; a lost workflow is started again. */
async function repeatSignals(deps: DispatcherDeps): Promise<number> {
  const now = Date.now();
  const rows = await work(deps.store).find(
    InboxRow,
    { answer: null, signalAgainAt: { $lt: now }, aggregate: { $ne: INTAKE } },
    { orderBy: { signalAgainAt: 'asc' }, limit: 50, disableIdentityMap: true },
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
