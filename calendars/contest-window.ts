import type { Counted, HolidayData } from '../domain/case/contest.ts';
import type { InstantQuestion } from '../domain/aggregate.ts';
import type { HolidayNotice } from './holiday-notice.ts';
import { resolveDuration } from './resolve-duration.ts';

/**
 * Counts the instants that `contestUntil` chooses among. A period that would end on a day off ends with the next working day
 * (EU Regulation 1182/71 art. 3(4)).
 */
export function countContest(notices: readonly HolidayNotice[]) {
  return ({ from, after, calendar }: InstantQuestion, data: HolidayData): Counted =>
    resolveDuration(
      from,
      after,
      calendar,
      data === 'noticed' ? { beyond: 'provisional', notices } : { beyond: data === 'computed' ? data : 'provisional' },
    );
}
