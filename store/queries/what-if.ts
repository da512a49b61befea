import type { Command, Event, Outcome } from '../../domain/aggregate.ts';
import { afterSeal } from '../../domain/case/after-seal.ts';
import type { CaseCommand, CaseState } from '../../domain/case/model.ts';
import { AggregateKind, kindOf, type AggregateId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';
import { rulesOf } from '../../domain/registry.ts';
import { refuse } from '../../domain/refusals.ts';
import type { PolicyValues } from '../../domain/policy/policy.ts';
import { standWith } from '../log/case-after-appeals.ts';
import { contestEnd } from '../log/contest-end.ts';
import type { AggregateRow } from '../schema/entities/log.ts';
import { readFacts } from '../log/facts.ts';
import type { Manager } from '../connection/orm.ts';

/** An aggregate as it stands, and the policy it has pinned. */
export interface AggregateSnapshot {
  readonly id: AggregateId;
  readonly state: unknown;
  readonly appeals: readonly AggregateRow[];
  readonly policy: PolicyValues;
  readonly policyDigest: string;
  /** Person or seller id of whoever asks. */
  readonly who: string;
}

/**
 * What a command would come to now: the rules decide with facts that are read without a lock and kept nowhere. The answer is
 * for enabled buttons and for "what if nobody answers"; the log asks again when it counts.
 */
export async function tryOut(em: Manager, { id, state, appeals, policy, who }: AggregateSnapshot, command: Command): Promise<Outcome> {
  const rules = rulesOf(kindOf(id));
  if (rules.isFinal(state))
    return kindOf(id) === AggregateKind.case ? afterTheSeal(em, state as CaseState, command, appeals, policy) : refuse('is-final');
  const summary = rules.summary(state);
  const caseId = summary.about ?? id;
  const facts = await readFacts(em, rules.questions(state, command, policy), command, { summary, caseId, peek: { who } }, policy);
  return rules.decide(state, command, facts);
}

async function afterTheSeal(em: Manager, state: CaseState, command: Command, rows: readonly AggregateRow[], policy: PolicyValues): Promise<Outcome> {
  const now = standWith(rows, state, policy);
  const said = afterSeal(state, command as CaseCommand, policy, now, (await contestEnd(em, now, state, policy)).at);
  if ('refused' in said) return said;
  const opened: Event = { type: 'AppealOpened', cause: { command: command.id } };
  return { events: [opened] };
}

/** Until when the seller of a sealed case may contest; undefined where nothing restricts it. */
export async function contestUntil(em: Manager, state: CaseState, rows: readonly AggregateRow[], policy: PolicyValues): Promise<Instant | undefined> {
  const now = standWith(rows, state, policy);
  return now.isRestricted ? (await contestEnd(em, now, state, policy)).at : undefined;
}
