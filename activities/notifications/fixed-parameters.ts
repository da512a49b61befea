import { z } from 'zod';
import type { Event } from '../../domain/aggregate.ts';
import { eventInTodaysNames } from '../../domain/earlier-names.ts';
import { type AggregateId, kindOf } from '../../domain/ids.ts';
import type { CaseState } from '../../domain/case/model.ts';
import { DurationUnit, instant } from '../../domain/instant.ts';
import type { PolicyValues } from '../../domain/policy/policy.ts';
import { rulesOf } from '../../domain/registry.ts';
import type { Manager } from '../../store/connection/orm.ts';
import type { LogContext } from '../../store/log/context.ts';
import type { OutboxRow } from '../../store/schema/entities/outbox.ts';
import { AggregateRow, DecisionRow } from '../../store/schema/entities/log.ts';

export const instantSchema = z.string().transform(instant);
export const durationSchema = z.object({ n: z.number(), unit: z.enum(DurationUnit) });

/** What a decision fixed for a notification, as a schema of its aggregate reads it. */
export async function readFixed<S extends z.ZodType>(log: LogContext, em: Manager, row: OutboxRow, schema: S): Promise<z.output<S>> {
  const read = schema.safeParse({ kind: row.kind, ...row.about });
  if (read.success) return read.data;
  return schema.parse({ kind: row.kind, ...row.about, ...(await parametersFromLog(log, em, row)) });
}

/**
 * What rows lack that were written before decisions fixed it: the state right after the decision, folded from the log, says it. The same
 * function of the domain as for every row since.
 */
export async function parametersFromLog(
  log: LogContext,
  em: Manager,
  { aggregate, n, kind }: Pick<OutboxRow, 'aggregate' | 'n' | 'kind'>,
): Promise<object | undefined> {
  // Notifications are written by the log, which writes no other ids.
  const rules = rulesOf(kindOf(aggregate as AggregateId));
  const rows = await em.find(DecisionRow, { aggregate, n: { $lte: n } }, { orderBy: { n: 'asc' } });
  const events: readonly Event[] = rows.flatMap(({ envelope: { outcome } }) => ('events' in outcome ? outcome.events.map(eventInTodaysNames) : []));
  const state = events.reduce((before, event) => rules.evolve(before, event), rules.initial);
  return rules.parameters(kind, state, await log.policies.values(em, rules.policyOf(state) ?? ''));
}

/** A sealed case as it stands for good, with the policy that it pinned. */
export async function sealedCase(
  log: LogContext,
  em: Manager,
  id: string,
): Promise<{ readonly state: CaseState; readonly n: number; readonly policy: PolicyValues }> {
  const row = await em.findOneOrFail(AggregateRow, { id }, { fields: ['state', 'n'] });
  // What the log holds under a case's id was folded by the rules of a case.
  const state = row.state as CaseState;
  return { state, n: row.n, policy: await log.policies.values(em, state.policy ?? '') };
}
