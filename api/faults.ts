import { randomBytes } from 'node:crypto';
import { isTransient } from '../store/log/faults.ts';
import type { ServerDeps } from './deps.ts';
import { Refused } from './problems.ts';

/** A part of an answer that a fault of ours has taken out; the rest of the answer stands. `id` finds it in the server's log. */
export interface Fault {
  readonly part: string;
  /** Of a list: which row is missing from it. */
  readonly row: string | null;
  readonly id: string;
}

/**
 * Keeps the faults of one thing from taking down what it is shown with: one broken row is one row that says so. Refusals are no
 * faults, and what passes (a database that is away) is none of the row: both are thrown on, so that nothing is hidden by it.
 */
export class Faults {
  readonly found: Fault[] = [];
  readonly #log: ServerDeps['log'];
  readonly #about: string;

  /** `about` names the thing in the log, never to a reader. */
  constructor({ log }: Pick<ServerDeps, 'log'>, about: string) {
    this.#log = log;
    this.#about = about;
  }

  /** What `make` gives; where it faults, `instead`, and the fault is noted under its part's name. */
  contain<T>(part: string, make: () => T | Promise<T>, instead: T): Promise<T> {
    return this.#contain(part, null, make, instead);
  }

  /** What `make` gives for each row; a row at which it faults is left out and noted under its key. */
  async each<T, R>(part: string, rows: readonly T[], keyOf: (row: T) => string, make: (row: T) => R | Promise<R>): Promise<R[]> {
    const made: R[] = [];
    for (const row of rows) {
      const keep = async () => {
        made.push(await make(row));
      };
      await this.#contain(part, keyOf(row), keep, undefined);
    }
    return made;
  }

  async #contain<T>(part: string, row: string | null, make: () => T | Promise<T>, instead: T): Promise<T> {
    try {
      return await make();
    } catch (error) {
      this.found.push({ part, row, id: this.note(row === null ? part : `${part} ${row}`, error) });
      return instead;
    }
  }

  /** Notes a fault and gives the id under which the log has it. Throws what is no fault of the thing itself. */
  note(part: string, error: unknown): string {
    if (error instanceof Refused || isTransient(error)) throw error;
    const id = `fault-${randomBytes(6).toString('hex')}`;
    this.#log.error({ error, fault: id, about: this.#about, part }, 'a part of an answer could not be made');
    return id;
  }
}
