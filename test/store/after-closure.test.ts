import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Capacity } from '../../domain/aggregate.ts';
import type { CaseCommand } from '../../domain/case/model.ts';
import type { AggregateId } from '../../domain/ids.ts';
import { AggregateRow, type CommandResult, DecisionRow, NaturalKeyRow, SealRow } from '../../store/schema/entities/log.ts';
import { GroundRow, LedgerRow } from '../../store/schema/entities/projections.ts';
import { work } from '../../store/connection/orm.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import {
  accept,
  answerTo,
  move,
  OFFICER,
  open,
  openWithoutSeller,
  reviewer,
  SELLER,
  type Sending,
  sealedCase,
  settle,
  verdict,
  VERSION,
  writePeople,
} from './support.ts';

let db: TestDatabase;
let count = 0;
const em = () => work(db.store);

beforeAll(async () => {
  db = await testDatabase();
  await writePeople(db);
});
afterAll(() => db?.close());

/** Sends a message a minute later and gives its answer. */
async function send(
  id: AggregateId,
  content: Readonly<Record<string, unknown>>,
  from: Sending,
  hidden: Readonly<Record<string, string>> = {},
): Promise<CommandResult | undefined> {
  db.clock.pass(60_000);
  const message = `message:${++count}`;
  await accept(db, id, message, content, from, hidden);
  await move(db, id);
  return answerTo(db, message);
}

function appealOf(answer: CommandResult | undefined): AggregateId {
  if (answer?.kind !== 'done' || !answer.aggregate.startsWith('appeal:')) throw new Error(`no appeal: ${JSON.stringify(answer)}`);
  // The log gave it.
  return answer.aggregate as AggregateId;
}

const ledger = (listing: string) => em().find(LedgerRow, { listing });
const system: Sending = { capacity: Capacity.engine };
const manager: Sending = { capacity: Capacity.accountManager, person: 'officer' };

/** Every message a case knows, as its proper sender gives it to a case that was taken down and sealed. */
const MESSAGES: {
  readonly [K in CaseCommand['kind']]: readonly [
    content: Readonly<Record<string, unknown>>,
    from: Sending,
    hidden: Readonly<Record<string, string>>,
    expected: unknown,
  ];
} = {
  openCase: [{ kind: 'openCase' }, OFFICER, {}, { kind: 'refused', code: 'is-final' }],
  recordVerdict: [verdict('genuine'), reviewer('org-a'), {}, { kind: 'done', events: ['AppealOpened', 'LedgerVoided', 'PutBackOrdered'] }],
  extendWindow: [{ kind: 'extendWindow', length: { n: 1, unit: 'hours' } }, manager, {}, { kind: 'refused', code: 'is-final' }],
  requestExtension: [{ kind: 'requestExtension', length: { n: 1, unit: 'hours' } }, reviewer('org-a'), {}, { kind: 'refused', code: 'is-final' }],
  recordBounce: [{ kind: 'recordBounce', letter: 'x' }, system, {}, { kind: 'refused', code: 'is-final' }],
  recountInstants: [{ kind: 'recountInstants' }, system, {}, { kind: 'refused', code: 'nothing-provisional' }],
  joinVersion: [{ kind: 'joinVersion', version: VERSION }, system, {}, { kind: 'refused', code: 'is-final' }],
  cancelCase: [{ kind: 'cancelCase' }, OFFICER, {}, { kind: 'refused', code: 'is-final' }],
  fileCounterNotice: [
    { kind: 'fileCounterNotice' },
    SELLER,
    { statement: 'mine' },
    { kind: 'done', events: ['AppealOpened', 'LedgerHeld', 'ReviewAsked'] },
  ],
  adoptHolder: [
    { kind: 'adoptHolder', holder: 'org-b', calendar: { country: 'DE', zone: 'Europe/Berlin', hours: '09:00-18:00' } },
    { capacity: Capacity.engine },
    {},
    { kind: 'refused', code: 'is-final' },
  ],
  identifySeller: [{ kind: 'identifySeller' }, OFFICER, { seller: 'S-2' }, { kind: 'refused', code: 'seller-known' }],
  orderTestPurchase: [{ kind: 'orderTestPurchase', exhibit: 'E-1' }, OFFICER, { order: '1' }, { kind: 'refused', code: 'is-final' }],
  recordExhibit: [{ kind: 'recordExhibit', exhibit: 'E-1', media: [] }, OFFICER, { what: 'watch' }, { kind: 'refused', code: 'is-final' }],
  transferExhibit: [{ kind: 'transferExhibit', exhibit: 'E-1', to: 'org-a' }, OFFICER, { why: 'x' }, { kind: 'refused', code: 'is-final' }],
  recordExamination: [{ kind: 'recordExamination', exhibit: 'E-1' }, OFFICER, {}, { kind: 'refused', code: 'is-final' }],
  recordLoss: [{ kind: 'recordLoss', exhibit: 'E-1' }, OFFICER, { why: 'x' }, { kind: 'refused', code: 'is-final' }],
  passDeadline: [{ kind: 'passDeadline', rule: 'x', due: '2025-01-01T00:00:00.000Z' }, system, {}, { kind: 'refused', code: 'is-final' }],
  recordEffectResult: [
    { kind: 'recordEffectResult', key: 'x', try: 1, result: { kind: 'removed' } },
    system,
    {},
    { kind: 'refused', code: 'is-final' },
  ],
};

