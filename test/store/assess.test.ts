import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AggregateId } from '../../domain/ids.ts';
import { instant } from '../../domain/instant.ts';
import { redecide, verifyChain } from '../../domain/verify-decisions.ts';
import type { Salted } from '../../domain/salted.ts';
import { assess } from '../../store/log/assess-ledger.ts';
import { OutboxRow, OutboxState } from '../../store/schema/entities/outbox.ts';
import { AggregateRow, DecisionRow } from '../../store/schema/entities/log.ts';
import { ListingRow, PolicyRow, SellerRow } from '../../store/schema/entities/register.ts';
import { ActorRow, LedgerRow, PartyRow } from '../../store/schema/entities/projections.ts';
import { disclosed } from '../../store/log/disclosures.ts';
import { acceptMessage } from '../../store/log/inbox.ts';
import { advance } from '../../store/log/advance.ts';
import { ASSESS_MESSAGE } from '../../store/outbox/messages.ts';
import { type Manager, work } from '../../store/connection/orm.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { accept, answerTo, move, OFFICER, sealedCase, SELLER, verdict, writePeople } from './support.ts';

let db: TestDatabase;
let count = 0;
let seller = '';
const em = () => work(db.store) as Manager;

beforeAll(async () => {
  db = await testDatabase();
  await writePeople(db);
});
beforeEach(() => {
  count += 1;
  seller = `S-${count}`;
});
afterAll(() => db?.close());

function sealCase(listing: string, holder = 'org-a'): Promise<AggregateId> {
  return sealedCase(db, { listing: `m:${count}-${listing}`, seller, holder });
}

async function assessments(): Promise<readonly OutboxRow[]> {
  const rows = await em().find(OutboxRow, { kind: ASSESS_MESSAGE, state: OutboxState.waiting }, { orderBy: { dueAt: 'asc', id: 'asc' } });
  return rows.filter(({ dueAt }) => dueAt <= db.clock.now());
}

/** What the dispatcher does with the letters that are due, several at once. */
async function assessDue(): Promise<number> {
  const due = await assessments();
  await Promise.all(due.map((letter) => assess(db.context, letter)));
  return due.length;
}

async function sanctions(of = seller) {
  const parties = await em().find(PartyRow, { organisation: of, capacity: 'seller' });
  const rows = await em().find(
    AggregateRow,
    { kind: 'sanction', id: { $in: parties.map((row) => row.aggregate) } },
    { orderBy: { openedAt: 'asc', id: 'asc' } },
  );
  return rows.map(({ id, status, state }) => ({
    id: id as AggregateId,
    status,
    state: state as { step: { points: number }; cases: string[]; version: number },
  }));
}

/** Every step with what became of its measure. */
async function steps(): Promise<readonly string[]> {
  return (await sanctions()).map(({ status, state }) => `${state.step.points} ${status}`).sort();
}

/** Past the working days after which points count. */
async function pastCounting(): Promise<void> {
  const rows = await em().find(LedgerRow, { seller });
  const last = rows
    .flatMap(({ countsFrom }) => (countsFrom == null ? [] : [countsFrom]))
    .sort()
    .at(-1);
  if (last !== undefined && last > db.clock.now()) db.clock.moveTo(instant(last));
}

/** Delivers what waits for a sanction, as the dispatcher does, and lets it decide. */
async function reconsidered(id: AggregateId): Promise<void> {
  for (const letter of await em().find(OutboxRow, { aggregate: id, kind: 'message', state: OutboxState.waiting })) {
    const content = { by: { capacity: 'engine' }, ...letter.about };
    await em().transactional(async (tx) => {
      await acceptMessage(tx as Manager, db.clock, {
        id: `letter:${letter.id}`,
        aggregate: id,
        sender: 'engine',
        content,
        fingerprint: letter.id.slice(-60),
      });
      await tx.nativeUpdate(OutboxRow, { id: letter.id }, { state: OutboxState.delivered });
    });
  }
  await move(db, id);
}

async function events(id: AggregateId): Promise<readonly string[]> {
  const rows = await em().find(DecisionRow, { aggregate: id }, { orderBy: { n: 'asc' } });
  const policies = Object.fromEntries((await em().find(PolicyRow, {})).map((row) => [row.digest, row.document]));
  const stored = rows.map(({ envelope, hash }) => ({ decision: envelope, hash }));
  expect([...verifyChain(stored), ...redecide(stored, policies)].filter((check) => !check.ok)).toEqual([]);
  expect(JSON.stringify(stored)).not.toContain(`"${seller}"`);
  return rows.flatMap(({ envelope: { outcome } }) =>
    'events' in outcome ? outcome.events.map(({ type }) => type) : [`refused ${outcome.refused.code}`],
  );
}

