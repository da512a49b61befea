import type { AppealState } from '../../domain/appeal/model.ts';
import { type AfterAppeals, afterAppeals } from '../../domain/case/after-seal.ts';
import type { CaseState } from '../../domain/case/model.ts';
import { AggregateKind } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';
import type { PolicyValues } from '../../domain/policy/policy.ts';
import { AggregateRow } from '../schema/entities/log.ts';
import type { Manager } from '../connection/orm.ts';

/**
 * How a sealed case stands now that its appeals are counted in. The caller holds the case's lock or the listing's: every appeal
 * that opens or decides takes the second.
 */
export async function standOfCase(em: Manager, id: string, state: CaseState, policy: PolicyValues): Promise<AfterAppeals> {
  const rows = await em.find(AggregateRow, { about: id, kind: AggregateKind.appeal });
  return standWith(rows, state, policy);
}

/** How a sealed case stands with these aggregates about it: its appeals count in the order in which they were opened. */
export function standWith(rows: readonly AggregateRow[], state: CaseState, policy: PolicyValues): AfterAppeals {
  const appeals = rows.filter(({ kind }) => kind === AggregateKind.appeal);
  appeals.sort((a, b) => (a.openedAt === b.openedAt ? Number(a.id > b.id) - Number(a.id < b.id) : a.openedAt < b.openedAt ? -1 : 1));
  return afterAppeals(
    state,
    appeals.map((row) => ({ state: row.state as AppealState, at: row.changedAt as Instant })),
    policy,
  );
}
