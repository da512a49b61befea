import type { Client } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AnswerLine, type AnswerResult, feedAnswers } from '../../client/answer-file.ts';
import { CaseClient } from '../../client/case-client.ts';
import type { AggregateId } from '../../domain/ids.ts';
import { InboxRow } from '../../store/schema/entities/log.ts';
import { AliasRow } from '../../store/schema/entities/register.ts';
import { work } from '../../store/connection/orm.ts';
import { move, open, writePeople } from '../store/support.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

let db: TestDatabase;
/** What the signal does: the log's part of a worker, or what a test puts in its place. */
let onSignal: (id: AggregateId) => Promise<void>;
beforeAll(async () => {
  db = await testDatabase();
  await writePeople(db);
  await work(db.store).insert(AliasRow, { alias: 'BRAND A', organisation: 'org-a' });
});
afterAll(() => db.close());

function clientOf(waitMs = 5_000): CaseClient {
  const temporal = {
    connection: { withDeadline: (_: number, run: () => Promise<unknown>) => run() },
    workflow: { getHandle: (id: string) => ({ signal: () => onSignal(id as AggregateId) }) },
  } as unknown as Client;
  return new CaseClient({ store: db.store, clock: db.clock, temporal, waitMs });
}

const line = (n: number, listing: string, verdict: string, holder = 'org-a'): AnswerLine => ({
  line: n,
  row: { listing, holder, verdict, reasonCode: verdict === 'genuine' ? 'checked' : 'packaging' },
});

async function feed(lines: readonly AnswerLine[], client = clientOf()): Promise<readonly AnswerResult[]> {
  const told: AnswerResult[] = [];
  const senderOf = (_: unknown, key: string) => ({ as: 'reviewer:org-a', messageId: `answer:${key}` });
  await feedAnswers(client, lines, { senderOf, tell: (result) => told.push(result) });
  return told;
}

const statusOf = async (id: string) => {
  const [row] = await work(db.store).execute<{ status: string; n: number }[]>('select status, n from aggregate where id = ?', [id]);
  return row;
};

describe('a file of answers', () => {
  it('with two verdicts for one case: told by both lines, and neither is sent', async () => {
    onSignal = async (id) => void (await move(db, id));
    const [torn, whole] = [await open(db, { listing: 'm:torn' }), await open(db, { listing: 'm:whole' })];
    const told = await feed([
      line(2, 'm:torn', 'counterfeit'),
      line(3, 'm:whole', 'genuine'),
      // The same brand by its name, and a third line that says what the first one says.
      line(4, 'm:torn', 'genuine', 'Brand A'),
      line(7, 'm:torn', 'counterfeit'),
    ]);
    expect(told).toEqual([
      {
        lines: [2, 4, 7],
        wrong: expect.stringMatching(/m:torn.*counterfeit \(line 2\), genuine \(line 4\), counterfeit \(line 7\).*none of them is sent/),
      },
      { lines: [3], sent: expect.objectContaining({ kind: 'done', aggregate: whole }) },
    ]);
    expect(await statusOf(torn)).toEqual({ status: 'awaiting-confirmation', n: 1 });
    expect(await work(db.store).count(InboxRow, { aggregate: torn })).toBe(0);
  });

  it('with a verdict after one that could not tell: no contradiction, both are sent in the order of the lines', async () => {
    onSignal = async (id) => void (await move(db, id));
    await open(db, { listing: 'm:later' });
    const told = await feed([
      { line: 2, row: { listing: 'm:later', holder: 'org-a', verdict: 'cannot-tell', reasonCode: 'needs-sample' } },
      line(3, 'm:later', 'genuine'),
    ]);
    expect(told).toMatchObject([
      { lines: [2], sent: { kind: 'done', n: 2, events: ['VerdictGiven', 'MoreAsked'] } },
      { lines: [3], sent: { kind: 'done', n: 3 } },
    ]);
  });

  it('with one answer twice: it is decided once, in the order of the lines', async () => {
    onSignal = async (id) => void (await move(db, id));
    const id = await open(db, { listing: 'm:twice' });
    const told = await feed([line(2, 'm:twice', 'genuine'), line(3, 'm:twice', 'genuine')]);
    expect(told).toMatchObject([
      { lines: [2], sent: { kind: 'done', n: 2 } },
      { lines: [3], sent: { kind: 'done', n: 2 } },
    ]);
    expect(await work(db.store).count(InboxRow, { aggregate: id })).toBe(1);
  });

  it('is sent many lines at once: no line waits for the decision of another case', async () => {
    const lines: AnswerLine[] = [];
    for (let n = 0; n < 40; n += 1) {
      await open(db, { listing: `m:many-${n}` });
      lines.push(line(n + 2, `m:many-${n}`, 'genuine'));
    }
    // Nothing is decided until sixteen have come: one after the other would wait in vain at the first.
    let come = 0;
    let goOn = () => {};
    const together = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    onSignal = async (id) => {
      come += 1;
      if (come === 16) goOn();
      await together;
      await move(db, id);
    };
    const told = await feed(lines);
    expect(told.map((result) => 'sent' in result && result.sent.kind)).toEqual(lines.map(() => 'done'));
  });

  it('while nothing is decided: every line is accepted, and what is decided late is still told', async () => {
    const lines: AnswerLine[] = [];
    const ids: AggregateId[] = [];
    for (let n = 0; n < 100; n += 1) {
      ids.push(await open(db, { listing: `m:still-${n}` }));
      lines.push(line(n + 2, `m:still-${n}`, 'genuine'));
    }
    onSignal = async () => {};
    const waitMs = 700;
    const told = await feed(lines, clientOf(waitMs));
    expect(told.map((result) => 'sent' in result && result.sent.kind)).toEqual(lines.map(() => 'pending'));
    expect(await work(db.store).count(InboxRow, { aggregate: { $in: ids }, answer: null })).toBe(100);

    // The same file again, and the worker is back only after everything was handed in.
    let handedIn = 0;
    onSignal = async () => {
      handedIn += 1;
      if (handedIn === 100) void Promise.all(ids.map((id) => move(db, id)));
    };
    const again = await feed(lines, clientOf(waitMs));
    expect(again.map((result) => 'sent' in result && result.sent.kind)).toEqual(lines.map(() => 'done'));
  });

  it.each([
    ['verdict', { verdict: 'maybe' }, /verdict: "maybe" is not one of counterfeit/],
    ['basis', { verdict: 'genuine', basis: 'guess' }, /basis: "guess" is not one of/],
  ])('with a %s that is none: told, the rest is sent', async (name, more, words) => {
    onSignal = async (id) => void (await move(db, id));
    await open(db, { listing: `m:none-${name}` });
    const row = { listing: 'm:x', holder: 'org-a', reasonCode: 'checked', ...more };
    const told = await feed([{ line: 2, row }, line(3, `m:none-${name}`, 'genuine')]);
    expect(told).toMatchObject([
      { lines: [2], wrong: expect.stringMatching(words) },
      { lines: [3], sent: { kind: 'done' } },
    ]);
  });
});
