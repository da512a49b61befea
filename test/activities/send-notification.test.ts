import { beforeEach, describe, expect, it } from 'vitest';
import type { AggregateId } from '../../domain/ids.ts';
import { OutboxRow, OutboxState } from '../../store/schema/entities/outbox.ts';
import { AggregateRow, InboxRow } from '../../store/schema/entities/log.ts';
import { OrganisationRow, PersonRow, SellerRow } from '../../store/schema/entities/register.ts';
import { advance } from '../../store/log/advance.ts';
import { acceptMessage } from '../../store/log/inbox.ts';
import { salt } from '../../store/log/open-cases.ts';
import type { Manager } from '../../store/connection/orm.ts';
import { call } from '../embedded/support.ts';
import { aCase, answered } from './a-case.ts';
import { aLetterStage, claimed, db, em, fault, mails, performed, read, removed, send, url } from './notification-stage.ts';

beforeEach(aLetterStage);

describe('a letter', () => {
  it('is sent once and its outcome kept without the address', async () => {
    const id = await aCase(db);
    const { id: letter, dueAt } = await claimed(id, 'ask');
    await send(letter);
    await send(letter);
    const [mail, ...more] = await mails();
    expect(more).toEqual([]);
    expect(mail).toMatchObject({ to: ['ip@a.test'], subject: expect.stringMatching(/^Is this yours\?/) });
    expect(mail?.text).toContain(id);
    expect(await read(letter)).toMatchObject({
      state: 'delivered',
      address: 'mail',
      settledAt: db.clock.now(),
      dueAt,
      result: expect.stringMatching(/^250/),
    });
  });

  it('is the same mail when the worker dies before the outcome is recorded', async () => {
    const { id: letter } = await claimed(await aCase(db), 'ask');
    await send(letter);
    await em().nativeUpdate(OutboxRow, { id: letter }, { state: OutboxState.sending });
    db.clock.pass(1_000);
    await send(letter);
    const [first, second] = await mails();
    expect(second?.digest).toBe(first?.digest);
  });

  it('is in the language of whoever it is for: of an organisation, and of officers where they share one', async () => {
    await em().nativeUpdate(OrganisationRow, { id: 'org-a' }, { language: 'zh-CN' });
    const id = await aCase(db);
    await send((await claimed(id, 'ask')).id);
    const officer = { name: 'O', role: 'governance-officer', organisations: [], duty: [], language: 'zh' };
    await em().insertMany(PersonRow, [
      { id: 'o1', mail: 'o1@house.test', ...officer },
      { id: 'o2', mail: 'o2@house.test', ...officer },
      { id: 'o3', ...officer, language: 'en' },
    ]);
    db.clock.pass(10 * 86_400_000);
    await advance(db.context, { id, n: 1 });
    const { id: escalation } = await claimed(id, 'escalation');
    await send(escalation);
    await em().nativeUpdate(PersonRow, { id: 'o2' }, { language: null });
    await em().nativeUpdate(OutboxRow, { id: escalation }, { state: OutboxState.sending });
    await send(escalation);
    const [asked, escalated, mixed] = await mails();
    expect(asked?.subject).toMatch(/^这是贵方的商品吗/);
    expect(asked?.text).toMatch(/请于2025年.*前答复/);
    expect(escalated).toMatchObject({ to: ['o1@house.test', 'o2@house.test'], subject: expect.stringMatching(/^权利人尚未答复/) });
    expect(mixed?.subject).toMatch(/^The rights holder has not answered/);
  });

  it('says what its decision fixed, without a look into the log; a row of the release before is read from the log to the same words', async () => {
    const id = await aCase(db);
    await em().insert(SellerRow, { id: 'S-1', mail: 'seller@shop.test', actor: 'S-1', row: {} });
    const ask = await claimed(id, 'ask');
    await send(ask.id);
    await removed(id);
    const statement = await claimed(id, 'statement-of-reasons');
    await send(statement.id);
    const fixed = await mails();
    expect(fixed).toHaveLength(2);
    // What the rules of a case put into a letter before its particulars were fixed with it.
    const before = { ask: ['round', 'lapseAt'], 'statement-of-reasons': ['provisional', 'alreadyGone'] } as const;
    for (const { id: letter, kind, about } of [ask, statement]) {
      const kept = Object.entries(about).filter(([name]) => (before[kind as keyof typeof before] as readonly string[]).includes(name));
      expect(kept).toHaveLength(2);
      await em().nativeUpdate(OutboxRow, { id: letter }, { state: OutboxState.sending, about: Object.fromEntries(kept) });
      await send(letter);
    }
    const again = await mails();
    expect(again.slice(2).map(({ digest }) => digest)).toEqual(fixed.map(({ digest }) => digest));
    // Before its first decision the log says nothing of a case.
    await em().nativeUpdate(OutboxRow, { id: ask.id }, { state: OutboxState.sending, about: ask.about, n: 0 });
    await send(ask.id);
    expect((await mails()).at(-1)?.digest).toBe(fixed[0]?.digest);
  });

  it('that the dispatcher does not hold is left alone', async () => {
    const id = await aCase(db);
    const row = await em().findOneOrFail(OutboxRow, { aggregate: id, kind: 'ask' });
    await send(row.id);
    await send('digest:unknown');
    expect(await mails()).toEqual([]);
  });

  it('to nobody with an address is recorded as such', async () => {
    await em().nativeUpdate(OrganisationRow, { id: 'org-a' }, { mail: null });
    const { id: letter } = await claimed(await aCase(db), 'ask');
    await send(letter);
    expect(await read(letter)).toMatchObject({ state: 'no-address', address: null });
  });

  it('to the officers reaches those who are in office and have mail', async () => {
    const officer = { name: 'O', role: 'governance-officer', organisations: [], duty: [] };
    await em().insertMany(PersonRow, [
      { id: 'o1', mail: 'o1@house.test', ...officer },
      { id: 'o2', mail: 'o2@house.test', ...officer },
      { id: 'o3', ...officer },
      { id: 'o4', mail: 'o4@house.test', revokedAt: '2025-01-01T00:00:00.000Z', ...officer },
    ]);
    const id = await aCase(db);
    db.clock.pass(10 * 86_400_000);
    await advance(db.context, { id, n: 1 });
    const { id: letter } = await claimed(id, 'escalation');
    await send(letter);
    expect((await mails())[0]).toMatchObject({
      to: ['o1@house.test', 'o2@house.test'],
      subject: expect.stringMatching(/rights holder has not answered/),
    });
  });
});

