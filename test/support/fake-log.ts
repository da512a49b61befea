import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { AdvanceResult, CaseActivities, EffectRequest } from '../../workflows/contracts.ts';
import type { Deadline, NextSteps } from '../../domain/aggregate.ts';
import { AggregateKind, type AggregateId, aggregateId } from '../../domain/ids.ts';
import { type Instant, instantOf } from '../../domain/instant.ts';

type Owed = NextSteps['owes'][number];

/** What one decision changes of what an aggregate waits for and owes. */
export interface Change {
  readonly due?: Deadline | 'none';
  readonly owes?: readonly Owed[];
  readonly final?: true;
}

/** One aggregate of the fake log: how it stands, what it decided, and what its activities are to do. */
export class FakeAggregate {
  readonly id: AggregateId;
  readonly decisions: string[] = [];
  readonly answered: string[] = [];
  readonly inbox: string[] = [];
  /** Effects performed, by `key@try`, one entry for every attempt. */
  readonly attempts: string[] = [];
  readonly cancelled: string[] = [];
  asks = 0;
  /** Asks that are to fail with a deadline that cannot be decided. */
  faults = 0;
  standing: NextSteps;
  decide: (command: string) => Change;
  perform: (request: EffectRequest, attempt: number) => Promise<void> = async () => {};
  /** Runs inside every ask, before it is answered. */
  beforeAnswer: () => Promise<void> = async () => {};

  constructor(name: string, first: Omit<NextSteps, 'n'>, decide: (command: string) => Change) {
    this.id = aggregateId(AggregateKind.case, Buffer.from(name.padEnd(16, '.')).toString('hex').slice(0, 32));
    this.standing = { n: 1, ...first };
    this.decide = decide;
  }

  take(command: string): void {
    if (this.decisions.includes(command)) return;
    this.decisions.push(command);
    const { due = this.standing.due, owes = this.standing.owes, final } = this.decide(command);
    this.standing = { n: this.standing.n + 1, owes, ...(due !== undefined && due !== 'none' && { due }), ...(final && { final }) };
  }
}

/** A log in memory behind the activities that a workflow calls; it decides by script instead of by rule. */
export class FakeLog implements CaseActivities {
  readonly #aggregates = new Map<AggregateId, FakeAggregate>();
  /** What the log's clock shows; the latest instant that anybody has waited for when time is skipped. */
  now: (aggregate: FakeAggregate) => Instant = () => instantOf(Date.now());

  add(aggregate: FakeAggregate): FakeAggregate {
    this.#aggregates.set(aggregate.id, aggregate);
    return aggregate;
  }

  readonly advance = async ({ id }: { id: AggregateId; n: number }): Promise<AdvanceResult> => {
    const aggregate = this.#of(id);
    aggregate.asks += 1;
    await aggregate.beforeAnswer();
    for (const message of aggregate.inbox.splice(0)) {
      aggregate.answered.push(message);
      if (aggregate.standing.final !== true) aggregate.take(message);
    }
    const { due } = aggregate.standing;
    if (due !== undefined && this.now(aggregate) > due.at) {
      if (aggregate.faults > 0) {
        aggregate.faults -= 1;
        throw ApplicationFailure.nonRetryable('the deadline cannot be decided', 'DeadlineFault');
      }
      aggregate.take(`${due.rule}@${due.at}`);
    }
    return { standing: aggregate.standing };
  };

  readonly runEffect = async (request: EffectRequest): Promise<AdvanceResult> => {
    const aggregate = this.#of(request.id);
    const name = `${request.key}@${request.try}`;
    aggregate.attempts.push(name);
    const context = Context.current();
    context.cancellationSignal.addEventListener('abort', () => aggregate.cancelled.push(name));
    const beat = setInterval(() => context.heartbeat(), 100);
    try {
      await aggregate.perform(request, context.info.attempt);
    } finally {
      clearInterval(beat);
    }
    if (aggregate.standing.owes.some(({ key, try: attempt }) => key === request.key && attempt === request.try)) aggregate.take(name);
    return { standing: aggregate.standing };
  };

  #of(id: AggregateId): FakeAggregate {
    const found = this.#aggregates.get(id);
    if (found === undefined) throw ApplicationFailure.nonRetryable(`no ${id} here`);
    return found;
  }
}

/** A promise and the call that fulfils it. */
export function gate(): { readonly open: () => void; readonly opened: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { open: resolve, opened: promise };
}