describe('a message to a sealed case', () => {
  it.each(Object.entries(MESSAGES))('%s: is answered, and the sealed chain is not touched', async (kind, [content, from, hidden, expected]) => {
    const id = await sealedCase(db, { listing: `m:sealed-${kind}` });
    const before = await em().find(DecisionRow, { aggregate: id }, { orderBy: { n: 'asc' } });
    expect(await send(id, content, from, hidden)).toMatchObject(expected as object);
    expect(await em().find(DecisionRow, { aggregate: id }, { orderBy: { n: 'asc' } })).toEqual(before);
  });

  it('of a stranger opens nothing and leaves no key behind', async () => {
    const id = await sealedCase(db, { listing: 'm:stranger' });
    expect(await send(id, verdict('genuine'), reviewer('org-b'))).toMatchObject({ kind: 'refused', code: 'no-mandate' });
    expect(await send(id, { kind: 'fileCounterNotice' }, { capacity: Capacity.seller, person: 'S-other' }, { statement: 'x' })).toMatchObject({
      code: 'no-mandate',
    });
    expect(await em().count(AggregateRow, { about: id })).toBe(0);
    expect(await em().count(NaturalKeyRow, { key: { $like: `%${id}%` } })).toBe(0);
  });

  it('makes a seller known exactly once', async () => {
    const id = await openWithoutSeller(db, { listing: 'm:unknown-seller' });
    db.clock.pass(60_000);
    await send(id, verdict('counterfeit'), reviewer('org-a'));
    await settle(db, id);
    expect(await ledger('m:unknown-seller')).toEqual([]);
    expect(await send(id, { kind: 'identifySeller' }, OFFICER, { seller: 'S-late' })).toMatchObject({
      kind: 'done',
      events: ['AppealOpened', 'LedgerEntered', 'AppealSealed'],
    });
    await send(id, { kind: 'identifySeller' }, OFFICER, { seller: 'S-late' });
    expect(await ledger('m:unknown-seller')).toMatchObject([{ seller: 'S-late', points: 24 }]);
  });
});

