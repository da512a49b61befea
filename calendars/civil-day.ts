/**
 * Civil dates as day numbers: days since 1970-01-01, so that counting days is addition and a calendar is an array.
 * A day number has no zone; `zones.ts` ties it to instants.
 */
const DAY_MS = 86_400_000;

/** The day number of a civil date (`month` 1..12). */
export function dayNumber(year: number, month: number, day: number): number {
  return Date.UTC(year, month - 1, day) / DAY_MS;
}

/** The `YYYY-MM-DD` form of a day number. */
export function civilDate(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** The calendar year a day number lies in. */
export function yearOf(day: number): number {
  return new Date(day * DAY_MS).getUTCFullYear();
}

/** The day of the week, 0 = Sunday to 6 = Saturday. Day 0 (1970-01-01) was a Thursday. */
export function weekdayOf(day: number): number {
  return (((day + 4) % 7) + 7) % 7;
}
