import type { CommandResult } from '../store/schema/entities/log.ts';
import { readResults } from '../store/log/inbox.ts';
import { type Store, work } from '../store/connection/orm.ts';

const FIRST_LOOK_MS = 15;
const SLOWEST_LOOK_MS = 250;

interface Waiting {
  readonly id: string;
  readonly until: number;
  readonly resolve: (answer: CommandResult | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/** Waits for answers to messages: one look at the store for all that wait, so that many senders ask no more than one. */
export class AnswerWatch {
  readonly #store: Store;
  readonly #waiting = new Set<Waiting>();
  #pause = FIRST_LOOK_MS;
  #isLooking = false;

  constructor(store: Store) {
    this.#store = store;
  }

  /** The answer, or undefined when there is none after `waitMs` milliseconds. Throws what the store throws. */
  of(id: string, waitMs: number): Promise<CommandResult | undefined> {
    return new Promise((resolve, reject) => {
      this.#waiting.add({ id, until: Date.now() + waitMs, resolve, reject });
      // Who has just come is likely to be answered next; who waits for long is looked after ever more rarely.
      this.#pause = FIRST_LOOK_MS;
      if (!this.#isLooking) void this.#look();
    });
  }

  async #look(): Promise<void> {
    this.#isLooking = true;
    while (this.#waiting.size > 0) {
      await new Promise((resolve) => setTimeout(resolve, this.#pause));
      this.#pause = Math.min(this.#pause * 1.5, SLOWEST_LOOK_MS);
      const asked = [...this.#waiting];
      try {
        const answers = await readResults(work(this.#store), [...new Set(asked.map(({ id }) => id))]);
        const now = Date.now();
        for (const waiting of asked) {
          const answer = answers.get(waiting.id);
          if (answer !== undefined || now >= waiting.until) this.#settle(waiting, () => waiting.resolve(answer));
        }
      } catch (error) {
        for (const waiting of asked) this.#settle(waiting, () => waiting.reject(error));
      }
    }
    this.#isLooking = false;
  }

  #settle(waiting: Waiting, tell: () => void): void {
    this.#waiting.delete(waiting);
    tell();
  }
}
