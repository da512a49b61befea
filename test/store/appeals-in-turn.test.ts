import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AggregateId } from '../../domain/ids.ts';
import { redecide, verifyChain } from '../../domain/verify-decisions.ts';
import { AggregateRow, type CommandResult, DecisionRow } from '../../store/schema/entities/log.ts';
import { PolicyRow } from '../../store/schema/entities/register.ts';
import { GroundRow, LedgerRow } from '../../store/schema/entities/projections.ts';
import { work } from '../../store/connection/orm.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { accept, answerTo, move, OFFICER, open, reviewer, SELLER, type Sending, sealedCase, settle, verdict, writePeople } from './support.ts';

let db: TestDatabase;
let count = 0;
const em = () => work(db.store);
const brand = reviewer('org-a');

beforeAll(async () => {
  db = await testDatabase();
  await writePeople(db);
});
afterAll(() => db?.close());

async function send(id: AggregateId, content: object, from: Sending, hidden: Readonly<Record<string, string>> = {}) {
  db.clock.pass(60_000);
  const message = `turn:${++count}`;
  await accept(db, id, message, { ...content }, from, hidden);
  await move(db, id);
  return { message, answer: await answerTo(db, message) };
}

function appealOf(answer: CommandResult | undefined): AggregateId {
  if (answer?.kind !== 'done' || !answer.aggregate.startsWith('appeal:')) throw new Error(`no appeal: ${JSON.stringify(answer)}`);
  return answer.aggregate as AggregateId;
}

const opened = async (...message: Parameters<typeof send>) => appealOf((await send(...message)).answer);
const file = (appeal: AggregateId) => send(appeal, { kind: 'fileOfferedNotice', basis: 'image' }, brand);
const decide = (appeal: AggregateId, decision: string) => send(appeal, { kind: 'decideAppeal', decision }, OFFICER, { reason: 'seen' });
const contest = (id: AggregateId) => opened(id, { kind: 'fileCounterNotice' }, SELLER, { statement: 'mine' });
const ledger = (listing: string) => em().findOne(LedgerRow, { listing });
const isDown = async (listing: string) => (await em().count(GroundRow, { listing })) > 0;

/** What happened to an appeal; its chain must be decided again alike. */
async function events(id: AggregateId): Promise<readonly string[]> {
  const rows = await em().find(DecisionRow, { aggregate: id }, { orderBy: { n: 'asc' } });
  const policies = Object.fromEntries((await em().find(PolicyRow, {})).map((row) => [row.digest, row.document]));
  const stored = rows.map(({ envelope, hash }) => ({ decision: envelope, hash }));
  expect([...verifyChain(stored), ...redecide(stored, policies)].filter((check) => !check.ok)).toEqual([]);
  return rows.flatMap(({ envelope: { outcome } }) => ('events' in outcome ? outcome.events.map(({ type }) => type) : [outcome.refused.code]));
}

async function lapsed(listing: string): Promise<AggregateId> {
  const id = await open(db, { listing });
  for (let { standing } = await move(db, id); standing.final !== true; ) {
    if (standing.due !== undefined) db.clock.moveTo(standing.due.at);
    db.clock.pass(1);
    ({ standing } = await move(db, id));
  }
  return id;
}

describe('appeals of one case, one after the other', () => {
  it('a correction that comes while a filed notice takes the listing down waits for it, and then undoes it', async () => {
    const listing = 'm:meets';
    const id = await lapsed(listing);
    const offer = await opened(id, verdict('counterfeit'), brand);
    await file(offer);
    const { message, answer } = await send(id, verdict('genuine'), brand);
    expect(answer).toBeUndefined();
    const { message: second } = await send(id, verdict('unauthorised'), brand);
    await settle(db, offer);
    expect(await ledger(listing)).toMatchObject({ points: 24, voidedBy: null });
    await move(db, id);
    const correction = appealOf(await answerTo(db, message));
    expect(await events(correction)).toEqual(['AppealOpened', 'LedgerVoided', 'PutBackOrdered']);
    expect(await answerTo(db, second)).toBeUndefined();
    await settle(db, correction, 'restored');
    await move(db, id);
    expect(await events(appealOf(await answerTo(db, second)))).toEqual(['AppealOpened', 'NoticeOffered']);
    expect([await isDown(listing), (await ledger(listing))?.voidedBy]).toEqual([false, correction]);
  });

  it('a verdict that comes while the listing is put back is offered once it is back', async () => {
    const id = await sealedCase(db, { listing: 'm:back' });
    const correction = await opened(id, verdict('genuine'), brand);
    const { message } = await send(id, verdict('counterfeit'), brand);
    expect(await answerTo(db, message)).toBeUndefined();
    await settle(db, correction, 'restored');
    await move(db, id);
    expect(await events(appealOf(await answerTo(db, message)))).toEqual(['AppealOpened', 'NoticeOffered']);
  });

  it('an offered notice cannot be filed once the rights holder has said something else', async () => {
    const listing = 'm:superseded';
    const id = await lapsed(listing);
    const offer = await opened(id, verdict('counterfeit'), brand);
    await opened(id, verdict('genuine'), brand);
    expect((await file(offer)).answer).toMatchObject({ kind: 'refused', code: 'superseded' });
    const again = await opened(id, verdict('counterfeit'), brand);
    expect((await file(again)).answer).toMatchObject({ kind: 'done' });
    await settle(db, again);
    expect([await isDown(listing), (await ledger(listing))?.aggregate]).toEqual([true, again]);
  });

  it.each(['uphold', 'overturn'])('a review whose matter a correction has ended changes nothing more (%s)', async (decision) => {
    const listing = `m:moot-${decision}`;
    const id = await sealedCase(db, { listing });
    const review = await contest(id);
    const correction = await opened(id, verdict('genuine'), brand);
    await settle(db, correction, 'restored');
    const again = await opened(id, verdict('counterfeit'), brand);
    await file(again);
    await settle(db, again);
    await decide(review, decision);
    expect((await events(review)).slice(-2)).toEqual(['AppealDecided', 'AppealSealed']);
    expect(await em().findOneOrFail(AggregateRow, { id: review })).toMatchObject({ status: 'withdrawn', isFinal: true });
    expect([await isDown(listing), await ledger(listing)]).toMatchObject([true, { aggregate: again, voidedBy: null }]);
  });

  it('a review goes on when a correction leaves the restriction standing', async () => {
    const listing = 'm:amended';
    const id = await sealedCase(db, { listing });
    const review = await contest(id);
    await opened(id, verdict('unauthorised'), brand);
    await decide(review, 'overturn');
    expect((await events(review)).slice(-3)).toEqual(['AppealDecided', 'LedgerVoided', 'PutBackOrdered']);
  });
});
