import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  defineSignal,
  isCancellation,
  log,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { NextSteps } from '../domain/aggregate.ts';
import { type AggregateInput, MESSAGE_SIGNAL, type MessageSignal, TICK_SIGNAL } from './contracts.ts';
import { advance, effects } from './proxies.ts';

const messageSignal = defineSignal<[MessageSignal]>(MESSAGE_SIGNAL);
const tickSignal = defineSignal(TICK_SIGNAL);

/** Backing off from a deadline or an outcome that the log cannot decide: 250 ms doubling to a minute. */
const BACKOFF_MS = 250;
const LONGEST_BACKOFF_MS = 60_000;

/** The instant is exclusive for messages: a deadline is due only when the clock is past it. */
const PAST_MS = 1;

/** What one run of the interpreter knows. */
interface Run {
  standing: NextSteps;
  isAsked: boolean;
  /** When the armed timer fires; the timer of a deadline that vanished is left running, it only wakes. */
  armedUntil: number;
  timer?: CancellationScope;
  faults: number;
  readonly input: AggregateInput;
  readonly running: Map<string, CancellationScope>;
}

/**
 * Drives any aggregate, level-triggered: woken by start, signal, timer or outcome it asks the log to advance, reconciles the
 * effects owed with those running, arms the one timer and waits, until final. No rule runs here: what is owed and when to
 * wake comes with the standing that the log returns, so that mending a rule never breaks a history.
 */
export async function interpret(input: AggregateInput): Promise<void> {
  const run: Run = { standing: input.standing, isAsked: input.ask === true, armedUntil: 0, faults: 0, input, running: new Map() };
  // Synchronous, before the first await: an early signal must not be lost.
  setHandler(messageSignal, () => wake(run));
  setHandler(tickSignal, () => wake(run));
  await CancellationScope.nonCancellable(() => drive(run));
}

async function drive(run: Run): Promise<void> {
  for (;;) {
    if (run.isAsked) await ask(run);
    reconcile(run);
    if (run.standing.final === true && run.running.size === 0 && !run.isAsked) return;
    if (workflowInfo().continueAsNewSuggested && run.running.size === 0 && !run.isAsked) {
      await condition(allHandlersFinished);
      await continueAsNew<(input: AggregateInput) => Promise<void>>({ ...withoutAsk(run.input), standing: run.standing });
    }
    if (!run.isAsked) arm(run);
    const seen = run.standing;
    const busy = run.running.size;
    await condition(() => run.isAsked || run.standing !== seen || run.running.size !== busy);
  }
}

function wake(run: Run): void {
  run.isAsked = true;
}

async function ask(run: Run): Promise<void> {
  run.isAsked = false;
  try {
    const advanced = await advance({ id: run.input.id, n: run.standing.n });
    take(run, advanced.standing);
    run.faults = isOverdue(run) && advanced.more !== true ? run.faults + 1 : 0;
    if (advanced.more === true) run.isAsked = true;
  } catch (error) {
    // Never dropped: the standing still shows the deadline as due, so the timer tries again after the backoff.
    run.faults += 1;
    log.error('the log did not advance', { error, faults: run.faults });
  }
}

/** The newest standing wins: outcomes and asks may return in another order than the log decided. */
function take(run: Run, standing: NextSteps): void {
  if (standing.n >= run.standing.n) run.standing = standing;
}

/** Cancels what is no longer owed, starts what is owed and not running. A key stays here until the state no longer owes it. */
function reconcile(run: Run): void {
  const owed = new Map(run.standing.owes.map((effect) => [`${effect.key}@${effect.try}`, effect]));
  for (const [id, scope] of run.running) {
    if (!owed.has(id)) scope.cancel();
  }
  for (const [id, effect] of owed) {
    if (run.running.has(id)) continue;
    const scope = new CancellationScope({ cancellable: true });
    run.running.set(id, scope);
    // The scope is the effect's own: cancelling it never touches the case.
    void scope.run(() => perform(run, id, effect));
  }
}

async function perform(run: Run, id: string, effect: NextSteps['owes'][number]): Promise<void> {
  try {
    const { standing } = await effects(run.input.heartbeatMs).runEffect({
      id: run.input.id,
      n: run.standing.n,
      key: effect.key,
      try: effect.try,
      kind: effect.kind,
    });
    take(run, standing);
  } catch (error) {
    if (!isCancellation(error)) log.error('an effect ended without an outcome', { error, effect: id });
    run.isAsked = true;
  } finally {
    run.running.delete(id);
  }
}

function arm(run: Run): void {
  const { due } = run.standing;
  if (due === undefined || run.input.isVirtual === true) return;
  const at = Date.parse(due.at) + PAST_MS;
  armFor(run, Math.max(at - Date.now(), isOverdue(run) ? backoff(run) : 0));
}

function armFor(run: Run, ms: number): void {
  const until = Date.now() + ms;
  if (run.timer !== undefined && run.armedUntil === until) return;
  run.timer?.cancel();
  run.armedUntil = until;
  const scope = new CancellationScope({ cancellable: true });
  run.timer = scope;
  void scope
    .run(() => sleep(ms))
    .then(() => {
      if (run.timer === scope) delete run.timer;
      wake(run);
    })
    .catch(ignoreCancellation);
}

function ignoreCancellation(error: unknown): void {
  if (!isCancellation(error)) throw error;
}

function isOverdue(run: Run): boolean {
  const { due } = run.standing;
  return due !== undefined && Date.parse(due.at) + PAST_MS <= Date.now();
}

function backoff(run: Run): number {
  return Math.min(BACKOFF_MS * 2 ** Math.max(0, run.faults - 1), LONGEST_BACKOFF_MS);
}

function withoutAsk(input: AggregateInput): AggregateInput {
  const { ask: _, ...rest } = input;
  return rest;
}