describe('points', () => {
  it('cross nothing before they count, and open the step in the instant in which they do', async () => {
    const id = await sealCase('1');
    expect(await assessDue()).toBe(0);
    const letter = await em().findOneOrFail(OutboxRow, { aggregate: id, kind: ASSESS_MESSAGE });
    const row = await em().findOneOrFail(LedgerRow, { seller });
    expect(letter.dueAt).toBe(row.countsFrom);
    await assess(db.context, letter);
    expect(await sanctions()).toEqual([]);
    await em().nativeUpdate(OutboxRow, { id: letter.id }, { state: OutboxState.waiting });
    await pastCounting();
    expect(await assessDue()).toBe(1);
    expect(await sanctions()).toMatchObject([{ status: 'in-force', state: { step: { points: 24, measure: 'severe-warning' }, cases: [id] } }]);
    expect(await em().findOneOrFail(ActorRow, { actor: seller })).toMatchObject({ points: 24, step: 24 });
  });

  it('of two cases that cross a step at the same moment propose exactly one sanction', async () => {
    const cases = [await sealCase('1'), await sealCase('2', 'org-b')];
    await pastCounting();
    expect(await assessDue()).toBe(2);
    const [only, ...others] = await sanctions();
    expect(others).toEqual([]);
    expect(only).toMatchObject({ status: 'proposed', state: { step: { points: 48, measure: 'close-shop' }, cases: cases.toSorted() } });
  });

  it('are assessed once, however often the letter comes', async () => {
    await sealCase('1');
    await pastCounting();
    const [letter] = await assessments();
    if (letter === undefined) throw new Error('no letter is due');
    await Promise.all([assess(db.context, letter), assess(db.context, letter), assess(db.context, letter)]);
    await assess(db.context, letter);
    expect(await sanctions()).toHaveLength(1);
    expect(await em().findOneOrFail(ActorRow, { actor: seller })).toMatchObject({ version: 1 });
  });

  it('of two sellers behind whom one actor stands add up, and the measure binds every shop of the actor there', async () => {
    const actor = `actor-${count}`;
    for (const id of [seller, `${seller}-b`, `${seller}-idle`, `${seller}-elsewhere`]) {
      await em().insert(SellerRow, { id, actor, row: {}, market: null, mail: null });
    }
    await em().insert(ListingRow, { id: `n:${count}`, marketplace: 'n', market: 'DE', seller: `${seller}-elsewhere`, version: '', row: {} });
    await sealCase('1');
    await sealedCase(db, { listing: `m:${count}-2`, seller: `${seller}-b` });
    await pastCounting();
    db.clock.pass(86_400_000);
    await assessDue();
    const [closure, ...others] = await sanctions();
    expect([closure?.state.step.points, ...others]).toEqual([48]);
    expect(await sanctions(`${seller}-b`)).toEqual([closure]);
    expect(await sanctions(`${seller}-elsewhere`)).toEqual([]);
    expect(await em().findOneOrFail(ActorRow, { actor })).toMatchObject({ points: 48 });
    const id = closure?.id as AggregateId;
    await accept(db, id, `approve:${id}`, { kind: 'decideSanction', decision: 'approve' }, OFFICER, { reason: 'Clear.' });
    await move(db, id);
    const { owes } = await em().findOneOrFail(AggregateRow, { id });
    const shops = await Promise.all(owes.map(({ args }) => disclosed(em(), args['seller'] as Salted)));
    expect(shops.toSorted()).toEqual([seller, `${seller}-b`, `${seller}-idle`].toSorted());
    expect(new Set(owes.map(({ key }) => key)).size).toBe(3);
  });
});

async function proposedClosure(): Promise<{ cases: readonly AggregateId[]; id: AggregateId }> {
  const cases = [await sealCase('1'), await sealCase('2')];
  await pastCounting();
  await assessDue();
  const [closure] = await sanctions();
  if (closure === undefined) throw new Error('nothing was proposed');
  return { cases, id: closure.id };
}

async function correct(of: AggregateId): Promise<void> {
  db.clock.pass(60_000);
  await accept(db, of, `correct:${of}`, verdict('genuine'));
  await move(db, of);
  await assessDue();
}

