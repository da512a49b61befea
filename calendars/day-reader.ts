import { civilDate, yearOf } from './civil-day.ts';
import {
  assertKnownCountry,
  computedBits,
  DayBit,
  dayBits,
  EVERY_DAY,
  HOLIDAY_DATA,
  holidayDataOf,
  holidayName,
  knownYears,
} from './country-days.ts';
import { dayOffName, type HolidayNotice, noticeBits, noticeName } from './holiday-notice.ts';
import { isWeekend } from './weekends.ts';

/**
 * What to do with a day beyond the data: refuse (`CalendarHorizonError`), or take what can be computed and say so. `computed`
 * takes nothing but that, of every year: the one count that no publication can change.
 */
export type Beyond = 'refuse' | 'provisional' | 'computed';

/** How to count: what to do beyond the data (refuse, where nothing is said), and the official notices that were loaded. */
export interface Counting {
  readonly beyond?: Beyond;
  /** The newest of each country and year. A year that the shipped data know is read from them. */
  readonly notices?: readonly HolidayNotice[];
}

/** A day that a count does not count, and why. */
export interface SkippedDay {
  readonly on: string;
  readonly why: 'day of the event' | 'weekend' | 'public holiday' | 'make-up day' | 'outside the hours';
  readonly name?: string;
}

/**
 * Reads a country's days for one count, and keeps what it was counted with. A count that needed a day beyond the data is
 * provisional: weekends and computable holidays stand in for what has not been published.
 */
export class DayReader {
  readonly #country: string;
  readonly #beyond: Beyond;
  readonly #notices: readonly HolidayNotice[];
  readonly #used = new Set<string>();
  #isProvisional = false;

  constructor(country: string, { beyond = 'refuse', notices = [] }: Counting) {
    this.#country = country;
    this.#beyond = beyond;
    this.#notices = notices.filter((notice) => notice.country === country);
  }

  /** Whether a day was read that nobody has published yet. */
  get isProvisional(): boolean {
    return this.#isProvisional;
  }

  /** The data of this count, by name and version. */
  get data(): string {
    const shipped = this.#beyond === 'computed' ? HOLIDAY_DATA.other : holidayDataOf(this.#country);
    const read = [shipped, ...this.#used].join(' ');
    return this.#isProvisional ? `${read} and, beyond what is published, computed by ${HOLIDAY_DATA.other}` : read;
  }

  isWorking(day: number): boolean {
    return this.has(day, DayBit.working);
  }

  /** Whether the day is a working or business day (`DayBit`). */
  has(day: number, bit: number): boolean {
    return (this.#bits(day) & bit) !== 0;
  }

  /** Why a day is not one of the country's working (or business) days. */
  why(day: number): SkippedDay {
    const on = civilDate(day);
    if (this.isWorking(day)) return { on, why: 'make-up day' };
    const notice = this.#noticeOf(yearOf(day));
    const name = notice === undefined ? holidayName(this.#country, day) : dayOffName(notice, day);
    if (name !== undefined) return { on, why: 'public holiday', name };
    return { on, why: isWeekend(this.#country, day) ? 'weekend' : 'public holiday' };
  }

  #isShipped(year: number): boolean {
    const { from, to } = knownYears(this.#country);
    return this.#country === EVERY_DAY || (year >= from && year <= to);
  }

  #noticeOf(year: number): HolidayNotice | undefined {
    return this.#isShipped(year) ? undefined : this.#notices.find((notice) => notice.year === year);
  }

  #bits(day: number): number {
    if (this.#beyond === 'computed' && this.#country !== EVERY_DAY) return computedBits(this.#country, day);
    const year = yearOf(day);
    const notice = this.#noticeOf(year);
    if (notice !== undefined) {
      this.#used.add(noticeName(notice));
      return noticeBits(notice, day);
    }
    if (this.#beyond === 'refuse') assertKnownCountry(this.#country);
    if (this.#isShipped(year) || this.#beyond === 'refuse') return dayBits(this.#country, day);
    this.#isProvisional = true;
    return computedBits(this.#country, day);
  }
}
