// The published table, not the package's functions: those read dates in the process's own zone and, west of Greenwich, shift
// every holiday by a day.
import china from 'chinese-days/dist/chinese-days.json' with { type: 'json' };
import Holidays from 'date-holidays';
import { civilDate, dayNumber, yearOf } from './civil-day.ts';
import { CalendarHorizonError, unknownCountry } from './errors.ts';
import { isWeekend, uncertainWeekend } from './weekends.ts';

/** What a day is in a country: a bit set. A make-up Saturday is a working day and no business day. */
export const DayBit = { working: 1, business: 2 } as const;

/** Named in every resolved instant: which data said what a working day is. A test compares them with the packages. */
export const HOLIDAY_DATA = { other: 'date-holidays@3.37.0', CN: 'chinese-days@1.5.7' } as const;

/**
 * First and last known years. China's arrangement is published each November for the next year, so its data ends with
 * the last published one: the package itself would silently call every later weekday a working day. Elsewhere the
 * package derives holidays from rules; five years after its release nobody has promised that the rules still hold.
 */
const KNOWN_YEARS = { other: { from: 2000, to: 2031 }, CN: { from: 2004, to: 2026 } } as const;

/** Holidays that follow the moon are tabled in the package until about here; later years have their weekends only. */
const LAST_COMPUTED = 2075;

/**
 * A calendar in which nothing is ever closed and which has no horizon. For spans in which nobody has to act (expiry of
 * points): a deadline must never be counted on it.
 */
export const EVERY_DAY = 'every-day';

const countries: Set<string> = new Set(Object.keys(new Holidays().getCountries('en')));
const years = new Map<string, Uint8Array>();

/** Throws a typed `CalendarError` unless the country's holidays and working week are known: asked where a calendar is chosen. */
export function assertKnownCountry(country: string): void {
  if (country === EVERY_DAY) return;
  assertHolidays(country);
  const uncertain = uncertainWeekend(country);
  if (uncertain !== undefined) throw unknownCountry(country, `its weekend is not certain (${uncertain})`);
}

/** What runs on an uncertain week already runs on: it must not fault. Without any holidays nothing can be counted. */
function assertHolidays(country: string): void {
  if (!countries.has(country)) throw unknownCountry(country, 'no public-holiday data');
}

/** The data set behind a country's calendar, as `package@version`. */
export function holidayDataOf(country: string): string {
  if (country === EVERY_DAY) return 'no-holidays';
  return country === 'CN' ? HOLIDAY_DATA.CN : HOLIDAY_DATA.other;
}

/** First and last year for which the shipped data say what each day is in the country. */
export function knownYears(country: string): { readonly from: number; readonly to: number } {
  return country === 'CN' ? KNOWN_YEARS.CN : KNOWN_YEARS.other;
}

/** The `DayBit`s of one day. Throws `CalendarHorizonError` outside the known years, `CalendarError` for the country. */
export function dayBits(country: string, day: number): number {
  if (country === EVERY_DAY) return DayBit.working | DayBit.business;
  const year = yearOf(day);
  return yearTable(`${country}${year}`, year, () => knownYear(country, year, day))[day - dayNumber(year, 1, 1)] ?? 0;
}

/**
 * The `DayBit`s of a day that no data is published for: weekends, and the holidays that the package can compute. Nothing is
 * known of make-up days. Throws `CalendarError` for the country.
 */
export function computedBits(country: string, day: number): number {
  const year = yearOf(day);
  return yearTable(`computed ${country}${year}`, year, () => computedYear(country, year))[day - dayNumber(year, 1, 1)] ?? 0;
}

/** A table of one year's days, built once. */
function yearTable(key: string, year: number, build: () => Uint8Array): Uint8Array {
  let table = years.get(key);
  if (table === undefined) {
    table = build();
    // A duration of centuries is counted, but its tables are not kept.
    if (year <= LAST_COMPUTED) years.set(key, table);
  }
  return table;
}

function knownYear(country: string, year: number, wanted: number): Uint8Array {
  assertHolidays(country);
  const known = knownYears(country);
  if (year < known.from || year > known.to) {
    throw new CalendarHorizonError(country, `${known.from}-01-01`, `${known.to}-12-31`, civilDate(wanted));
  }
  return country === 'CN' ? chinaYear(year) : otherYear(country, year);
}

function computedYear(country: string, year: number): Uint8Array {
  assertHolidays(country);
  return year > LAST_COMPUTED
    ? daysOfYear(year, (day) => (isWeekend(country, day) ? 0 : DayBit.working | DayBit.business))
    : otherYear(country, year);
}

function chinaYear(year: number): Uint8Array {
  return daysOfYear(year, (day) => {
    const date = civilDate(day);
    if (Object.hasOwn(china.workdays, date)) return isWeekend('CN', day) ? DayBit.working : DayBit.working | DayBit.business;
    return isWeekend('CN', day) || Object.hasOwn(china.holidays, date) ? 0 : DayBit.working | DayBit.business;
  });
}

function otherYear(country: string, year: number): Uint8Array {
  const off = publicHolidays(country, year);
  return daysOfYear(year, (day) => (isWeekend(country, day) || off.has(day) ? 0 : DayBit.working | DayBit.business));
}

/** One `DayBit` set for each day of a year. */
export function daysOfYear(year: number, bits: (day: number) => number): Uint8Array {
  const first = dayNumber(year, 1, 1);
  return Uint8Array.from({ length: dayNumber(year + 1, 1, 1) - first }, (_, index) => bits(first + index));
}

/** The name of the public holiday that a day is, as the data have it (English where they have it); undefined when it is none. */
export function holidayName(country: string, day: number): string | undefined {
  const date = civilDate(day);
  const { from, to } = knownYears(country);
  const year = yearOf(day);
  if (country !== 'CN' || year < from || year > to) return publicHolidays(country, year).get(day);
  // "National Day,国庆节,3": the English name comes first.
  return Object.entries<string>({ ...china.workdays, ...china.holidays })
    .find(([on]) => on === date)?.[1]
    .split(',')[0];
}

/** Nationwide public holidays only: a state's own holiday is not "a public holiday of the country". */
function publicHolidays(country: string, year: number): Map<number, string> {
  const days = new Map<number, string>();
  const library = new Holidays(country, { types: ['public'], languages: ['en'] });
  // A holiday of several days may begin in the year before.
  for (const holiday of [...library.getHolidays(year - 1), ...library.getHolidays(year)]) {
    if (holiday.type !== 'public') continue;
    const [y, m, d] = holiday.date.slice(0, 10).split('-').map(Number);
    if (y === undefined || m === undefined || d === undefined) continue;
    // Whole days only (a half holiday is a working day); 23 and 25 hours are days of a clock change.
    const hours = (holiday.end.getTime() - holiday.start.getTime()) / 3_600_000;
    for (let index = 0; index < Math.floor((hours + 4) / 24); index += 1) days.set(dayNumber(y, m, d) + index, holiday.name);
  }
  return days;
}
