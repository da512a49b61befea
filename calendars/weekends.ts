import { weekdayOf } from './civil-day.ts';

const [SUNDAY, FRIDAY, SATURDAY] = [0, 5, 6];

const SATURDAY_SUNDAY: readonly number[] = [SATURDAY, SUNDAY];
const FRIDAY_SATURDAY: readonly number[] = [FRIDAY, SATURDAY];

/**
 * Countries that do not rest on Saturday and Sunday: CLDR's week data (a test walks the whole list against them), and where CLDR
 * says nothing of its own the working week that the government keeps (BD and DJ Sunday to Thursday; BN Monday to Thursday and
 * Saturday). India and Uganda, of which CLDR names the Sunday alone, are counted by their public service's Monday to Friday.
 */
const WEEKENDS: Readonly<Record<string, readonly number[]>> = {
  BD: FRIDAY_SATURDAY,
  BH: FRIDAY_SATURDAY,
  BN: [FRIDAY, SUNDAY],
  DJ: FRIDAY_SATURDAY,
  DZ: FRIDAY_SATURDAY,
  EG: FRIDAY_SATURDAY,
  IL: FRIDAY_SATURDAY,
  IR: FRIDAY_SATURDAY,
  LY: FRIDAY_SATURDAY,
  SA: FRIDAY_SATURDAY,
  SD: FRIDAY_SATURDAY,
  SO: FRIDAY_SATURDAY,
};

/** Refused where a calendar is chosen: sources do not agree on which day is the second one of their weekend. */
const UNCERTAIN: Readonly<Record<string, string>> = {
  IR: 'Friday is free; whether Thursday or Saturday is has changed and differs by office',
  SO: 'Friday is free; sources differ on whether Thursday or Saturday is',
};

/** Whether the country rests on that day of every week. */
export function isWeekend(country: string, day: number): boolean {
  return (WEEKENDS[country] ?? SATURDAY_SUNDAY).includes(weekdayOf(day));
}

/** Why nobody should choose the country's calendar; undefined where its working week is known. */
export function uncertainWeekend(country: string): string | undefined {
  return UNCERTAIN[country];
}
