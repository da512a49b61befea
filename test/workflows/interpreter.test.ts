import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { fetchHistory } from '../../bench/history-cost.ts';
import { instantOf } from '../../domain/instant.ts';
import { FakeAggregate, FakeLog, gate } from '../support/fake-log.ts';
import { type InterpreterEnv, interpreterEnv } from '../support/interpreter-env.ts';
import { until } from '../support/real-time.ts';

const TAKEDOWN = { key: 'takedown:v1', try: 1, kind: 'takedown' } as const;
const FAR = { at: instantOf(Date.parse('2999-01-01T00:00:00Z')), rule: 'far' };

/** Owes the takedown after `verdict`, nothing after `cancel`, and is final after the takedown or `close`. */
function decide(command: string) {
  if (command.startsWith('verdict')) return { owes: [TAKEDOWN] };
  if (command === 'cancel') return { owes: [] };
  if (command === 'close' || command === 'takedown:v1@1') return { owes: [], due: 'none', final: true } as const;
  return {};
}

let env: InterpreterEnv;
let log: FakeLog;
let stopWorkers: () => Promise<void>;

beforeAll(async () => {
  env = await interpreterEnv();
});
afterAll(() => env?.stop());
afterEach(() => stopWorkers?.());

async function begin(
  name: string,
  input: Parameters<InterpreterEnv['start']>[1] = {},
  first: { owes: []; due?: typeof FAR } = { owes: [], due: FAR },
) {
  log = new FakeLog();
  const aggregate = log.add(new FakeAggregate(name, first, decide));
  stopWorkers = await env.startWorkers(log);
  await env.start(aggregate, input);
  return aggregate;
}

/** Sends a tick and waits until the log has been asked because of it or of something later. */
async function poke(aggregate: FakeAggregate) {
  const before = aggregate.asks;
  await env.tick(aggregate);
  await until(async () => aggregate.asks > before, 'the log to be asked');
}

describe('an effect that is owed', () => {
  it('runs once although the workflow is woken many times while it runs', async () => {
    const aggregate = await begin('owed-once');
    const done = gate();
    aggregate.perform = () => done.opened;
    await env.send(aggregate, 'verdict');
    await until(async () => aggregate.attempts.length > 0, 'the effect to start');
    for (let i = 0; i < 10; i++) await poke(aggregate);
    done.open();
    await env.closed(aggregate);
    expect(aggregate.attempts).toEqual(['takedown:v1@1']);
    expect(aggregate.decisions).toEqual(['verdict', 'takedown:v1@1']);
  });

  it('is cancelled when it is no longer owed, and the case goes on', async () => {
    const aggregate = await begin('cancelled');
    const never = gate();
    aggregate.perform = () => never.opened;
    await env.send(aggregate, 'verdict');
    await until(async () => aggregate.attempts.length > 0, 'the effect to start');
    await env.send(aggregate, 'cancel');
    await until(async () => aggregate.cancelled.length > 0, 'the effect to be cancelled');
    never.open();
    await env.send(aggregate, 'close');
    await env.closed(aggregate);
    expect(aggregate.decisions).toEqual(['verdict', 'cancel', 'close']);
    expect(aggregate.attempts).toEqual(['takedown:v1@1']);
  });

  it('is tried again by the server when its activity fails, under the same key', async () => {
    const aggregate = await begin('failing');
    aggregate.perform = async (_request, attempt) => {
      if (attempt < 3) throw new Error('our own store is away');
    };
    await env.send(aggregate, 'verdict');
    await env.closed(aggregate);
    expect(aggregate.attempts).toEqual(['takedown:v1@1', 'takedown:v1@1', 'takedown:v1@1']);
    expect(aggregate.decisions).toEqual(['verdict', 'takedown:v1@1']);
  });

  it('has one outcome although its activity died after bringing it', async () => {
    const aggregate = await begin('twice');
    aggregate.perform = async (_request, attempt) => {
      if (attempt > 1) return;
      aggregate.take('takedown:v1@1');
      throw new Error('the worker died after its transaction');
    };
    await env.send(aggregate, 'verdict');
    await env.closed(aggregate);
    expect(aggregate.decisions).toEqual(['verdict', 'takedown:v1@1']);
  });
});

