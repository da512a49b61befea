import type { CalendarRef } from '../domain/instant.ts';

/** Why a duration could not be resolved. Stable: stored in refusals and shown to operators. */
export const CalendarProblem = {
  horizon: 'calendar-horizon',
  country: 'unknown-country',
  zone: 'unknown-zone',
  hours: 'impossible-hours',
  duration: 'impossible-duration',
} as const;
export type CalendarProblem = (typeof CalendarProblem)[keyof typeof CalendarProblem];

/** A due instant that cannot be told; `cure` says in words what the operator can do about it. */
export class CalendarError extends Error {
  readonly problem: CalendarProblem;
  readonly cure: string;

  constructor(problem: CalendarProblem, message: string, cure: string) {
    super(message);
    this.name = 'CalendarError';
    this.problem = problem;
    this.cure = cure;
  }
}

/**
 * The period leaves the years for which the holidays of the country are known (clocks.md: beyond the horizon a due
 * instant is refused, never guessed). `from` and `to` are the first and last known civil dates.
 */
export class CalendarHorizonError extends CalendarError {
  readonly country: string;
  readonly from: string;
  readonly to: string;

  constructor(country: string, from: string, to: string, wanted: string) {
    super(
      CalendarProblem.horizon,
      `the calendar of ${country} is known from ${from} to ${to} only, and ${wanted} lies outside`,
      'load the official notice of that year with `calendar import`, or count in a unit that needs no holidays (hours, minutes)',
    );
    this.name = 'CalendarHorizonError';
    this.country = country;
    this.from = from;
    this.to = to;
  }
}

/** No public-holiday data for the country, or its working week is not the one the shipped convention describes. */
export function unknownCountry(country: string, why: string): CalendarError {
  return new CalendarError(
    CalendarProblem.country,
    `no calendar for country ${JSON.stringify(country)}: ${why}`,
    'name an ISO 3166 country whose calendar is known',
  );
}

/** The zone is not a name of the time-zone database (offsets are refused: they know no daylight saving). */
export function unknownZone(zone: string): CalendarError {
  return new CalendarError(
    CalendarProblem.zone,
    `unknown time zone ${JSON.stringify(zone)}`,
    'name a zone of the time-zone database, for example Europe/Berlin',
  );
}

/** Working hours are asked for and the calendar has none, or they are not `HH:MM-HH:MM` with the start first. */
export function impossibleHours(calendar: CalendarRef): CalendarError {
  return new CalendarError(
    CalendarProblem.hours,
    `working hours ${JSON.stringify(calendar.hours ?? null)} are not of the form 09:00-18:00`,
    'give the local opening and closing time of one day, for example 09:00-18:00',
  );
}

/** The number or unit cannot be counted. */
export function impossibleDuration(n: number, unit: string): CalendarError {
  return new CalendarError(
    CalendarProblem.duration,
    `cannot count ${n} ${unit}`,
    'use a positive number, whole for days, and a unit from the policy schema',
  );
}
