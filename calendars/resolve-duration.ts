import type { CalendarRef, Duration, Instant } from '../domain/instant.ts';
import { DurationUnit, epochMs, instantOf } from '../domain/instant.ts';
import { civilDate } from './civil-day.ts';
import { assertKnownCountry, DayBit } from './country-days.ts';
import { type Counting, DayReader, type SkippedDay } from './day-reader.ts';
import { impossibleDuration, impossibleHours, unknownZone } from './errors.ts';
import { isZone, localDay, wallClock, ZONE_DATA } from './zones.ts';

/**
 * A duration counted out: the exclusive end `at`, and what it was counted with, so that a later reader can redo it.
 * `lastOn` is the last civil day inside the period (days and working hours); `dataVersion` names packages and zones.
 */
export interface ResolvedDuration {
  readonly at: Instant;
  readonly zone: string;
  readonly country: string;
  readonly lastOn?: string;
  readonly dataVersion: string;
  /** A day was counted that no published data says anything of: the instant may move when there is an official notice. */
  readonly provisional?: true;
}

/** Of any unit; far beyond every horizon, and small enough for date arithmetic to stay exact. */
const LONGEST = 1_000_000;

interface OpeningHours {
  readonly open: number;
  readonly close: number;
}

/**
 * Counts `duration` from `from` by the convention of clocks.md (China Civil Code 201-203, EU Regulation 1182/71 art. 3):
 *
 * - days: the day of `from` (in the calendar's zone) is not counted; the period ends when its last day ends, that is at
 *   the next day's 00:00 local, an exclusive instant;
 * - `calendar-days` whose last day is no working day end with the next working day. A make-up Saturday or Sunday is a
 *   working day, so a period may end on it;
 * - `business-days` count the days of the country's working week (Monday to Friday, or as `weekends.ts` has it) except public
 *   holidays, `working-days` the country's working calendar;
 * - `working-hours` are the minutes inside `calendar.hours` on working days; a clock change moves the instant only;
 * - `hours`, `minutes` elapse; no calendar is asked.
 *
 * On the calendar `every-day` each day is a working day: plain days, for spans in which nobody has to act.
 *
 * Beyond the known years it throws `CalendarHorizonError`, or counts on with what can be computed and marks the result
 * provisional (`counting.beyond`). Else it throws `CalendarError` (country, zone, hours, duration).
 */
export function resolveDuration(from: Instant, duration: Duration, calendar: CalendarRef, counting: Counting = {}): ResolvedDuration {
  const start = epochMs(from);
  assertCountable(duration);
  const { n, unit } = duration;
  const days = new DayReader(calendar.country, counting);
  switch (unit) {
    case DurationUnit.minutes:
      return elapsed(start, n * 60_000, calendar);
    case DurationUnit.hours:
      return elapsed(start, n * 3_600_000, calendar);
    case DurationUnit.workingHours:
      return workingHours(start, n * 3_600_000, calendar, days);
    case DurationUnit.calendarDays:
      return endOfDay(nextWorkingDay(localDay(calendar.zone, start) + n, days), calendar, days);
    case DurationUnit.businessDays:
      return endOfDay(countDays(start, n, DayBit.business, calendar.zone, days), calendar, days);
    case DurationUnit.workingDays:
      return endOfDay(countDays(start, n, DayBit.working, calendar.zone, days), calendar, days);
    default:
      return neverUnit(unit);
  }
}

/**
 * The days from that of `from` on which `resolveDuration` did not count, up to the last day of the period, each with its reason.
 * Of calendar days only those that push the end are skipped. Throws as `resolveDuration` does.
 */
