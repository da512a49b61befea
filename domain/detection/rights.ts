import type { Instant } from '../instant.ts';
import { epochMs } from '../instant.ts';
import type { RightFacts } from './model.ts';

/** The only status that is a ground; pending, opposed and "as of" rows are kept and never are. */
export const LIVE = 'Live / Registered';

const DAY_MS = 86_400_000;

/** Member states of the European Union, whose territory a Union right (jurisdiction `EU`) covers. */
const EU_MEMBERS: ReadonlySet<string> = new Set([
  'AT',
  'BE',
  'BG',
  'CY',
  'CZ',
  'DE',
  'DK',
  'EE',
  'ES',
  'FI',
  'FR',
  'GR',
  'HR',
  'HU',
  'IE',
  'IT',
  'LT',
  'LU',
  'LV',
  'MT',
  'NL',
  'PL',
  'PT',
  'RO',
  'SE',
  'SI',
  'SK',
]);

/** States in which a right of a common office is in force: the Benelux convention, and the Bangui agreement (OAPI), both without designation. */
const UNIONS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['EU', EU_MEMBERS],
  ['BX', new Set(['BE', 'NL', 'LU'])],
  ['OA', new Set(['BF', 'BJ', 'CF', 'CG', 'CI', 'CM', 'GA', 'GN', 'GQ', 'GW', 'KM', 'ML', 'MR', 'NE', 'SN', 'TD', 'TG'])],
]);

/** The ISO 3166 country of a feed's market code: `EU-FR` is FR, `UK` is GB. */
export function marketCountry(market: string): string {
  const code = market.trim().toUpperCase();
  const country = code.startsWith('EU-') ? code.slice(3) : code;
  // Codes of offices (WIPO standard ST.3) and of the Union that differ from ISO 3166.
  return { UK: 'GB', EL: 'GR', EM: 'EU' }[country] ?? country;
}

/** Whether a right of the jurisdiction is in force on the territory of the market: rights are territorial. */
export function coversMarket(jurisdiction: string, market: string): boolean {
  const country = marketCountry(market);
  const office = marketCountry(jurisdiction);
  return office === country || UNIONS.get(office)?.has(country) === true;
}

/**
 * Whether a right may ground a case at the instant: its status is exactly `Live / Registered`, it has an owner, and it
 * was observed before `at` and no more than `freshnessDays` (plain days, policy `rights.freshness`) ago. A month counts
 * from its first day. What cannot be read is not in force.
 */
export function isInForce(right: RightFacts, at: Instant, freshnessDays: number): boolean {
  if (right.status !== LIVE || right.owner === undefined || right.owner === '') return false;
  const match = /^(\d{4})-(\d{2})(?:-(\d{2}))?/.exec(right.observedAt);
  if (match === null) return false;
  const observed = Date.parse(`${match[1]}-${match[2]}-${match[3] ?? '01'}T00:00:00Z`);
  const now = epochMs(at);
  return observed <= now && now < observed + (freshnessDays + 1) * DAY_MS;
}
