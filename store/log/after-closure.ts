import { randomBytes } from 'node:crypto';
import type { Command } from '../../domain/aggregate.ts';
import { afterSeal, appealOpening, caseReference } from '../../domain/case/after-seal.ts';
import type { CaseCommand, CaseState } from '../../domain/case/model.ts';
import { AggregateKind, aggregateId, appealKey, kindOf } from '../../domain/ids.ts';
import { refuse } from '../../domain/refusals.ts';
import { standOfCase } from './case-after-appeals.ts';
import type { Chain } from './chain-model.ts';
import { contestEnd } from './contest-end.ts';
import { decideOn, newChain, saveChain } from './chain.ts';
import { type CommandResult, NaturalKeyRow } from '../schema/entities/log.ts';
import type { LogContext } from './context.ts';
import type { Manager } from '../connection/orm.ts';

/**
 * Answers a message to a final aggregate. A sealed case's message may open an appeal: its own chain, in this transaction,
 * one per cause. The sealed chain is not touched. Undefined: the message waits until an appeal before it has acted.
 */
export async function answerAfterSeal(em: Manager, context: LogContext, chain: Chain, command: Command): Promise<CommandResult | undefined> {
  if (kindOf(chain.id) !== AggregateKind.case) return { kind: 'refused', ...refuse('is-final').refused, aggregate: chain.id };
  // The chain is a case's: its state and the messages that are accepted for it are known by type.
  const state = chain.state as CaseState;
  const message = command as CaseCommand;
  const policy = await context.policies.values(em, state.policy ?? '');
  const now = await standOfCase(em, chain.id, state, policy);
  // What is being done to the listing is finished first: two acts at once would end in either order.
  if (now.isActing) return undefined;
  const said = afterSeal(state, message, policy, now, (await contestEnd(em, now, state, policy)).at);
  if ('refused' in said) return { kind: 'refused', ...said.refused, aggregate: chain.id };
  const key = appealKey(chain.id, said.opens, command.id);
  // Under the case's lock: nobody else opens it meanwhile.
  const known = await em.findOne(NaturalKeyRow, { key });
  if (known !== null) return { kind: 'done', aggregate: known.aggregate, n: 1, events: [] };
  const appeal = newChain(em, aggregateId(AggregateKind.appeal, randomBytes(16).toString('hex')), [key]);
  const answer = await decideOn(em, context, appeal, appealOpening(message, said.opens, caseReference(chain.id, chain.head, state, now, policy)));
  if (answer.kind === 'refused') return { ...answer, aggregate: chain.id };
  await saveChain(em, appeal);
  return answer;
}
