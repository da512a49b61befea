import type { Command } from '../../domain/aggregate.ts';
import { isPersonal } from '../../domain/guard.ts';
import type { AggregateKind } from '../../domain/ids.ts';
import { refuse } from '../../domain/refusals.ts';
import { rulesOf } from '../../domain/registry.ts';
import type { CommandResult } from '../schema/entities/log.ts';
import type { Manager } from '../connection/orm.ts';
import type { LogContext } from './context.ts';
import { readFacts } from './facts.ts';

/**
 * Why this person may not open an aggregate of that kind by hand; undefined when they may. Asked before anything is looked up or captured
 * for the opening; its own first decision asks again.
 */
export async function mayNotOpen(em: Manager, context: LogContext, kind: AggregateKind, command: Command): Promise<CommandResult | undefined> {
  const rules = rulesOf(kind);
  const { values } = await context.policies.current(em, context.clock.now());
  const facts = await readFacts(em, { mandate: true }, command, { summary: rules.summary(rules.initial), caseId: '' }, values);
  // Detections and thresholds do not come by hand, whoever says so.
  const code = isPersonal(command.by.capacity) ? rules.guard(rules.initial, command, facts) : 'wrong-capacity';
  return code === undefined ? undefined : { kind: 'refused', ...refuse(code).refused };
}
