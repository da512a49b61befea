import type { Instant } from './instant.ts';

/** The one source of business instants. Never read the machine's clock for anything that a rule will see. */
export interface Clock {
  now(): Instant;
}
