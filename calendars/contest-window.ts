import type { CalendarRef, Instant } from '../domain/instant.ts';
import type { PolicyValues } from '../domain/policy/policy.ts';
import type { HolidayNotice } from './holiday-notice.ts';
import { type ResolvedDuration, resolveDuration } from './resolve-duration.ts';

/**
 * Until when a restriction that stands since `since` can be contested: the instant that the statement of reasons tells is the
 * last one that the log accepts (EU DSA art. 20, EU Regulation 1182/71 art. 3(4): a period that would end on a day off ends
 * with the next working day). The seller was told once and must never find it earlier: so it is the latest of what can be
 * counted with computed holidays only, with the shipped data, and with the official notices loaded since. What is published
 * afterwards can only make it later. Provisional where what is published does not reach that far.
 */
export function contestUntil(
  since: Instant,
  { appeals }: Pick<PolicyValues, 'appeals'>,
  calendar: CalendarRef,
  notices: readonly HolidayNotice[] = [],
): ResolvedDuration {
  const told = (['computed', 'provisional'] as const).map((beyond) => resolveDuration(since, appeals.contestWindow, calendar, { beyond }));
  const known = resolveDuration(since, appeals.contestWindow, calendar, { beyond: 'provisional', notices });
  const { provisional: _, ...latest } = told.reduce((a, b) => (b.at > a.at ? b : a), known);
  return { ...latest, ...(known.provisional && { provisional: true as const }) };
}
