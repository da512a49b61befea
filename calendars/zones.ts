import Holidays from 'date-holidays';
import { Temporal } from 'temporal-polyfill';
import { civilDate } from './civil-day.ts';
import { unknownCountry, unknownZone } from './errors.ts';

const DAY_MS = 86_400_000;
/** One sweep touches a few hundred (zone, day) pairs; the bound only keeps a hostile import from growing memory. */
const CACHE_LIMIT = 20_000;

const wallClocks = new Map<string, number>();
const knownZones = new Map<string, boolean>();

/** The time-zone database the running Node carries, for the record of a resolved instant. */
export const ZONE_DATA = `tz@${process.versions.tz ?? 'unknown'}`;

/** Whether the name is a zone of the time-zone database (`Europe/Berlin`, `UTC`); offsets such as `+05:30` are not. */
export function isZone(zone: string): boolean {
  let known = knownZones.get(zone);
  if (known === undefined) {
    known = /^[A-Za-z]/.test(zone) && resolves(zone);
    if (knownZones.size < CACHE_LIMIT) knownZones.set(zone, known);
  }
  return known;
}

function resolves(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/**
 * The instant (ms since 1970) at which the wall clock of the zone shows `minutes` after midnight of the day. A time
 * that a clock change skips is the first one after it; a repeated one is its first occurrence.
 */
export function wallClock(zone: string, day: number, minutes: number): number {
  const key = `${zone} ${day} ${minutes}`;
  let ms = wallClocks.get(key);
  if (ms === undefined) {
    if (!isZone(zone)) throw unknownZone(zone);
    ms = lookUp(zone, day, minutes);
    if (wallClocks.size >= CACHE_LIMIT) wallClocks.clear();
    wallClocks.set(key, ms);
  }
  return ms;
}

function lookUp(zone: string, day: number, minutes: number): number {
  // 24:00 is the next day's 00:00, which a zone may skip (Sao Paulo until 2018): that is why midnight is asked for apart.
  const date = Temporal.PlainDate.from(civilDate(day + Math.floor(minutes / 1440)));
  const rest = minutes % 1440;
  if (rest === 0) return date.toZonedDateTime(zone).epochMilliseconds;
  const plainTime = Temporal.PlainTime.from({ hour: Math.floor(rest / 60), minute: rest % 60 });
  return date.toZonedDateTime({ timeZone: zone, plainTime }).epochMilliseconds;
}

/** The civil day (day number) that the instant `ms` lies in, in the zone. Throws `CalendarError` for an unknown zone. */
export function localDay(zone: string, ms: number): number {
  // Offsets are at most 14 hours, so the day is the UTC one or a neighbour; midnights are cached, conversions are not.
  let day = Math.floor(ms / DAY_MS) - 1;
  while (wallClock(zone, day + 1, 0) <= ms) day += 1;
  return day;
}

/**
 * The zone that stands for a country when nothing nearer is known: its first one in the holiday data, which is the
 * one of its main city. `EU` (the jurisdiction of a Union right) is Europe/Brussels. Throws `CalendarError`.
 */
export function defaultZoneOf(country: string): string {
  if (country === 'EU') return 'Europe/Brussels';
  const zone = zoneTables().byCountry.get(country);
  if (zone === undefined) throw unknownCountry(country, 'no time zone is recorded for it');
  return zone;
}

/**
 * The country whose calendar an organisation works by when only its zone is known. Where several countries share a
 * zone it is the one the zone's city lies in. Throws `CalendarError` for zones without a country (`UTC`).
 */
export function countryOfZone(zone: string): string {
  if (!isZone(zone)) throw unknownZone(zone);
  const tables = zoneTables();
  const country = CITY_COUNTRY.get(zone) ?? tables.byZone.get(canonical(zone)) ?? tables.byZone.get(zone);
  if (country === undefined) throw unknownCountry(zone, 'the zone belongs to no single country');
  return country;
}

/** Zones that several countries share in the holiday data, with the country of the city they are named after. */
const CITY_COUNTRY: ReadonlyMap<string, string> = new Map([
  ['America/Port_of_Spain', 'TT'],
  ['Africa/Lagos', 'NG'],
  ['America/Curacao', 'CW'],
  ['Europe/Helsinki', 'FI'],
  ['Europe/Belgrade', 'RS'],
  ['Africa/Abidjan', 'CI'],
  ['Africa/Maputo', 'MZ'],
  ['Europe/Zurich', 'CH'],
  ['Africa/Nairobi', 'KE'],
  ['Atlantic/Canary', 'ES'],
  ['Europe/Rome', 'IT'],
  ['America/Panama', 'PA'],
  ['Africa/Johannesburg', 'ZA'],
  ['Europe/Oslo', 'NO'],
  ['Asia/Bangkok', 'TH'],
]);

interface ZoneTables {
  readonly byCountry: ReadonlyMap<string, string>;
  readonly byZone: ReadonlyMap<string, string>;
}

let tables: ZoneTables | undefined;

function zoneTables(): ZoneTables {
  tables ??= buildZoneTables();
  return tables;
}

function buildZoneTables(): ZoneTables {
  const byCountry = new Map<string, string>();
  const byZone = new Map<string, string>();
  for (const country of Object.keys(new Holidays().getCountries('en'))) {
    const zones = new Holidays(country).getTimezones();
    if (zones[0] !== undefined) byCountry.set(country, zones[0]);
    for (const zone of zones) for (const name of [zone, canonical(zone)]) if (!byZone.has(name)) byZone.set(name, country);
  }
  return { byCountry, byZone };
}

/** One name per zone (`Asia/Calcutta` and `Asia/Kolkata` are the same place). */
function canonical(zone: string): string {
  return isZone(zone) ? new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone : zone;
}
