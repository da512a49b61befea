import { countContest } from '../../calendars/contest-window.ts';
import type { AfterAppeals } from '../../domain/case/after-seal.ts';
import { type Counted, contestQuestion, contestUntil } from '../../domain/case/contest.ts';
import type { CaseState } from '../../domain/case/model.ts';
import type { PolicyValues } from '../../domain/policy/policy.ts';
import type { Manager } from '../connection/orm.ts';
import { noticesOf } from '../register/holiday-notices.ts';
import { standOfCase } from './case-after-appeals.ts';

/** Until when what stands in a sealed case can be contested, with the official notices that were loaded. */
export async function contestEnd(
  em: Manager,
  { since }: Pick<AfterAppeals, 'since'>,
  { calendar }: CaseState,
  policy: PolicyValues,
): Promise<Counted> {
  const question = contestQuestion(since, policy, calendar);
  const shipped = contestUntil(question, countContest([]));
  return shipped.provisional === true ? contestUntil(question, countContest(await noticesOf(em, calendar.country))) : shipped;
}

/** Until when the seller of a sealed case may contest what stands now; undefined where nothing restricts it. */
export async function contestEndOf(em: Manager, id: string, state: CaseState, policy: PolicyValues): Promise<Counted | undefined> {
  const now = await standOfCase(em, id, state, policy);
  return now.isRestricted ? contestEnd(em, now, state, policy) : undefined;
}