export function skippedDays(from: Instant, { n, unit }: Duration, calendar: CalendarRef, counting: Counting = {}): readonly SkippedDay[] {
  const { lastOn } = resolveDuration(from, { n, unit }, calendar, counting);
  if (lastOn === undefined) return [];
  const days = new DayReader(calendar.country, counting);
  const start = epochMs(from);
  const first = localDay(calendar.zone, start);
  const isInHours = unit === DurationUnit.workingHours;
  const skipped: SkippedDay[] = isInHours ? [] : [{ on: civilDate(first), why: 'day of the event' }];
  const bit = unit === DurationUnit.businessDays ? DayBit.business : DayBit.working;
  const begin = unit === DurationUnit.calendarDays ? first + n : isInHours ? first : first + 1;
  for (let day = begin; civilDate(day) < lastOn; day += 1) {
    if (!days.has(day, bit)) skipped.push(days.why(day));
    else if (isInHours && wallClock(calendar.zone, day, openingHours(calendar).close) <= start) {
      skipped.push({ on: civilDate(day), why: 'outside the hours' });
    }
  }
  return skipped;
}

/** Throws a typed `CalendarError` unless country, zone and (when given) hours can be counted with. */
export function validateCalendar(calendar: CalendarRef): void {
  if (!isZone(calendar.zone)) throw unknownZone(calendar.zone);
  assertKnownCountry(calendar.country);
  if (calendar.hours !== undefined) openingHours(calendar);
}

function assertCountable({ n, unit }: Duration): void {
  const days = unit === DurationUnit.calendarDays || unit === DurationUnit.businessDays || unit === DurationUnit.workingDays;
  if (!(n > 0 && n <= LONGEST) || (days && !Number.isInteger(n))) throw impossibleDuration(n, unit);
}

function neverUnit(unit: never): never {
  throw impossibleDuration(0, String(unit));
}

function elapsed(start: number, ms: number, { zone, country }: CalendarRef): ResolvedDuration {
  return { at: instantOf(start + ms), zone, country, dataVersion: 'elapsed' };
}

function endOfDay(day: number, calendar: CalendarRef, days: DayReader): ResolvedDuration {
  return resolved(wallClock(calendar.zone, day + 1, 0), day, calendar, days);
}

function resolved(ms: number, day: number, { zone, country }: CalendarRef, days: DayReader): ResolvedDuration {
  const dataVersion = `${days.data} ${ZONE_DATA}`;
  return { at: instantOf(ms), zone, country, lastOn: civilDate(day), dataVersion, ...(days.isProvisional && { provisional: true as const }) };
}

function nextWorkingDay(first: number, days: DayReader): number {
  let day = first;
  while (!days.isWorking(day)) day += 1;
  return day;
}

function countDays(start: number, n: number, bit: number, zone: string, days: DayReader): number {
  let day = localDay(zone, start);
  for (let left = n; left > 0; ) {
    day += 1;
    if (days.has(day, bit)) left -= 1;
  }
  return day;
}

function workingHours(start: number, ms: number, calendar: CalendarRef, days: DayReader): ResolvedDuration {
  const { open, close } = openingHours(calendar);
  let left = ms;
  for (let day = localDay(calendar.zone, start); ; day += 1) {
    if (!days.isWorking(day)) continue;
    const opens = Math.max(start, wallClock(calendar.zone, day, open));
    const inside = wallClock(calendar.zone, day, close) - opens;
    if (inside <= 0) continue;
    if (left <= inside) return resolved(opens + left, day, calendar, days);
    left -= inside;
  }
}

/** Whether the text is one day's opening hours, `HH:MM-HH:MM` with the opening first (`00:00-24:00` is a whole day). */
export function isHours(text: string): boolean {
  return parseHours(text) !== undefined;
}

const parsedHours = new Map<string, OpeningHours>();

function openingHours(calendar: CalendarRef): OpeningHours {
  const text = calendar.hours ?? '';
  const hours = parsedHours.get(text) ?? parseHours(text);
  if (hours === undefined) throw impossibleHours(calendar);
  if (parsedHours.size < 10_000) parsedHours.set(text, hours);
  return hours;
}

function parseHours(text: string): OpeningHours | undefined {
  const match = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)$/.exec(text);
  if (match === null) return undefined;
  const [openHour = 0, openMinute = 0, closeHour = 0, closeMinute = 0] = match.slice(1).map(Number);
  const hours = { open: openHour * 60 + openMinute, close: closeHour * 60 + closeMinute };
  return hours.open < hours.close && hours.close <= 1440 ? hours : undefined;
}
