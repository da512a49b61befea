import type { InstantQuestion } from '../aggregate.ts';
import type { CalendarRef, Instant } from '../instant.ts';
import type { PolicyValues } from '../policy/policy.ts';

/** How an instant was counted: by which data, and whether these reach that far. */
export interface Counted {
  readonly at: Instant;
  readonly dataVersion: string;
  readonly provisional?: true;
}

/** Which holidays an instant is counted with: those that can be computed, those that are shipped too, official notices loaded since as well. */
export type HolidayData = 'computed' | 'shipped' | 'noticed';

/** What is counted for the window in which a restriction that stands since `since` can be contested (EU DSA art. 20). */
export function contestQuestion(since: Instant, { appeals }: Pick<PolicyValues, 'appeals'>, calendar: CalendarRef): InstantQuestion {
  return { name: 'contest.until', from: since, after: appeals.contestWindow, calendar, policy: 'appeals.contestWindow' };
}

/**
 * Until when a restriction can be contested: the instant that the statement of reasons tells, and the last one that the log accepts. The
 * seller was told once and must never find it earlier: so it is the latest of what can be counted with computed holidays only, with the
 * shipped ones, and with the official notices loaded since. What is published afterwards can only make it later. Provisional where what is
 * published does not reach that far.
 */
export function contestUntil(question: InstantQuestion, count: (question: InstantQuestion, data: HolidayData) => Counted): Counted {
  const known = count(question, 'noticed');
  const told = (['computed', 'shipped'] as const).map((data) => count(question, data));
  const { at, dataVersion } = told.reduce((a, b) => (b.at > a.at ? b : a), known);
  return { at, dataVersion, ...(known.provisional && { provisional: true }) };
}

/** Whether a counter-notice of that instant is in time: the instant that was promised is. */
export function isInTime(at: Instant, until: Instant): boolean {
  return at <= until;
}
