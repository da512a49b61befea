import { dayNumber } from '../../calendars/civil-day.ts';
import { EVERY_DAY, knownYears } from '../../calendars/country-days.ts';
import { CalendarError } from '../../calendars/errors.ts';
import { countryOfZone } from '../../calendars/zones.ts';
import { epochMs, type Instant } from '../../domain/instant.ts';
import { noticesOf } from '../register/holiday-notices.ts';
import type { Manager } from '../connection/orm.ts';

/** From so many days before a calendar's end on its next notice is asked for. */
const WARN_DAYS = 120;
const DAY_MS = 86_400_000;

/** A calendar that is needed and ends soon, or has ended: what reaches beyond is provisional. */
export interface CalendarEnd {
  readonly country: string;
  /** The last day that is known. */
  readonly knownTo: string;
  /** Whole days left; negative when it has ended. */
  readonly daysLeft: number;
}

const NEEDED = `select distinct country, zone from organisation where country is not null or zone is not null
  union select distinct state->'calendar'->>'country', null from aggregate where kind = 'case' and not is_final
  union select document->'ledger'->part->'value'->>'country', null from unnest(array['calendar', 'expiryCalendar']) as part,
    (select document from policy where since <= ? order by since desc, version desc limit 1) as now_in_force`;

/** The calendars of organisations, open cases and the policy in force that end within 120 days, by country. */
export async function calendarEnds(em: Manager, now: Instant): Promise<readonly CalendarEnd[]> {
  const rows = await em.execute<{ country: string | null; zone: string | null }[]>(NEEDED, [now]);
  const needed = new Set(rows.flatMap(({ country, zone }) => country ?? countryOf(zone)));
  const ends: CalendarEnd[] = [];
  for (const country of [...needed].filter((one) => one !== EVERY_DAY).sort()) {
    const last = await lastKnownYear(em, country);
    const left = dayNumber(last + 1, 1, 1) * DAY_MS - epochMs(now);
    if (left <= WARN_DAYS * DAY_MS) ends.push({ country, knownTo: `${last}-12-31`, daysLeft: Math.floor(left / DAY_MS) });
  }
  return ends;
}

/** Notices carry on where the shipped data end, as far as no year is missing. */
async function lastKnownYear(em: Manager, country: string): Promise<number> {
  const loaded = new Set((await noticesOf(em, country)).map(({ year }) => year));
  let { to } = knownYears(country);
  while (loaded.has(to + 1)) to += 1;
  return to;
}

/** A zone without a country needs no calendar. */
function countryOf(zone: string | null): readonly string[] {
  if (zone === null) return [];
  try {
    return [countryOfZone(zone)];
  } catch (error) {
    if (error instanceof CalendarError) return [];
    throw error;
  }
}

/** One such end in words, with its cure apart. */
export function endWords({ country, knownTo, daysLeft }: CalendarEnd): string {
  const when = daysLeft < 0 ? `ended on ${knownTo}` : `ends on ${knownTo}, in ${daysLeft} days`;
  return `the calendar of ${country} ${when}; instants beyond it are provisional`;
}

/** What to do about it. */
export const END_CURE = 'Load the official notice with "interdict calendar import FILE" once it is published.';
