import { parse, YAMLParseError } from 'yaml';
import { z } from 'zod';
import { yearOf } from '../calendars/civil-day.ts';
import { assertKnownCountry, knownYears } from '../calendars/country-days.ts';
import { CalendarError } from '../calendars/errors.ts';
import { dayOf, dayOffName, type HolidayNotice } from '../calendars/holiday-notice.ts';
import { isWeekend } from '../calendars/weekends.ts';
import type { PolicyProblem } from './checks.ts';

/** A notice that cannot be used: every problem found, each with path and cure. */
export class NoticeError extends Error {
  readonly problems: readonly PolicyProblem[];

  constructor(fileName: string, problems: readonly PolicyProblem[]) {
    super(
      `${fileName} is not a valid notice of holidays:\n${problems.map(({ path, message, cure }) => `  ${path}: ${message}; ${cure}`).join('\n')}`,
    );
    this.name = 'NoticeError';
    this.problems = problems;
  }
}

const date = z.string().refine((text) => /^\d{4}-\d{2}-\d{2}$/.test(text) && isDate(text), 'is not a valid date, for example 2027-01-01');
const name = z.string().trim().min(1).max(200);

/** The form of a notice. `on` is short for a range of one day. */
const schema = z.strictObject({
  country: z.string().regex(/^[A-Z]{2}$/, 'a country is an ISO 3166 code such as CN'),
  year: z.int().min(2000).max(2200),
  version: z.int().min(1),
  source: z.string().trim().min(1).max(2_000),
  daysOff: z.array(z.union([z.strictObject({ from: date, to: date, name }), z.strictObject({ on: date, name })])).min(1),
  makeUpDays: z.array(z.strictObject({ on: date, name })),
});

function isDate(text: string): boolean {
  const ms = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}

/** Reads an official notice (YAML or JSON). Throws `NoticeError` naming every problem with its path and cure. */
export function parseNotice(text: string, fileName: string): HolidayNotice {
  const parsed = schema.safeParse(readYaml(text, fileName));
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => ({
      path: path.join('.') || '(document)',
      message,
      cure: 'correct it; docs/calendars.md shows the form',
    }));
    throw new NoticeError(fileName, problems);
  }
  const daysOff = parsed.data.daysOff.map((day) => ('on' in day ? { from: day.on, to: day.on, name: day.name } : day));
  const notice: HolidayNotice = { ...parsed.data, daysOff };
  const problems = [...countryProblems(notice), ...dayProblems(notice)];
  if (problems.length > 0) throw new NoticeError(fileName, problems);
  return notice;
}

function readYaml(text: string, fileName: string): unknown {
  try {
    return parse(text, { logLevel: 'error', schema: 'core' });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const line = error instanceof YAMLParseError ? (error.linePos?.[0].line ?? 0) : 0;
    throw new NoticeError(fileName, [{ path: `line ${line}`, message: error.message.split('\n')[0] ?? 'not YAML', cure: 'correct the YAML' }]);
  }
}

function countryProblems({ country, year }: HolidayNotice): readonly PolicyProblem[] {
  try {
    assertKnownCountry(country);
  } catch (error) {
    if (!(error instanceof CalendarError)) throw error;
    return [{ path: 'country', message: error.message, cure: error.cure }];
  }
  const { from, to } = knownYears(country);
  if (year > to) return [];
  const message = year < from ? `years before ${from} are not counted` : `the shipped data know ${country} up to ${to} already`;
  return [{ path: 'year', message, cure: `load the notice of ${to + 1} or later` }];
}

function dayProblems(notice: HolidayNotice): readonly PolicyProblem[] {
  const { year, daysOff, makeUpDays } = notice;
  const problems: PolicyProblem[] = [];
  const add = (path: string, message: string, cure: string) => problems.push({ path, message, cure });
  daysOff.forEach(({ from, to }, index) => {
    if (yearOf(dayOf(from)) !== year || yearOf(dayOf(to)) !== year) {
      add(`daysOff.${index}`, `${from} to ${to} is not in ${year}`, `put each day into the notice of its own year`);
    } else if (from > to) add(`daysOff.${index}`, `${from} is after ${to}`, 'write the first day first');
  });
  makeUpDays.forEach(({ on }, index) => {
    const path = `makeUpDays.${index}`;
    if (yearOf(dayOf(on)) !== year) add(path, `${on} is not in ${year}`, 'put each day into the notice of its own year');
    if (!isWeekend(notice.country, dayOf(on))) add(path, `${on} is not a day of the weekend`, 'leave out days that are worked anyway');
    if (dayOffName(notice, dayOf(on)) !== undefined) add(path, `${on} is a day off in the same notice`, 'say one or the other');
    if (makeUpDays.findIndex((other) => other.on === on) !== index) add(path, `${on} stands twice`, 'name each day once');
  });
  return problems;
}
