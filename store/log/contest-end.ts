import { contestUntil } from '../../calendars/contest-window.ts';
import type { ResolvedDuration } from '../../calendars/resolve-duration.ts';
import type { CaseState } from '../../domain/case/model.ts';
import type { CalendarRef, Instant } from '../../domain/instant.ts';
import type { PolicyValues } from '../../domain/policy/policy.ts';
import { standOfCase } from './case-after-appeals.ts';
import { noticesOf } from '../register/holiday-notices.ts';
import type { Manager } from '../connection/orm.ts';

/** Until when a restriction that stands since an instant can be contested, with the official notices that were loaded. */
export async function contestEnd(em: Manager, since: Instant, policy: PolicyValues, calendar: CalendarRef): Promise<ResolvedDuration> {
  const shipped = contestUntil(since, policy, calendar);
  return shipped.provisional === true ? contestUntil(since, policy, calendar, await noticesOf(em, calendar.country)) : shipped;
}

/** Until when the seller of a sealed case may contest what stands now; undefined where nothing restricts it. */
export async function contestEndOf(em: Manager, id: string, state: CaseState, policy: PolicyValues): Promise<ResolvedDuration | undefined> {
  const { isRestricted, since } = await standOfCase(em, id, state, policy);
  return isRestricted ? contestEnd(em, since, policy, state.calendar) : undefined;
}
