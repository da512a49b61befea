import { afterAll, beforeAll, expect, it } from 'vitest';
import { fetchHistory } from '../../bench/history-cost.ts';
import { instantOf } from '../../domain/instant.ts';
import { FakeAggregate, FakeLog } from '../support/fake-log.ts';
import { type InterpreterEnv, interpreterEnv } from '../support/interpreter-env.ts';
import { until } from '../support/real-time.ts';

const FAR = { at: instantOf(Date.parse('2999-01-01T00:00:00Z')), rule: 'far' };

let env: InterpreterEnv;
beforeAll(async () => {
  // The server suggests continue-as-new from the eighth event on: between any two messages of the stories below.
  env = await interpreterEnv(['--dynamic-config-value', 'limit.historyCount.suggestContinueAsNew=8']);
});
afterAll(() => env?.stop());

/** Every third message owes an effect; `close` ends it. */
function story(name: string): FakeAggregate {
  const aggregate: FakeAggregate = new FakeAggregate(name, { owes: [], due: FAR }, (command) => {
    if (command === 'close') return { owes: [], due: 'none', final: true };
    if (command.startsWith('takedown:')) return { owes: [] };
    const number = Number(command.split(' ')[1]);
    return number % 3 === 0 ? { owes: [{ key: `takedown:${number}`, try: 1, kind: 'takedown' }] } : {};
  });
  return aggregate;
}

function expected(count: number): readonly string[] {
  return [...Array.from({ length: count }, (_, n) => (n % 3 === 0 ? [`message ${n}`, `takedown:${n}@1`] : [`message ${n}`])).flat(), 'close'];
}

it('a story cut into many runs leaves the same log as in one', async () => {
  const log = new FakeLog();
  const aggregate = log.add(story('one by one'));
  const stop = await env.startWorkers(log);
  await env.start(aggregate);
  const first = await fetchHistory(env.client, aggregate.id);
  for (let n = 0; n < 12; n++) {
    await env.send(aggregate, `message ${n}`);
    await until(async () => aggregate.decisions.includes(n % 3 === 0 ? `takedown:${n}@1` : `message ${n}`), `message ${n} to be decided`);
  }
  await env.send(aggregate, 'close');
  await env.closed(aggregate);
  await stop();
  expect(aggregate.decisions).toEqual(expected(12));
  expect(aggregate.attempts).toEqual([0, 3, 6, 9].map((n) => `takedown:${n}@1`));
  const last = (await fetchHistory(env.client, aggregate.id)).events?.[0]?.workflowExecutionStartedEventAttributes;
  expect(last?.continuedExecutionRunId).toBeTruthy();
  expect(last?.continuedExecutionRunId).not.toBe(first.events?.[0]?.workflowExecutionStartedEventAttributes?.originalExecutionRunId);
});

it('signals that storm a workflow across its runs lose nothing', async () => {
  const log = new FakeLog();
  const aggregate = log.add(story('storm'));
  const stop = await env.startWorkers(log);
  await env.start(aggregate);
  const messages = Array.from({ length: 60 }, (_, n) => `message ${n * 3 + 1}`);
  // Two waves: whatever the first does to the history, the second finds it long enough to be cut.
  for (const wave of [messages.slice(0, 30), messages.slice(30)]) {
    await Promise.all(wave.map((message) => env.send(aggregate, message)));
    await until(async () => wave.every((message) => aggregate.decisions.includes(message)), 'all messages to be decided');
  }
  await env.send(aggregate, 'close');
  await env.closed(aggregate);
  await stop();
  expect(new Set(aggregate.decisions)).toEqual(new Set([...messages, 'close']));
  const last = (await fetchHistory(env.client, aggregate.id)).events?.[0]?.workflowExecutionStartedEventAttributes;
  expect(last?.continuedExecutionRunId).toBeTruthy();
});
