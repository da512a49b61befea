import type { CalendarRef, Instant } from '../domain/instant.ts';
import type { PolicyValues } from '../domain/policy/policy.ts';
import { type ResolvedDuration, resolveDuration } from './resolve-duration.ts';

/**
 * Until when a restriction that stands since `since` can be contested: the instant that the statement of reasons tells is the
 * last one that the log accepts (EU DSA art. 20, EU Regulation 1182/71 art. 3(4): a period that would end on a day off ends
 * with the next working day). The seller was told once and must never find it earlier: so it is the later of two counts, with
 * the published holidays and with those that can be computed. What is published afterwards can only make it later.
 * Provisional where the published holidays do not reach that far.
 */
export function contestUntil(since: Instant, { appeals }: Pick<PolicyValues, 'appeals'>, calendar: CalendarRef): ResolvedDuration {
  const published = resolveDuration(since, appeals.contestWindow, calendar, { beyond: 'provisional' });
  const computed = resolveDuration(since, appeals.contestWindow, calendar, { beyond: 'computed' });
  return computed.at > published.at ? { ...computed, ...(published.provisional && { provisional: true as const }) } : published;
}
