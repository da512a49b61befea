import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AggregateId } from '../../domain/ids.ts';
import { plusMs } from '../../domain/instant.ts';
import { rulesOf } from '../../domain/registry.ts';
import { redecide, verifyChain } from '../../domain/verify-decisions.ts';
import { AggregateRow, DecisionRow, InboxRow } from '../../store/schema/entities/log.ts';
import { PolicyRow } from '../../store/schema/entities/register.ts';
import { advance } from '../../store/log/advance.ts';
import { DeadlineFault, LogBehind } from '../../store/log/faults.ts';
import { type Manager, work } from '../../store/connection/orm.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import {
  accept,
  acceptIn,
  answerTo,
  move,
  OFFICER,
  open,
  openWithoutSeller,
  reviewer,
  settle,
  until,
  verdict,
  VERSION,
  writePeople,
} from './support.ts';

let db: TestDatabase;
let owner: Client;
let id: AggregateId;
let count = 0;
const em = () => work(db.store) as Manager;

beforeAll(async () => {
  db = await testDatabase();
  await writePeople(db);
  owner = new Client({ connectionString: db.url });
  await owner.connect();
});
beforeEach(async () => {
  count += 1;
  id = await open(db, { listing: `m:${count}`, seller: `S-${count}` });
  db.clock.pass(60_000);
});
afterAll(async () => {
  await owner?.end();
  await db?.close();
});

/** A version that joins: the smallest message a case takes any number of. */
const joins = (version: number) => ({ kind: 'joinVersion', version: String(version).padStart(64, '0') });
const detector = { capacity: 'detector' } as const;

async function decisions(): Promise<readonly DecisionRow[]> {
  return em().find(DecisionRow, { aggregate: id }, { orderBy: { n: 'asc' } });
}

/** The chain holds, its numbers have no gap and every decision comes out the same again. */
async function expectWhole(): Promise<void> {
  const rows = await decisions();
  expect(rows.map((row) => row.n)).toEqual(rows.map((_, index) => index + 1));
  const stored = rows.map(({ envelope, hash }) => ({ decision: envelope, hash }));
  expect(verifyChain(stored).filter((check) => !check.ok)).toEqual([]);
  const policies = Object.fromEntries((await em().find(PolicyRow, {})).map((row) => [row.digest, row.document]));
  expect(redecide(stored, policies).filter((check) => !check.ok)).toEqual([]);
  const row = await em().findOneOrFail(AggregateRow, { id });
  expect([row.n, row.head]).toEqual([rows.length, rows.at(-1)?.hash]);
}

describe('advance, many at once', () => {
  it('decides twenty messages that arrive and are asked for at once, each once and in order of instant', async () => {
    const ids = Array.from({ length: 20 }, (_, index) => `many:${String(index).padStart(2, '0')}`);
    await Promise.all(
      ids.map(async (message, index) => {
        await accept(db, id, message, joins(index), detector);
        await move(db, id, 1);
      }),
    );
    expect((await move(db, id)).standing.n).toBe(21);
    for (const message of ids) expect(await answerTo(db, message)).toMatchObject({ kind: 'done', events: ['VersionJoined'] });
    const rows = await decisions();
    expect(
      rows
        .slice(1)
        .map((row) => row.command)
        .sort(),
    ).toEqual(ids);
    await expectWhole();
  });

  it('decides messages of one instant in order of their ids', async () => {
    for (const message of ['c', 'a', 'b']) await accept(db, id, `${message}:${count}`, joins(message.charCodeAt(0)), detector);
    await move(db, id);
    expect((await decisions()).slice(1).map((row) => row.command)).toEqual([`a:${count}`, `b:${count}`, `c:${count}`]);
  });

  it('records one outcome of one try once, however often it comes', async () => {
    await accept(db, id, `confirm:${count}`, verdict('counterfeit'));
    await move(db, id);
    const outcome = {
      key: `takedown:confirm:${count}`,
      try: 1,
      result: { kind: 'removed' as const, at: db.clock.now(), version: VERSION, orders: 0 },
    };
    const all = await Promise.all(Array.from({ length: 10 }, () => advance(db.context, { id, n: 1, outcomes: [outcome] })));
    expect(new Set(all.map(({ standing }) => standing.n))).toEqual(new Set([3]));
    await expectWhole();
  });
});

