import { yearOf } from './civil-day.ts';
import { computedBits, DayBit, dayBits, EVERY_DAY, HOLIDAY_DATA, holidayDataOf, knownYears } from './country-days.ts';

/**
 * What to do with a day beyond the data: refuse (`CalendarHorizonError`), or take what can be computed and say so. `computed`
 * takes nothing but that, of every year: the one count that no publication can change.
 */
export type Beyond = 'refuse' | 'provisional' | 'computed';

/**
 * Reads a country's days for one count, and keeps what it was counted with. A count that needed a day beyond the data is
 * provisional: weekends and computable holidays stand in for what has not been published.
 */
export class DayReader {
  readonly #country: string;
  readonly #beyond: Beyond;
  #isProvisional = false;

  constructor(country: string, beyond: Beyond) {
    this.#country = country;
    this.#beyond = beyond;
  }

  /** Whether a day was read that nobody has published yet. */
  get isProvisional(): boolean {
    return this.#isProvisional;
  }

  /** The data of this count, by name and version. */
  get data(): string {
    const shipped = this.#beyond === 'computed' ? HOLIDAY_DATA.other : holidayDataOf(this.#country);
    return this.#isProvisional ? `${shipped} to ${knownYears(this.#country).to}, then computed by ${HOLIDAY_DATA.other}` : shipped;
  }

  isWorking(day: number): boolean {
    return this.has(day, DayBit.working);
  }

  /** Whether the day is a working or business day (`DayBit`). */
  has(day: number, bit: number): boolean {
    return (this.#bits(day) & bit) !== 0;
  }

  #bits(day: number): number {
    if (this.#beyond === 'computed' && this.#country !== EVERY_DAY) return computedBits(this.#country, day);
    const { from, to } = knownYears(this.#country);
    const year = yearOf(day);
    if (this.#country === EVERY_DAY || this.#beyond === 'refuse' || (year >= from && year <= to)) return dayBits(this.#country, day);
    this.#isProvisional = true;
    return computedBits(this.#country, day);
  }
}