describe('a sanction and its ledger', () => {
  it('is overturned while it is proposed, by one correction', async () => {
    const { cases, id } = await proposedClosure();
    await correct(cases[0] as AggregateId);
    await reconsidered(id);
    expect(await events(id)).toEqual(['SanctionProposed', 'ApprovalAsked', 'Reconsidered', 'SanctionSealed']);
    expect(await steps()).toEqual(['24 in-force', '48 overturned']);
  });

  it('is not approved on a ledger that has fallen, though nobody has told it', async () => {
    const { cases, id } = await proposedClosure();
    db.clock.pass(60_000);
    await accept(db, cases[0] as AggregateId, `correct:${cases[0]}`, verdict('genuine'));
    await move(db, cases[0] as AggregateId);
    await accept(db, id, `approve:${id}`, { kind: 'decideSanction', decision: 'approve' }, OFFICER, { reason: 'Clear.' });
    await move(db, id);
    expect(await events(id)).toEqual(['SanctionProposed', 'ApprovalAsked', 'Reconsidered', 'SanctionSealed']);
  });

  it('is overturned while it is executed, after its outcome, and the shop reopens', async () => {
    const { cases, id } = await proposedClosure();
    await accept(db, id, `approve:${id}`, { kind: 'decideSanction', decision: 'approve' }, OFFICER, { reason: 'Clear.' });
    const { standing } = await move(db, id);
    expect(standing.owes).toMatchObject([{ kind: 'close-shop' }]);
    await correct(cases[0] as AggregateId);
    await reconsidered(id);
    const closed = await advance(db.context, {
      id,
      n: standing.n,
      outcomes: [{ key: standing.owes[0]?.key ?? '', try: 1, result: { kind: 'closed' } }],
    });
    expect(closed.standing.owes).toMatchObject([{ kind: 'reopen-shop' }]);
    const opened = await advance(db.context, {
      id,
      n: closed.standing.n,
      outcomes: [{ key: closed.standing.owes[0]?.key ?? '', try: 1, result: { kind: 'reopened' } }],
    });
    expect(opened.standing.final).toBe(true);
    expect(await steps()).toEqual(['24 in-force', '48 overturned']);
  });

  it('is proposed again under another version when the ledger rises again', async () => {
    const { cases, id } = await proposedClosure();
    await correct(cases[0] as AggregateId);
    await reconsidered(id);
    await sealCase('3');
    await pastCounting();
    await assessDue();
    expect(await steps()).toEqual(['24 in-force', '48 overturned', '48 proposed']);
    const closures = (await sanctions()).filter(({ state }) => state.step.points === 48);
    expect(new Set(closures.map(({ state }) => state.version)).size).toBe(2);
  });

  it('only refuses once it is over', async () => {
    const { id } = await proposedClosure();
    await accept(db, id, `reject:${id}`, { kind: 'decideSanction', decision: 'reject' }, OFFICER, { reason: 'Wait.' });
    await move(db, id);
    await accept(db, id, `late:${id}`, { kind: 'decideSanction', decision: 'approve' }, OFFICER, { reason: 'Now.' });
    await move(db, id);
    expect(await answerTo(db, `late:${id}`)).toMatchObject({ kind: 'refused', code: 'is-final' });
    expect(await em().findOneOrFail(ActorRow, { actor: seller })).toMatchObject({ points: 48, step: 48 });
    expect((await em().find(PartyRow, { aggregate: id })).map(({ capacity }) => capacity).sort()).toEqual(['auditor', 'governance', 'seller']);
  });

  it('does not end because a seller files a statement after the points count, only when it succeeds', async () => {
    const id = await sealCase('1');
    await pastCounting();
    await assessDue();
    db.clock.pass(60_000);
    await accept(db, id, `contest:${id}`, { kind: 'fileCounterNotice' }, { ...SELLER, person: seller }, { statement: 'I have the invoice.' });
    await move(db, id);
    await assessDue();
    const [warning] = await sanctions();
    await reconsidered(warning?.id as AggregateId);
    expect(await sanctions()).toMatchObject([{ status: 'in-force' }]);
    const appeal = await em().findOneOrFail(AggregateRow, { about: id, kind: 'appeal' });
    db.clock.pass(60_000);
    await accept(db, appeal.id as AggregateId, `overturn:${id}`, { kind: 'decideAppeal', decision: 'overturn' }, OFFICER, {
      reason: 'The invoice is good.',
    });
    await move(db, appeal.id as AggregateId);
    await assessDue();
    await reconsidered(warning?.id as AggregateId);
    expect(await sanctions()).toMatchObject([{ status: 'overturned' }]);
  });
});
