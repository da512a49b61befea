import { setTimeout as pause } from 'node:timers/promises';
import type { Log, RunningPart } from './log.ts';

/** A part that can be started, and started again on the same folder and port. */
export interface Part {
  readonly name: string;
  readonly start: () => Promise<RunningPart & { readonly exited?: Promise<void> }>;
}

/** The last is repeated: what keeps a part down (a full disk) can take hours, and nobody else would start it. */
const REVIVE_AFTER_MS = [0, 500, 2_000, 5_000, 15_000] as const;

/** Starts parts in order, starts again what ends by itself, stops all in reverse order. */
export class Supervisor {
  readonly #parts: readonly Part[];
  readonly #running = new Map<string, RunningPart>();
  readonly #closing = new AbortController();
  readonly #log: Log;
  readonly #reviveAfterMs: readonly number[];

  constructor(parts: readonly Part[], log: Log, reviveAfterMs: readonly number[] = REVIVE_AFTER_MS) {
    this.#parts = parts;
    this.#log = log;
    this.#reviveAfterMs = reviveAfterMs;
  }

  /** Starts all; when one cannot start, those before it are stopped again. */
  async startAll(): Promise<void> {
    try {
      for (const part of this.#parts) await this.#start(part);
    } catch (error) {
      await this.stopAll();
      throw error;
    }
  }

  /** Stops all, the last first; what fails to stop does not keep the others running. */
  async stopAll(): Promise<void> {
    this.#closing.abort();
    const failures: unknown[] = [];
    for (const { name } of this.#parts.toReversed()) await this.stopPart(name).catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw new AggregateError(failures, 'Some parts could not be stopped.');
  }

  /** Stops one part; it stays down until it is started by name. */
  async stopPart(name: string): Promise<void> {
    const running = this.#running.get(name);
    this.#running.delete(name);
    await running?.stop();
  }

  /** Starts one part that was stopped by name. */
  async startPart(name: string): Promise<void> {
    const part = this.#parts.find((candidate) => candidate.name === name);
    if (part !== undefined && !this.#running.has(name)) await this.#start(part);
  }

  async #start(part: Part): Promise<void> {
    const running = await part.start();
    // Whoever stopped all while this one was still starting does not know of it.
    if (this.#closing.signal.aborted) return running.stop();
    this.#running.set(part.name, running);
    running.exited
      ?.then(() => this.#revive(part, running))
      .catch((error: unknown) => this.#log(`${part.name}: cannot be started again: ${String(error)}`));
  }

  async #revive(part: Part, ended: RunningPart): Promise<void> {
    if (!this.#isWanted(part, ended)) return;
    this.#log(`${part.name}: ended by itself; starting it again`);
    await ended.stop();
    let said: string | undefined;
    for (let attempt = 0; ; attempt += 1) {
      const afterMs = this.#reviveAfterMs[Math.min(attempt, this.#reviveAfterMs.length - 1)] ?? 0;
      await pause(afterMs, undefined, { signal: this.#closing.signal }).catch(() => undefined);
      if (!this.#isWanted(part, ended)) return;
      const problem = await this.#start(part).then(
        () => undefined,
        (error: unknown) => String(error),
      );
      if (problem === undefined) return;
      if (problem !== said) this.#log(`${part.name}: ${problem}`);
      said = problem;
    }
  }

  /** Whoever takes a part down on purpose takes it off the list first. */
  #isWanted(part: Part, ended: RunningPart): boolean {
    return !this.#closing.signal.aborted && this.#running.get(part.name) === ended;
  }
}
