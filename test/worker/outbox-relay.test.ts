import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openingOf, REVIEWER } from '../../bench/stage-data.ts';
import { Capacity } from '../../domain/aggregate.ts';
import type { AggregateId } from '../../domain/ids.ts';
import { OutboxRow, OutboxState } from '../../store/schema/entities/outbox.ts';
import { acceptMessage } from '../../store/log/inbox.ts';
import { advance } from '../../store/log/advance.ts';
import { openCases, salt } from '../../store/log/open-cases.ts';
import { type Manager, work } from '../../store/connection/orm.ts';
import type { DispatcherDeps } from '../../worker/dispatcher-deps.ts';
import { Dispatcher } from '../../worker/dispatcher.ts';
import { relayDueMessages } from '../../worker/outbox-relay.ts';
import { writePeople } from '../store/support.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db?.close());

/** A dispatcher whose workflows are only noted. `onStart` runs inside the start of an aggregate. */
function dispatcher(onStart: (id: string) => Promise<void> = async () => {}) {
  const letters: string[] = [];
  const ticked: string[] = [];
  const signalled: string[] = [];
  const workflows: DispatcherDeps['workflows'] = {
    start: ({ id }) => onStart(id),
    startNotification: async (id) => void letters.push(id),
    signal: async (_, { id }) => void signalled.push(id),
    tick: async (id) => void ticked.push(id),
    revive: async () => false,
  };
  const { store, clock, context } = db;
  const deps: DispatcherDeps = { store, clock, context, workflows, log: pino({ level: 'silent' }), intake: async () => {}, sendsMail: true };
  return { deps, letters, ticked, signalled };
}

async function open(number: number): Promise<string> {
  const [opened] = await openCases(db.context, [openingOf(number)]);
  if (opened === undefined) throw new Error('nothing opened');
  return opened.id;
}

async function say(aggregate: string, id: string, isSignalled = true): Promise<void> {
  const who = salt(REVIEWER);
  const content = { by: { capacity: Capacity.rightsHolder, person: who.salted }, kind: 'recordVerdict' };
  await work(db.store).transactional((em) =>
    acceptMessage(em as Manager, db.clock, { id, aggregate, sender: 'test', content, fingerprint: id, disclosures: [who.disclosure], isSignalled }),
  );
}

/** The case's question, as it would stand if the case had been answered since: its mark is no longer the state's. */
async function staleQuestion(aggregate: string, state: OutboxState): Promise<string> {
  const id = `${aggregate}/1/ask`;
  await work(db.store).nativeUpdate(OutboxRow, { id }, { state, dueAt: db.clock.now(), unless: 'asked:0', leasedUntil: 0 });
  return id;
}

const stateOf = async (id: string) => (await work(db.store).findOneOrFail(OutboxRow, { id })).state;

it('does not send what is not wanted any more', async () => {
  const id = await staleQuestion(await open(1), OutboxState.waiting);
  const { deps, letters } = dispatcher();
  await relayDueMessages(deps);
  expect(await stateOf(id)).toBe(OutboxState.unwanted);
  expect(letters).toEqual([]);
});

it('never calls unwanted what may have been sent by a dispatcher that died', async () => {
  const id = await staleQuestion(await open(2), OutboxState.sending);
  const { deps, letters } = dispatcher();
  await relayDueMessages(deps);
  expect(await stateOf(id)).toBe(OutboxState.sending);
  expect(letters).toHaveLength(1);
});

it('wakes a workflow whose message came in while it was being started', async () => {
  const aggregate = await open(3);
  const { deps, ticked } = dispatcher((id) => say(id, `during the start of ${id}`));
  await relayDueMessages(deps);
  expect(ticked).toEqual([aggregate]);
});

it('tells the start what is unread already, without another signal', async () => {
  const aggregate = await open(4);
  await say(aggregate, 'before the start');
  const { deps, ticked } = dispatcher();
  await relayDueMessages(deps);
  expect(ticked).toEqual([]);
});

it('leaves mail alone that it is not to send', async () => {
  const id = `${await open(5)}/1/ask`;
  await work(db.store).nativeUpdate(OutboxRow, { id }, { dueAt: db.clock.now() });
  const { deps, letters } = dispatcher();
  await relayDueMessages({ ...deps, sendsMail: false });
  expect(await stateOf(id)).toBe(OutboxState.waiting);
  expect(letters).toEqual([]);
});

describe('a case that is cancelled', () => {
  beforeAll(() => writePeople(db));
  const cancelled = async (aggregate: string) => {
    const who = salt('officer');
    const content = { by: { capacity: Capacity.governance, person: who.salted }, kind: 'cancelCase' };
    const id = `cancel ${aggregate}`;
    await work(db.store).transactional((em) =>
      acceptMessage(em as Manager, db.clock, { id, aggregate, sender: 'test', content, fingerprint: id.slice(0, 60), disclosures: [who.disclosure] }),
    );
    await advance(db.context, { id: aggregate as AggregateId, n: 0 });
    db.clock.pass(86_400_000);
    await relayDueMessages(dispatcher().deps);
    const [letter] = await work(db.store).find(OutboxRow, { aggregate, kind: 'cancelled' });
    return letter?.state;
  };

  it('before the brand was asked: the brand is not told of what it never heard of', async () => {
    const aggregate = await open(6);
    expect(await cancelled(aggregate)).toBe(OutboxState.unwanted);
    expect(await stateOf(`${aggregate}/1/ask`)).toBe(OutboxState.unwanted);
  });

  it.each([OutboxState.delivered, OutboxState.sending, OutboxState.possiblySent])(
    'after the question went out (%s): the brand is told',
    async (state) => {
      const aggregate = await open(7 + Object.values(OutboxState).indexOf(state));
      const id = `${aggregate}/1/ask`;
      await work(db.store).nativeUpdate(OutboxRow, { id }, { state, leasedUntil: Number.MAX_SAFE_INTEGER });
      expect(await cancelled(aggregate)).toBe(OutboxState.sending);
    },
  );

  it('nor is it told of an edit before it is asked: the question shows the listing as it is then', async () => {
    const aggregate = await open(20);
    const ask = await work(db.store).findOneOrFail(OutboxRow, { id: `${aggregate}/1/ask` });
    const edit = { ...ask, id: `${aggregate}/1/listing-edited`, kind: 'listing-edited', unless: null, dueAt: db.clock.now() };
    await work(db.store).insert(OutboxRow, edit);
    await relayDueMessages(dispatcher().deps);
    expect([await stateOf(edit.id), await stateOf(ask.id)]).toEqual([OutboxState.unwanted, OutboxState.waiting]);
  });
});

it('a message that nobody signals, as the outcome of a mail, is signalled at once; one whose sender does so is not', async () => {
  const { deps, signalled } = dispatcher();
  const aggregate = await open(90);
  await say(aggregate, 'by-its-sender');
  await say(aggregate, 'by-nobody', false);
  const own = new Dispatcher(deps);
  const afterARound = async () => {
    await own.round();
    return signalled;
  };
  await expect.poll(afterARound).toEqual(['by-nobody']);
  await own.stop();
});