describe('a digest', () => {
  const two = async () => {
    const first = await aCase(db);
    const second = await aCase(db, { listing: 'ebay:2', version: '1'.repeat(64) });
    return [await claimed(first, 'ask', 'digest:1'), await claimed(second, 'ask', 'digest:1')] as const;
  };

  it('is one mail for all its members', async () => {
    const [a, b] = await two();
    await send('digest:1');
    expect(await mails()).toMatchObject([{ subject: '2 listings need your answer', text: expect.stringContaining('ebay:2') }]);
    expect([(await read(a.id)).state, (await read(b.id)).state]).toEqual(['delivered', 'delivered']);
  });

  it('that is refused tells every case of the bounce, which starts its window anew', async () => {
    const [a, b] = await two();
    await fault({ kind: '5xx', times: 1 });
    db.clock.pass(3_600_000);
    await send('digest:1');
    await send('digest:1');
    const bounces = await em().find(InboxRow, { sender: 'engine' }, { orderBy: { id: 'asc' } });
    expect(bounces.map(({ id }) => id)).toEqual([`bounce:${a.id}`, `bounce:${b.id}`].sort());
    expect(bounces[0]?.content).toMatchObject({ kind: 'recordBounce', by: { capacity: 'engine' } });
    expect(await read(a.id)).toMatchObject({ state: 'refused', result: expect.stringMatching(/^550/) });
    const { standing } = await advance(db.context, { id: a.aggregate as AggregateId, n: 1 });
    expect(standing.n).toBe(2);
    const { id: letter } = await claimed(a.aggregate as AggregateId, 'escalation');
    await em().insert(PersonRow, { id: 'o1', name: 'O', mail: 'o1@house.test', role: 'governance-officer', organisations: [], duty: [] });
    await send(letter);
    expect((await mails())[0]?.subject).toMatch(/could not be delivered/);
  });
});