describe('a deadline that cannot be decided', () => {
  it('is asked for again with a growing pause, and passes once the log can', async () => {
    log = new FakeLog();
    const due = { at: instantOf(Date.now()), rule: 'lapse' };
    const aggregate = log.add(new FakeAggregate('faulty', { owes: [], due }, () => ({ due: 'none', final: true })));
    aggregate.faults = 4;
    stopWorkers = await env.startWorkers(log);
    await env.start(aggregate);
    await env.closed(aggregate);
    expect(aggregate.decisions).toEqual([`lapse@${due.at}`]);
    expect(aggregate.asks).toBe(5);
    const { events } = await fetchHistory(env.client, aggregate.id);
    const pauses = (events ?? []).flatMap((event) => {
      const timeout = event.timerStartedEventAttributes?.startToFireTimeout;
      return timeout == null ? [] : [Number(timeout.seconds ?? 0) * 1_000 + (timeout.nanos ?? 0) / 1e6];
    });
    expect(pauses.slice(-4)).toEqual([250, 500, 1_000, 2_000]);
  });
});

describe('signals', () => {
  it('that came before the first task are not lost', async () => {
    log = new FakeLog();
    const aggregate = log.add(new FakeAggregate('early', { owes: [], due: FAR }, decide));
    await env.start(aggregate);
    for (const message of ['one', 'two', 'close']) await env.send(aggregate, message);
    stopWorkers = await env.startWorkers(log);
    await env.closed(aggregate);
    expect(aggregate.decisions).toEqual(['one', 'two', 'close']);
    expect(aggregate.asks).toBe(1);
  });

  it('that land while the last task is being completed are answered', async () => {
    const aggregate = await begin('late');
    aggregate.beforeAnswer = async () => {
      if (aggregate.inbox[0] !== 'close' || aggregate.asks > 1) return;
      // Right behind what this ask will take, as if it had been accepted while the task was being completed.
      aggregate.take(aggregate.inbox.shift() ?? '');
      await env.send(aggregate, 'too late');
      aggregate.inbox.length = 0;
      lost.push('too late');
    };
    const lost: string[] = [];
    await env.send(aggregate, 'close');
    await until(async () => lost.length > 0, 'the late message to be sent');
    aggregate.inbox.push(...lost);
    await env.closed(aggregate);
    expect(aggregate.decisions).toEqual(['close']);
    expect(aggregate.answered).toEqual(['too late']);
  });

  it('many at once are one question to the log or few', async () => {
    const aggregate = await begin('many');
    const messages = Array.from({ length: 20 }, (_, at) => `message ${at}`);
    await Promise.all(messages.map((message) => env.send(aggregate, message)));
    await until(async () => aggregate.decisions.length === 20, 'all messages to be decided');
    await env.send(aggregate, 'close');
    await env.closed(aggregate);
    expect(new Set(aggregate.decisions)).toEqual(new Set([...messages, 'close']));
    expect(aggregate.asks).toBeLessThan(21);
  });
});

it('many executions in one worker share nothing', async () => {
  log = new FakeLog();
  const all = Array.from({ length: 20 }, (_, at) => {
    const own = { key: `takedown:${at}`, try: 1, kind: 'takedown' };
    return log.add(
      new FakeAggregate(`own-${at}`, { owes: [], due: FAR }, (command) =>
        command === 'go' ? { owes: [own] } : { owes: [], due: 'none', final: true },
      ),
    );
  });
  stopWorkers = await env.startWorkers(log);
  await Promise.all(all.map((aggregate) => env.start(aggregate)));
  await Promise.all(all.map((aggregate) => env.send(aggregate, 'go')));
  await Promise.all(all.map((aggregate) => env.closed(aggregate)));
  expect(all.map(({ decisions }) => decisions)).toEqual(all.map((_, at) => ['go', `takedown:${at}@1`]));
  expect(all.flatMap(({ attempts }) => attempts)).toEqual(all.map((_, at) => `takedown:${at}@1`));
});