describe('at most a hundred decisions a call', () => {
  it('says that there is more, and goes on where it stopped', async () => {
    await em().transactional(async (tx) => {
      for (let index = 0; index < 130; index++) await acceptIn(tx as Manager, db, id, `bulk:${index}`, joins(index), detector);
    });
    const first = await move(db, id);
    expect(first).toMatchObject({ standing: { n: 101 }, more: true });
    const second = await move(db, id, 101);
    expect(second.standing.n).toBe(131);
    expect(second.more).toBeUndefined();
    await expectWhole();
  });

  it('does not lose the outcome that came with the call behind a hundred messages', async () => {
    await accept(db, id, `confirm:${count}`, verdict('counterfeit'));
    await move(db, id);
    await em().transactional(async (tx) => {
      for (let index = 0; index < 100; index++) await acceptIn(tx as Manager, db, id, `late:${index}`, joins(index), detector);
    });
    db.clock.pass(1_000);
    const result = { kind: 'removed' as const, at: db.clock.now(), version: VERSION, orders: 0 };
    const outcomes = [{ key: `takedown:confirm:${count}`, try: 1, result }];
    const { standing, more } = await advance(db.context, { id, n: 2, outcomes });
    expect([standing.n, standing.final, more]).toEqual([103, true, undefined]);
    await expectWhole();
  });
});

describe('a message that faults', () => {
  it('is answered `fault` when its rule throws; the others are decided', async () => {
    await accept(db, id, `before:${count}`, joins(1), detector);
    await accept(db, id, `broken:${count}`, joins(3), detector);
    await accept(db, id, `nonsense:${count}`, { kind: 'no-such-command' });
    await accept(db, id, `odd:${count}`, { kind: 'extendWindow', length: null }, { capacity: 'account-manager', person: 'officer' });
    await accept(db, id, `zafter:${count}`, joins(2), detector);
    const { decide: real } = rulesOf('case');
    const decide = vi.spyOn(rulesOf('case'), 'decide').mockImplementation((state, command, facts) => {
      if (command.id.startsWith('broken')) throw new TypeError('the rule is wrong');
      return real(state, command, facts);
    });
    await move(db, id);
    decide.mockRestore();
    expect(await answerTo(db, `broken:${count}`)).toEqual({
      kind: 'fault',
      message: `message broken:${count} could not be decided: the rule is wrong`,
    });
    expect(await answerTo(db, `nonsense:${count}`)).toMatchObject({ kind: 'fault' });
    expect(await answerTo(db, `odd:${count}`)).toMatchObject({ kind: 'fault' });
    for (const message of ['before', 'zafter']) expect(await answerTo(db, `${message}:${count}`)).toMatchObject({ kind: 'done' });
    await expectWhole();
  });

  it('is answered `fault` when PostgreSQL refuses what follows from it; the others are decided', async () => {
    const seller = 'S'.repeat(400);
    id = await openWithoutSeller(db, { listing: `m:no-seller-${count}` });
    await accept(db, id, `before:${count}`, joins(1), detector);
    await accept(db, id, `long:${count}`, { kind: 'identifySeller' }, OFFICER, { seller });
    await accept(db, id, `zafter:${count}`, joins(2), detector);
    for (let seen = await move(db, id); seen.more === true; ) seen = await move(db, id);
    expect(await answerTo(db, `long:${count}`)).toMatchObject({ kind: 'fault', message: expect.stringContaining('too long') });
    for (const message of ['before', 'zafter']) expect(await answerTo(db, `${message}:${count}`)).toMatchObject({ kind: 'done' });
    await expectWhole();
  });
});

