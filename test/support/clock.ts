import type { Clock } from '../../domain/clock.ts';
import { type Instant, instant, plusMs } from '../../domain/instant.ts';

/** A clock that stands still until it is moved. */
export class FixedClock implements Clock {
  #now: Instant;

  constructor(start = '2025-10-01T09:00:00.000Z') {
    this.#now = instant(start);
  }

  now(): Instant {
    return this.#now;
  }

  /** Moves the clock to an instant; never backwards. */
  moveTo(at: Instant): void {
    if (at < this.#now) throw new RangeError(`a clock does not go back from ${this.#now} to ${at}`);
    this.#now = at;
  }

  /** Moves the clock by milliseconds. */
  pass(ms: number): void {
    this.#now = plusMs(this.#now, ms);
  }
}
