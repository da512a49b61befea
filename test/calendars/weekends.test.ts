import Holidays from 'date-holidays';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { dayNumber } from '../../calendars/civil-day.ts';
import { CalendarError } from '../../calendars/errors.ts';
import { resolveDuration, validateCalendar } from '../../calendars/resolve-duration.ts';
import { isWeekend } from '../../calendars/weekends.ts';
import { defaultZoneOf } from '../../calendars/zones.ts';
import { instant } from '../../domain/instant.ts';

const COUNTRIES = Object.keys(new Holidays().getCountries('en'));
/** 2 November 2025 is a Sunday. */
const SUNDAY = dayNumber(2025, 11, 2);
const DAYS = ['Su', 'Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa'];

function weekendOf(country: string): string {
  return DAYS.filter((_, index) => isWeekend(country, SUNDAY + index)).join(' ');
}

/** What CLDR, as the running Node carries it, says of a country: 1 = Monday to 7 = Sunday. */
function cldrWeekendOf(country: string): string {
  const locale = new Intl.Locale(`und-${country}`);
  // The types of the language do not know it yet.
  const read: unknown = Reflect.get(locale, 'getWeekInfo');
  if (typeof read !== 'function') throw new Error('this Node does not know the week of a country');
  const { weekend } = z.object({ weekend: z.array(z.number()) }).parse(Reflect.apply(read, locale, []));
  return DAYS.filter((_, index) => weekend.includes(index === 0 ? 7 : index)).join(' ');
}

/** Where the table says something else than CLDR, and why: CLDR has no data of its own, or names the weekly day of rest alone. */
const OTHERWISE: Readonly<Record<string, readonly [cldr: string, ours: string]>> = {
  BD: ['Su Sa', 'Fr Sa'],
  BN: ['Su Sa', 'Su Fr'],
  DJ: ['Su Sa', 'Fr Sa'],
  IN: ['Su', 'Su Sa'],
  IR: ['Fr', 'Fr Sa'],
  SO: ['Su Sa', 'Fr Sa'],
  UG: ['Su', 'Su Sa'],
};

test('the weekend of every country is that of CLDR, or stands here', () => {
  const different = COUNTRIES.filter((country) => weekendOf(country) !== cldrWeekendOf(country));
  expect(Object.fromEntries(different.map((country) => [country, [cldrWeekendOf(country), weekendOf(country)]]))).toEqual(OTHERWISE);
});

test('every country is counted, or refused by name; what runs on it is counted all the same', () => {
  const refused: string[] = [];
  for (const country of COUNTRIES) {
    const calendar = { country, zone: defaultZoneOf(country), hours: '09:00-17:00' };
    const from = instant('2026-11-05T12:00:00Z');
    for (const unit of ['calendar-days', 'business-days', 'working-days', 'working-hours'] as const) {
      const { at } = resolveDuration(from, { n: 90, unit }, calendar, { beyond: 'provisional' });
      expect(at > from, country).toBe(true);
    }
    try {
      validateCalendar(calendar);
    } catch (error) {
      if (!(error instanceof CalendarError)) throw error;
      refused.push(`${country}: ${error.message}`);
    }
  }
  expect(refused).toEqual([expect.stringMatching(/^IR: no calendar for country "IR": its weekend/), expect.stringMatching(/^SO: /)]);
});
