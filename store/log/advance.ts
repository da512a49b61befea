import type { Command, Deadline, NextSteps } from '../../domain/aggregate.ts';
import { Capacity } from '../../domain/aggregate.ts';
import type { EffectResult } from '../../domain/effects.ts';
import type { AggregateId } from '../../domain/ids.ts';
import { kindOf } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';
import { type Next, next } from '../../domain/next-item.ts';
import { rulesOf } from '../../domain/registry.ts';
import { answerAfterSeal } from './after-closure.ts';
import type { Chain } from './chain-model.ts';
import { decideOn, loadChain, saveChain, type Unread } from './chain.ts';
import type { CommandResult } from '../schema/entities/log.ts';
import { InboxRow } from '../schema/entities/log.ts';
import { DeadlineFault, isTransient, LogBehind, MessageFault, UnsavedSteps } from './faults.ts';
import type { LogContext } from './context.ts';
import { lockAggregate } from './locks.ts';
import { type Manager, work } from '../connection/orm.ts';

/** At most so many decisions in one transaction; `more` says that others wait. */
const STEPS_PER_CALL = 100;

/** The outcome of an effect on its way into the log. */
export interface EffectOutcome {
  readonly key: string;
  readonly try: number;
  readonly result: EffectResult;
}

export interface AdvanceRequest {
  readonly id: AggregateId;
  /** The number the caller has seen; a head behind it means that a restore went wrong. */
  readonly n: number;
  readonly outcomes?: readonly EffectOutcome[];
}

export interface Advanced {
  readonly standing: NextSteps;
  readonly more?: true;
}

type Arrived = EffectOutcome & { readonly id: string; readonly arrivedAt: Instant };

/**
 * Moves one aggregate's log: takes what is next, in order of instant, until nothing is left, in one transaction under the
 * aggregate's lock (design.md section 2.2). A message whose rule or row faults is answered `fault` in a transaction of its own and
 * the rest goes on. Throws `DeadlineFault` when a deadline or an outcome faults (back off, never drop), `LogBehind`.
 */
export async function advance(context: LogContext, request: AdvanceRequest): Promise<Advanced> {
  let steps = STEPS_PER_CALL;
  for (let round = 0; ; round++) {
    try {
      const moved = await work(context.store).transactional((em) => advanceLocked(em as Manager, context, request, steps));
      const { standing, isDone, hasOutcomes } = moved;
      if (isDone) return { standing };
      // Whoever brought an outcome does not bring it again: it goes in with this call, however much comes before it.
      const goesOn = hasOutcomes || steps === 1;
      if (!goesOn || round > STEPS_PER_CALL) return { standing, more: true };
    } catch (error) {
      // The database refused what many steps wrote: taken one by one, only the step at fault stands out.
      if (error instanceof UnsavedSteps) steps = 1;
      else if (error instanceof MessageFault && !isTransient(error.cause) && round <= STEPS_PER_CALL) await answerFault(context, request.id, error);
      else throw error;
    }
  }
}

interface Moved {
  readonly standing: NextSteps;
  /** Whether nothing that can be decided now is left. */
  readonly isDone: boolean;
  readonly hasOutcomes: boolean;
}

async function advanceLocked(em: Manager, context: LogContext, request: AdvanceRequest, steps: number): Promise<Moved> {
  await lockAggregate(em, request.id);
  const { chain, unread: all } = await loadChain(em, request.id, STEPS_PER_CALL + 1);
  if (chain.n < request.n) throw new LogBehind(request.id, request.n, chain.n);
  const before = chain.n;
  const rules = rulesOf(kindOf(chain.id));
  let unread = all;
  let outcomes = arrivals(request, context.clock.now());
  const comingNow = () => (rules.isFinal(chain.state) ? undefined : next(rules.deadline(chain.state), unread, outcomes, context.clock.now()));
  let last: Coming | undefined;
  for (let step = 0; step < steps; step++) {
    const coming = comingNow();
    if (coming === undefined) break;
    last = coming;
    unread = unread.filter((message) => coming.kind !== 'message' || message !== coming.message);
    outcomes = outcomes.filter((outcome) => coming.kind !== 'outcome' || outcome !== coming.outcome);
    await decide(em, context, chain, coming);
  }
  if (chain.n > before && last !== undefined) await saveSteps(em, chain, before, last);
  if (rules.isFinal(chain.state)) await answerAll(em, context, chain, unread);
  return { standing: nextStepsOf(chain), isDone: comingNow() === undefined, hasOutcomes: outcomes.length > 0 };
}

type Coming = Next<Unread, Arrived>;