describe('one correction after the other', () => {
  it('genuine, then counterfeit again: the points are void, the listing is put back, and a notice is offered', async () => {
    const listing = 'm:twice';
    const id = await sealedCase(db, { listing });
    const first = appealOf(await send(id, verdict('genuine'), reviewer('org-a')));
    expect(await ledger(listing)).toMatchObject([{ voidedBy: first }]);
    expect((await settle(db, first, 'restored')).standing.final).toBe(true);
    expect(await em().count(GroundRow, { listing })).toBe(0);
    const second = appealOf(await send(id, verdict('counterfeit'), reviewer('org-a')));
    expect(second).not.toBe(first);
    expect(await send(second, { kind: 'fileOfferedNotice', basis: 'image' }, reviewer('org-a'))).toMatchObject({ kind: 'done' });
    expect(await em().count(GroundRow, { listing })).toBe(1);
    expect((await settle(db, second)).standing.final).toBe(true);
    expect(await ledger(listing)).toMatchObject([{ voidedBy: null, points: 24, aggregate: second }]);
    // And genuine once more: the third round stands on what the second left.
    const third = appealOf(await send(id, verdict('genuine'), reviewer('org-a')));
    expect(await ledger(listing)).toMatchObject([{ voidedBy: third }]);
    await settle(db, third, 'restored');
    expect(await em().count(GroundRow, { listing })).toBe(0);
    const seals = await em().find(SealRow, { aggregate: { $in: [id, first, second, third] } }, { orderBy: { sequence: 'asc' } });
    expect(seals.map((seal) => seal.aggregate)).toEqual([id, first, second, third]);
  });

  it('the same answer again changes nothing', async () => {
    const id = await sealedCase(db, { listing: 'm:same' });
    expect(await send(id, verdict('counterfeit'), reviewer('org-a'))).toMatchObject({ code: 'already-answered' });
    const appeal = appealOf(await send(id, verdict('genuine'), reviewer('org-a')));
    await settle(db, appeal, 'restored');
    expect(await send(id, verdict('genuine'), reviewer('org-a'))).toMatchObject({ code: 'already-answered' });
    expect(await em().count(AggregateRow, { about: id })).toBe(1);
  });

  it('one message opens one appeal, however often it is read', async () => {
    const id = await sealedCase(db, { listing: 'm:once' });
    await accept(db, id, 'once', verdict('genuine'));
    await Promise.all(Array.from({ length: 10 }, () => move(db, id)));
    expect(await em().count(AggregateRow, { about: id })).toBe(1);
  });
});

describe('a verdict after a lapse', () => {
  it('is kept as an offered notice; filed it takes the listing down, and the seller may contest', async () => {
    const listing = 'm:lapsed';
    const id = await open(db, { listing });
    for (let { standing } = await move(db, id); standing.final !== true; ) {
      if (standing.due !== undefined) db.clock.moveTo(standing.due.at);
      db.clock.pass(1);
      ({ standing } = await move(db, id));
    }
    expect(await em().findOneOrFail(AggregateRow, { id })).toMatchObject({ status: 'lapsed' });
    const appeal = appealOf(await send(id, verdict('counterfeit'), reviewer('org-a')));
    expect(await send(id, { kind: 'fileCounterNotice' }, SELLER, { statement: 'nothing stands yet' })).toMatchObject({
      code: 'nothing-to-contest',
    });
    await send(appeal, { kind: 'fileOfferedNotice', basis: 'image' }, reviewer('org-a'));
    await settle(db, appeal);
    expect(await ledger(listing)).toMatchObject([{ seller: 'S-1', points: 24, aggregate: appeal }]);
    const contest = appealOf(await send(id, { kind: 'fileCounterNotice' }, SELLER, { statement: 'it is mine' }));
    expect(await ledger(listing)).toMatchObject([{ countsFrom: null }]);
    expect(await send(contest, { kind: 'decideAppeal', decision: 'overturn' }, OFFICER, { reason: 'it is' })).toMatchObject({ kind: 'done' });
    await settle(db, contest, 'restored');
    expect(await ledger(listing)).toMatchObject([{ voidedBy: contest }]);
    expect(await em().count(GroundRow, { listing })).toBe(0);
  });
});

describe('messages of one moment', () => {
  it('what closes a case and what comes after it in the same call are sealed in that order', async () => {
    const id = await open(db, { listing: 'm:one-call' });
    db.clock.pass(60_000);
    await accept(db, id, 'call-1', verdict('genuine'));
    db.clock.pass(60_000);
    await accept(db, id, 'call-2', verdict('counterfeit'));
    db.clock.pass(60_000);
    await accept(db, id, 'call-3', { kind: 'cancelCase' }, OFFICER);
    await move(db, id);
    const appeal = appealOf(await answerTo(db, 'call-2'));
    expect(await answerTo(db, 'call-3')).toMatchObject({ kind: 'refused', code: 'is-final' });
    expect(await em().findOneOrFail(DecisionRow, { aggregate: appeal, n: 1 })).toMatchObject({ envelope: { command: { of: { case: id } } } });
    expect(await em().count(SealRow, { aggregate: id })).toBe(1);
  });
});
