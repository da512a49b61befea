import { afterAll, beforeAll, expect, it } from 'vitest';
import { fetchHistory } from '../../bench/history-cost.ts';
import { type Instant, instantOf, plusMs } from '../../domain/instant.ts';
import { TIME_SKIPPING_FLAGS } from '../../embedded/temporal.ts';
import { FakeAggregate, FakeLog } from '../support/fake-log.ts';
import { type InterpreterEnv, interpreterEnv } from '../support/interpreter-env.ts';
import { SKIPS, skippingOf, timeSkippingClient } from '../support/time-skipping.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let env: InterpreterEnv;
beforeAll(async () => {
  env = await interpreterEnv(TIME_SKIPPING_FLAGS, timeSkippingClient);
});
afterAll(() => env?.stop());

/** Runs an aggregate that only waits, for one deadline after another. Nobody speaks to it: every ask is a timer that fired. */
async function runThrough(name: string, deadlines: readonly Instant[]): Promise<FakeAggregate> {
  const due = (at: number) => {
    const next = deadlines[at];
    return next === undefined ? undefined : { at: next, rule: `rule-${at}` };
  };
  const first = due(0);
  const log = new FakeLog();
  const aggregate = new FakeAggregate(name, { owes: [], ...(first && { due: first }) }, () => {
    const next = due(aggregate.decisions.length);
    return next === undefined ? { due: 'none', final: true } : { due: next };
  });
  // The log's clock stands where the workflow's is: just past what was waited for.
  log.now = ({ standing }) => plusMs(standing.due?.at ?? instantOf(0), 1);
  log.add(aggregate);
  const stop = await env.startWorkers(log);
  await env.start(aggregate);
  await env.closed(aggregate);
  await stop();
  return aggregate;
}

/** When the timers of an execution fired, by the server's (skipped) time. */
async function firedAt(id: string): Promise<readonly number[]> {
  const { events } = await fetchHistory(env.client, id);
  return (events ?? []).flatMap(({ timerFiredEventAttributes, eventTime }) =>
    timerFiredEventAttributes == null ? [] : [Number(eventTime?.seconds ?? 0) * 1_000 + (eventTime?.nanos ?? 0) / 1e6],
  );
}

it('real timers fire at the instants of the deadlines, one chain of them', async () => {
  const start = instantOf(Date.now());
  const deadlines = [plusMs(start, 72 * HOUR), plusMs(start, 102 * DAY), plusMs(start, 102 * DAY + 1), plusMs(start, 365 * DAY)];
  const { id, decisions, asks } = await runThrough('windows', deadlines);
  expect(decisions).toEqual(deadlines.map((at, n) => `rule-${n}@${at}`));
  const fired = await firedAt(id);
  expect(fired).toHaveLength(deadlines.length);
  expect(asks).toBe(deadlines.length);
  for (const [n, at] of deadlines.entries()) {
    // Never before the deadline has passed; and a timer of the wrong length would be off by hours.
    expect(fired[n]).toBeGreaterThan(Date.parse(at));
    expect(fired[n]).toBeLessThan(Date.parse(at) + HOUR);
  }
});

it('the server keeps skipping beyond its silent limit of 200', async () => {
  const start = instantOf(Date.now());
  const { id, decisions } = await runThrough(
    'many',
    Array.from({ length: 220 }, (_, day) => plusMs(start, (day + 1) * DAY)),
  );
  expect(decisions).toHaveLength(220);
  expect(await skippingOf(env.client, id)).toEqual({ enabled: true, most: SKIPS });
});