async function decide(em: Manager, context: LogContext, chain: Chain, coming: Coming): Promise<void> {
  switch (coming.kind) {
    case 'message':
      return onMessage(em, context, chain, coming.message);
    case 'outcome':
      return onOutcome(em, context, chain, coming.outcome);
    case 'deadline':
      return onDeadline(em, context, chain, coming.deadline);
  }
}

/** What the database refuses is the fault of the one step that wrote it, or of one among many. */
async function saveSteps(em: Manager, chain: Chain, before: number, last: Coming): Promise<void> {
  try {
    await saveChain(em, chain);
  } catch (error) {
    if (isTransient(error)) throw error;
    if (chain.n > before + 1) throw new UnsavedSteps(error);
    if (last.kind === 'message') throw new MessageFault(last.message.id, error);
    throw new DeadlineFault(`${last.kind} of ${chain.id}`, error);
  }
}

function arrivals(request: AdvanceRequest, now: Instant): readonly Arrived[] {
  return (request.outcomes ?? []).map((outcome) => ({ ...outcome, id: `${outcome.key}@${outcome.try}`, arrivedAt: now }));
}

async function onMessage(em: Manager, context: LogContext, chain: Chain, message: Unread): Promise<void> {
  try {
    const command = { ...message.content, id: message.id, at: message.receivedAt } as Command;
    const answer = await decideOn(em, context, chain, command);
    chain.answers.push({ id: message.id, answer, at: context.clock.now() });
  } catch (error) {
    throw new MessageFault(message.id, error);
  }
}

async function onOutcome(em: Manager, context: LogContext, chain: Chain, outcome: Arrived): Promise<void> {
  const { key, result } = outcome;
  const command = {
    id: outcome.id,
    at: outcome.arrivedAt,
    by: { capacity: Capacity.engine },
    kind: 'recordEffectResult',
    key,
    try: outcome.try,
    result,
  };
  // Level-triggered: what is not owed (any more) has its outcome in the log already, or the case went another way.
  const isOwed = rulesOf(kindOf(chain.id))
    .effects(chain.state)
    .some((effect) => effect.key === key && effect.try === outcome.try);
  if (!isOwed) return;
  try {
    await decideOn(em, context, chain, command as Command);
  } catch (error) {
    throw new DeadlineFault(`outcome ${outcome.id} of ${chain.id}`, error);
  }
}

async function onDeadline(em: Manager, context: LogContext, chain: Chain, deadline: Deadline): Promise<void> {
  const rules = rulesOf(kindOf(chain.id));
  const what = `deadline ${deadline.rule}@${deadline.at} of ${chain.id}`;
  try {
    await decideOn(em, context, chain, rules.onDeadline(deadline));
  } catch (error) {
    throw new DeadlineFault(what, error);
  }
  const after = rules.deadline(chain.state);
  if (after !== undefined && after.at === deadline.at && after.rule === deadline.rule) {
    throw new DeadlineFault(what, new Error('the deadline did not move after its decision'));
  }
}

/** Messages to a final aggregate are answered without touching its chain: refused, or they open an appeal, one after the other. */
async function answerAll(em: Manager, context: LogContext, chain: Chain, unread: readonly Unread[]): Promise<void> {
  for (const message of unread) {
    try {
      const command = { ...message.content, id: message.id, at: message.receivedAt } as Command;
      const answer = await answerAfterSeal(em, context, chain, command);
      if (answer === undefined) return;
      await answerRow(em, message.id, answer, context.clock.now());
    } catch (error) {
      throw new MessageFault(message.id, error);
    }
  }
}

/** Writes the answer that the sender can read for ever. */
export async function answerRow(em: Manager, id: string, answer: CommandResult, at: Instant): Promise<void> {
  await em.nativeUpdate(InboxRow, { id, answer: null }, { answer, answeredAt: at });
}

async function answerFault(context: LogContext, id: AggregateId, fault: MessageFault): Promise<void> {
  await work(context.store).transactional(async (em) => {
    await lockAggregate(em as Manager, id);
    await answerRow(em as Manager, fault.messageId, { kind: 'fault', message: fault.message }, context.clock.now());
  });
}

/** What the workflow acts on. */
export function nextStepsOf(chain: Chain): NextSteps {
  const rules = rulesOf(kindOf(chain.id));
  const due = rules.deadline(chain.state);
  const owes = rules.effects(chain.state).map(({ key, try: attempt, kind }) => ({ key, try: attempt, kind }));
  return { n: chain.n, owes, ...(due !== undefined && { due }), ...(rules.isFinal(chain.state) && { final: true as const }) };
}
