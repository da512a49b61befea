import { contestUntil } from '../calendars/contest-window.ts';
import type { ResolvedDuration } from '../calendars/resolve-duration.ts';
import type { CaseState } from '../domain/case/model.ts';
import type { PolicyValues } from '../domain/policy/policy.ts';
import { standOfCase } from './case-stand.ts';
import type { Manager } from './orm.ts';

/** Until when the seller of a sealed case may contest what stands now; undefined where nothing restricts it. */
export async function contestEndOf(em: Manager, id: string, state: CaseState, policy: PolicyValues): Promise<ResolvedDuration | undefined> {
  const { isRestricted, since } = await standOfCase(em, id, state, policy);
  return isRestricted ? contestUntil(since, policy, state.calendar) : undefined;
}
