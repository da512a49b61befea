import type { Clock } from '../domain/clock.ts';
import { instantOf } from '../domain/instant.ts';

/** The machine's clock: the one place where real time becomes a business instant. */
export const systemClock: Clock = { now: () => instantOf(Date.now()) };
