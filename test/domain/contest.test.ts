import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countContest } from '../../calendars/contest-window.ts';
import { computedBits } from '../../calendars/country-days.ts';
import type { HolidayNotice } from '../../calendars/holiday-notice.ts';
import { localDay } from '../../calendars/zones.ts';
import { Capacity } from '../../domain/aggregate.ts';
import { afterSeal } from '../../domain/case/after-seal.ts';
import { contestQuestion, contestUntil } from '../../domain/case/contest.ts';
import { initialCase } from '../../domain/case/evolve.ts';
import { type CalendarRef, epochMs, type Instant, instantOf, plusMs } from '../../domain/instant.ts';
import { POLICY } from '../support/story.ts';

const CALENDARS: readonly CalendarRef[] = [
  { country: 'DE', zone: 'Europe/Berlin', hours: '09:00-18:00' },
  { country: 'CN', zone: 'Asia/Shanghai', hours: '09:00-18:00' },
  { country: 'US', zone: 'America/New_York', hours: '09:00-17:00' },
  { country: 'NZ', zone: 'Pacific/Auckland', hours: '09:00-17:00' },
  { country: 'BR', zone: 'America/Sao_Paulo', hours: '09:00-18:00' },
];

const cases = {
  // Years that are published, the last of them, and years that nobody has published.
  since: fc.integer({ min: Date.parse('2022-01-01T00:00Z'), max: Date.parse('2033-01-01T00:00Z') }).map(instantOf),
  calendar: fc.constantFrom(...CALENDARS),
  n: fc.integer({ min: 1, max: 200 }),
};

const policyOf = (n: number) => ({ ...POLICY, appeals: { ...POLICY.appeals, contestWindow: { n, unit: 'calendar-days' as const } } });

function endOf(since: Instant, n: number, calendar: CalendarRef, notices: readonly HolidayNotice[] = []) {
  return contestUntil(contestQuestion(since, policyOf(n), calendar), countContest(notices));
}

/** What the log says to a counter-notice of that instant, when the window ends as it was counted with these notices. */
function contested(at: Instant, since: Instant, n: number, calendar: CalendarRef, notices: readonly HolidayNotice[] = []): string {
  const command = { id: 'c', at, by: { capacity: Capacity.seller }, kind: 'fileCounterNotice', statement: { '...': 'x' } } as const;
  const now = { isRestricted: true, since, isContested: false, isActing: false, rounds: 0 };
  const said = afterSeal({ ...initialCase, status: 'actioned' }, command, POLICY, now, endOf(since, n, calendar, notices).at);
  return 'refused' in said ? said.refused.code : said.opens;
}

/** A notice of one year beyond the shipped data: some days off in any month, some make-up days. */
const noticeOf = (country: string): fc.Arbitrary<HolidayNotice> =>
  fc
    .record({
      year: fc.integer({ min: 2026, max: 2033 }),
      off: fc.array(fc.record({ month: fc.integer({ min: 1, max: 12 }), day: fc.integer({ min: 1, max: 20 }), days: fc.nat(7) }), { maxLength: 4 }),
      makeUp: fc.array(fc.record({ month: fc.integer({ min: 1, max: 12 }), day: fc.integer({ min: 1, max: 28 }) }), { maxLength: 3 }),
    })
    .map(({ year, off, makeUp }) => {
      const on = (month: number, day: number) => `${year}-${`${month}`.padStart(2, '0')}-${`${day}`.padStart(2, '0')}`;
      return {
        ...{ country, year, version: 1, source: 'a test' },
        daysOff: off.map(({ month, day, days }) => ({ from: on(month, day), to: on(month, day + days), name: 'day off' })),
        makeUpDays: makeUp.map(({ month, day }) => ({ on: on(month, day), name: 'make-up day' })),
      };
    });

describe('the end of the contest window', () => {
  it('is the last instant that is accepted, whole days after the decision, on a working day', () => {
    fc.assert(
      fc.property(fc.record(cases), ({ since, calendar, n }) => {
        const { at } = endOf(since, n, calendar);
        expect(contested(at, since, n, calendar)).toBe('counter-notice');
        expect(contested(plusMs(at, 1), since, n, calendar)).toBe('contest-too-late');
        const last = localDay(calendar.zone, epochMs(at) - 1);
        expect(last).toBeGreaterThanOrEqual(localDay(calendar.zone, epochMs(since)) + n);
        expect(localDay(calendar.zone, epochMs(at))).toBe(last + 1);
      }),
      { numRuns: 500 },
    );
  });

  it('is never earlier than what can be said without any publication: what is published later moves no promise forward', () => {
    fc.assert(
      fc.property(fc.record(cases), ({ since, calendar, n }) => {
        const { at } = endOf(since, n, calendar);
        let day = localDay(calendar.zone, epochMs(since)) + n;
        while (computedBits(calendar.country, day) === 0) day += 1;
        expect(localDay(calendar.zone, epochMs(at) - 1)).toBeGreaterThanOrEqual(day);
      }),
      { numRuns: 500 },
    );
  });

  it('that was promised is accepted whatever is published afterwards, and is the last one unless it was said that it may move', () => {
    const told = fc.record(cases).chain((one) => fc.tuple(fc.constant(one), fc.array(noticeOf(one.calendar.country), { maxLength: 4 })));
    fc.assert(
      fc.property(told, ([{ since, calendar, n }, notices]) => {
        const { at, provisional } = endOf(since, n, calendar);
        expect(contested(at, since, n, calendar, notices)).toBe('counter-notice');
        if (provisional !== true) expect(contested(plusMs(at, 1), since, n, calendar, notices)).toBe('contest-too-late');
      }),
      { numRuns: 1000 },
    );
  });

  it('moves when its last day is published to be a day off, and only then', () => {
    const shanghai: CalendarRef = { country: 'CN', zone: 'Asia/Shanghai', hours: '09:00-18:00' };
    const since = instantOf(Date.parse('2026-09-10T02:00:00Z'));
    const { at, provisional } = endOf(since, 183, shanghai);
    expect(provisional).toBe(true);
    // The end is 00:00 in Shanghai, which is 16:00 UTC of the last day.
    const on = at.slice(0, 10);
    const off = {
      country: 'CN',
      year: Number(on.slice(0, 4)),
      version: 1,
      source: 'a test',
      daysOff: [{ from: on, to: on, name: 'day off' }],
      makeUpDays: [],
    };
    expect(contested(plusMs(at, 1), since, 183, shanghai, [off])).toBe('counter-notice');
    expect(contested(plusMs(at, 1), since, 183, shanghai, [{ ...off, daysOff: [] }])).toBe('contest-too-late');
  });
});
