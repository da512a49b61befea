import { dayNumber } from './civil-day.ts';
import { DayBit } from './country-days.ts';
import { isWeekend } from './weekends.ts';

/**
 * An official notice of a country's days off and make-up days in one year that the shipped data do not reach. It speaks of the
 * whole year: what it does not name is a working day, or a weekend. Dates are `YYYY-MM-DD`, ranges include both ends.
 */
export interface HolidayNotice {
  readonly country: string;
  readonly year: number;
  /** A corrected notice has the next number. */
  readonly version: number;
  /** Who published it, where and when. */
  readonly source: string;
  readonly daysOff: readonly { readonly from: string; readonly to: string; readonly name: string }[];
  readonly makeUpDays: readonly { readonly on: string; readonly name: string }[];
}

/** The notice by name, as it stands in the record of an instant that was counted with it. */
export function noticeName({ country, year, version }: Pick<HolidayNotice, 'country' | 'year' | 'version'>): string {
  return `notice:${country}-${year}@${version}`;
}

/** The day number of a `YYYY-MM-DD` date that exists. */
export function dayOf(date: string): number {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  return dayNumber(year, month, day);
}

/** The `DayBit`s of a day of the notice's year. */
export function noticeBits(notice: HolidayNotice, day: number): number {
  if (notice.makeUpDays.some(({ on }) => dayOf(on) === day)) return DayBit.working;
  return isWeekend(notice.country, day) || dayOffName(notice, day) !== undefined ? 0 : DayBit.working | DayBit.business;
}

/** What the notice calls a day off; undefined when it is none. */
export function dayOffName(notice: HolidayNotice, day: number): string | undefined {
  return notice.daysOff.find(({ from, to }) => dayOf(from) <= day && day <= dayOf(to))?.name;
}
