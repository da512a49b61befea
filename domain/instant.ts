/**
 * Instants, civil dates and windows as plain data.
 *
 * An `Instant` is always the 24-character UTC form `2025-10-01T00:00:00.000Z`, so that text order is time order and
 * the canonical bytes of a decision never depend on how a library prints a date.
 */
export type Instant = string & { readonly __brand: 'Instant' };

const FORM = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** Whether the text is an existing instant in the one accepted form. */
export function isInstant(text: string): text is Instant {
  if (!FORM.test(text)) return false;
  const ms = Date.parse(text);
  return !Number.isNaN(ms) && new Date(ms).toISOString() === text;
}

/** Reads any ISO 8601 date-time with a zone (or Z). Throws `RangeError` on anything else. */
export function instant(text: string): Instant {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new RangeError(`not an instant: ${JSON.stringify(text)}`);
  return instantOf(ms);
}

/** The instant of a number of milliseconds since 1970-01-01T00:00Z. */
export function instantOf(epochMs: number): Instant {
  return new Date(epochMs).toISOString() as Instant;
}

/** Milliseconds since 1970-01-01T00:00Z. */
export function epochMs(at: Instant): number {
  return Date.parse(at);
}

/** The instant `ms` milliseconds later (earlier when negative). */
export function plusMs(at: Instant, ms: number): Instant {
  return instantOf(epochMs(at) + ms);
}

/** The units a policy may count in; their meaning is `domain/facts/clocks.md` of the field and `docs/glossary.md`. */
export const DurationUnit = {
  minutes: 'minutes',
  hours: 'hours',
  workingHours: 'working-hours',
  calendarDays: 'calendar-days',
  businessDays: 'business-days',
  workingDays: 'working-days',
} as const;
export type DurationUnit = (typeof DurationUnit)[keyof typeof DurationUnit];

/** A length of time as a policy states it: `{ n: 3, unit: 'working-days' }`. */
export interface Duration {
  readonly n: number;
  readonly unit: DurationUnit;
}

/** Reads a duration as people write it: `24 working-hours`. `undefined` for what is none. */
export function readDuration(text: string): Duration | undefined {
  const [, n, unit] = /^(\d{1,6}) ?([a-z-]+)$/.exec(text.trim()) ?? [];
  const known = Object.values(DurationUnit).find((one) => one === unit);
  return known === undefined ? undefined : { n: Number(n), unit: known };
}

/** Whose calendar a duration is counted on. `hours` (`09:00-18:00`, local) matters to `working-hours` only. */
export interface CalendarRef {
  readonly country: string;
  readonly zone: string;
  readonly hours?: string;
}