describe('a deadline that faults', () => {
  it('is never dropped: it throws, nothing is stored, and it is decided once the rule is mended', async () => {
    const { due } = (await move(db, id)).standing;
    if (due === undefined) throw new Error('no deadline');
    db.clock.moveTo(plusMs(due.at, 1));
    const decide = vi.spyOn(rulesOf('case'), 'decide').mockImplementation(() => {
      throw new TypeError('the rule is wrong');
    });
    for (let round = 0; round < 3; round++) await expect(move(db, id)).rejects.toBeInstanceOf(DeadlineFault);
    decide.mockReturnValue({ events: [] });
    await expect(move(db, id)).rejects.toThrow('did not move');
    decide.mockRestore();
    expect(await decisions()).toHaveLength(1);
    expect((await move(db, id)).standing.n).toBe(2);
    await expectWhole();
  });

  it('an outcome that faults is not dropped either', async () => {
    await accept(db, id, `confirm:${count}`, verdict('counterfeit'));
    await move(db, id);
    const decide = vi.spyOn(rulesOf('case'), 'decide').mockImplementation(() => {
      throw new TypeError('the rule is wrong');
    });
    await expect(settle(db, id)).rejects.toBeInstanceOf(DeadlineFault);
    decide.mockRestore();
    expect((await settle(db, id)).standing).toMatchObject({ n: 3, final: true });
  });
});

describe('a caller that has seen more than the log holds', () => {
  it('is told that the log is behind, and nothing is decided', async () => {
    await accept(db, id, `waiting:${count}`, joins(1), detector);
    await expect(move(db, id, 7)).rejects.toBeInstanceOf(LogBehind);
    expect(await answerTo(db, `waiting:${count}`)).toBeUndefined();
    expect((await move(db, id, 1)).standing.n).toBe(2);
  });
});

describe('the order of acceptance', () => {
  it('a message accepted before the due instant and committed after it still wins over the deadline', async () => {
    const { due } = (await move(db, id)).standing;
    if (due === undefined) throw new Error('no deadline');
    db.clock.moveTo(due.at);
    const [isAccepted, mayCommit] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const sending = em().transactional(async (tx) => {
      await acceptIn(tx as Manager, db, id, `last-minute:${count}`, verdict('genuine'), reviewer('org-a'));
      isAccepted.resolve();
      await mayCommit.promise;
    });
    await isAccepted.promise;
    db.clock.pass(3_600_000);
    const advancing = move(db, id, 1);
    await until(
      async () => (await owner.query("select from pg_locks where locktype = 'advisory' and not granted")).rowCount === 1,
      'the log to wait for the sender',
    );
    mayCommit.resolve();
    await sending;
    expect((await advancing).standing.final).toBe(true);
    expect((await decisions()).map((row) => row.envelope.command.kind)).toEqual(['openCase', 'recordVerdict']);
    const row = await em().findOneOrFail(InboxRow, { id: `last-minute:${count}` });
    expect([row.receivedAt, row.answer?.kind]).toEqual([due.at, 'done']);
  });

  it('a message of the millisecond after the due instant comes after the deadline', async () => {
    const { due } = (await move(db, id)).standing;
    if (due === undefined) throw new Error('no deadline');
    db.clock.moveTo(plusMs(due.at, 1));
    await accept(db, id, `past-due:${count}`, verdict('counterfeit'));
    await move(db, id);
    expect((await decisions()).map((row) => row.envelope.command.kind)).toEqual(['openCase', 'passDeadline', 'recordVerdict']);
  });

  it('senders do not wait for each other', async () => {
    await em().transactional(async (tx) => {
      await acceptIn(tx as Manager, db, id, `slow:${count}`, joins(1), detector);
      await accept(db, id, `quick:${count}`, joins(2), detector);
    });
    expect((await move(db, id)).standing.n).toBe(3);
  });
});
