import type { Clock } from '../../domain/clock.ts';
import type { Instant } from '../../domain/instant.ts';

/** A clock that stands still until the runner moves it. */
export class VirtualClock implements Clock {
  #now: Instant;

  constructor(start: Instant) {
    this.#now = start;
  }

  now(): Instant {
    return this.#now;
  }

  /** Moves on to an instant; an earlier one is left alone. */
  moveTo(at: Instant): void {
    if (at > this.#now) this.#now = at;
  }
}