describe('the statement of reasons', () => {
  it('goes to the shop of a seller without mail, once', async () => {
    const id = await aCase(db);
    await removed(id);
    const { id: letter } = await claimed(id, 'statement-of-reasons');
    await send(letter);
    await em().nativeUpdate(OutboxRow, { id: letter }, { state: OutboxState.sending });
    await send(letter);
    const { body } = await call(`${url}/shops/S-1/messages`);
    expect(body['messages']).toMatchObject([{ subject: expect.stringMatching(/^Your listing was removed/), reference: id }]);
    expect(JSON.stringify(body)).toContain('trademark “ROLEX”, DE R1; owner: A & Co');
    expect(JSON.stringify(body)).toContain('you can file a counter-notice until');
    expect(JSON.stringify(body)).not.toContain('reviewer-a');
    expect(await read(letter)).toMatchObject({ state: 'delivered', address: 'shop' });
  });

  it('goes to the shop when the mail of the seller is refused', async () => {
    await em().insert(SellerRow, { id: 'S-1', mail: 'seller@shop.test', actor: 'S-1', row: {} });
    const id = await aCase(db);
    await removed(id);
    const { id: letter } = await claimed(id, 'statement-of-reasons');
    await fault({ kind: '5xx', times: 1 });
    await send(letter);
    expect(await read(letter)).toMatchObject({ state: 'delivered', address: 'shop' });
  });

  it('reaches nobody when there is no such shop', async () => {
    const id = await aCase(db, { seller: 'S-unknown' });
    await removed(id);
    const { id: letter } = await claimed(id, 'statement-of-reasons');
    await send(letter);
    expect(await read(letter)).toMatchObject({ state: 'no-address', address: 'shop', result: 'unknown-shop' });
  });
});

/** Sends all mails of an aggregate that were not sent yet; their kinds. */
async function sendAll(aggregate: string): Promise<readonly string[]> {
  const rows = await em().find(
    OutboxRow,
    { aggregate, state: OutboxState.waiting, kind: { $nin: ['start', 'message', 'assess'] } },
    { orderBy: { id: 'asc' } },
  );
  for (const { id } of rows) {
    await em().nativeUpdate(OutboxRow, { id }, { state: OutboxState.sending });
    await send(id);
    expect((await read(id)).state).toMatch(/delivered|no-address/);
  }
  return rows.map(({ kind }) => kind);
}

describe('every mail that the log writes can be composed', () => {
  it('of a silent holder, up to the provisional removal', async () => {
    const id = await aCase(db, { riskClass: 'high' });
    db.clock.pass(20 * 86_400_000);
    const { standing } = await advance(db.context, { id, n: 1 });
    await performed(id, standing.n, standing.owes);
    expect(new Set(await sendAll(id))).toEqual(new Set(['ask', 'reminder', 'escalation', 'statement-of-reasons']));
    const { body } = await call(`${url}/shops/S-1/messages`);
    expect(JSON.stringify(body)).toMatch(/PROVISIONAL REMOVAL.*Duration: until .*by automated means only/);
    await answered(db, id, 'counterfeit', 'packaging');
    expect(await sendAll(id)).toEqual(['removal-confirmed']);
  });

  it('of a correction after the seal', async () => {
    const id = await aCase(db);
    await removed(id);
    await sendAll(id);
    await answered(db, id, 'genuine', 'checked');
    const appeal = await em().findOneOrFail(AggregateRow, { about: id });
    await performed(appeal.id as AggregateId, appeal.n, appeal.owes);
    expect(await sendAll(appeal.id)).toEqual(['appeal-ended', 'appeal-ended']);
    expect((await mails()).at(-1)).toMatchObject({
      text: expect.stringContaining(`case ${id}: a corrected answer from the rights holder. The request has been carried out.`),
    });
  });

  it('of a counter-notice after the seal', async () => {
    const id = await aCase(db);
    await removed(id);
    await sendAll(id);
    const who = salt('S-1');
    const statement = salt('It is genuine.');
    const content = { by: { capacity: 'seller', person: who.salted }, kind: 'fileCounterNotice', statement: statement.salted };
    const message = { id: 'contest', aggregate: id, sender: 'S-1', fingerprint: 'f', content, disclosures: [who.disclosure, statement.disclosure] };
    await em().transactional((tx) => acceptMessage(tx as Manager, db.clock, message));
    await advance(db.context, { id, n: 3 });
    const appeal = await em().findOneOrFail(AggregateRow, { about: id });
    expect([...(await sendAll(appeal.id))].sort()).toEqual(['counter-notice', 'review-asked', 'review-asked']);
  });
});
