import { beforeEach, describe, expect, it } from 'vitest';
import { smtpMailer } from '../../adapters/smtp-mailer.ts';
import { OutboxRow, OutboxState } from '../../store/schema/entities/outbox.ts';
import { InboxRow } from '../../store/schema/entities/log.ts';
import { SellerRow } from '../../store/schema/entities/register.ts';
import { aCase } from './a-case.ts';
import { aLetterStage, claimed, db, em, fault, mails, read, removed, send } from './notification-stage.ts';

beforeEach(aLetterStage);

describe('a mail host that is away', () => {
  it('is waited for by the server while the outage is young, then the letter waits', async () => {
    const [letter] = [await claimed(await aCase(db), 'ask', 'digest:1')];
    await fault({ kind: '4xx' });
    await expect(send('digest:1', { outageMs: 120_000 }, 1_000)).rejects.toMatchObject({ type: 'mail-unavailable' });
    expect(await read(letter.id)).toMatchObject({ state: 'sending' });
    await send('digest:1', { outageMs: 120_000 }, 120_001);
    const dueAt = new Date(Date.parse(db.clock.now()) + 15 * 60_000).toISOString();
    expect(await read(letter.id)).toMatchObject({ state: 'waiting', dueAt, tries: 1, digest: 'digest:1', leasedUntil: 0, settledAt: null });
    // The activity runs again after it has recorded that.
    await send('digest:1');
    expect(await read(letter.id)).toMatchObject({ tries: 1 });
  });

  it('that itself is away is waited for without end: that is our trouble, and no refusal', async () => {
    const { id: letter } = await claimed(await aCase(db), 'ask');
    const away = { mailer: smtpMailer({ url: 'smtp://127.0.0.1:1' }) };
    for (let day = 0; day < 10; day++) {
      await send(letter, away);
      expect(await read(letter)).toMatchObject({ state: 'waiting', tries: day + 1, putOffSince: null });
      db.clock.pass(86_400_000);
      await em().nativeUpdate(OutboxRow, { id: letter }, { state: OutboxState.sending });
    }
    await send(letter);
    expect(await read(letter)).toMatchObject({ state: 'delivered' });
  });

  it('whose reply is lost may have sent it', async () => {
    const { id: letter } = await claimed(await aCase(db), 'ask');
    await fault({ kind: 'drop', times: 1 });
    await send(letter);
    expect(await read(letter)).toMatchObject({ state: 'possibly-sent', address: 'mail' });
    expect(await em().count(InboxRow, { sender: 'engine' })).toBe(0);
  });
});

describe('a recipient that only puts us off', () => {
  /** Sends whenever the letter is due, as the dispatcher would; the waits between the tries in minutes. */
  async function sentUntilSettled(letter: string): Promise<readonly number[]> {
    const waits: number[] = [];
    for (;;) {
      await send(letter);
      const row = await read(letter);
      if (row.state !== OutboxState.waiting) return waits;
      waits.push((Date.parse(row.dueAt) - Date.parse(db.clock.now())) / 60_000);
      db.clock.pass(Date.parse(row.dueAt) - Date.parse(db.clock.now()));
      await em().nativeUpdate(OutboxRow, { id: letter }, { state: OutboxState.sending });
    }
  }

  it('is asked for five days, ever more rarely; then the case hears of a bounce', async () => {
    const { id: letter, aggregate } = await claimed(await aCase(db), 'ask');
    await fault({ kind: '4xx' });
    const first = db.clock.now();
    const waits = await sentUntilSettled(letter);
    expect(waits.slice(0, 6)).toEqual([15, 30, 60, 120, 180, 180]);
    expect(waits.reduce((sum, wait) => sum + wait)).toBe(5 * 24 * 60);
    expect(await read(letter)).toMatchObject({
      state: 'refused',
      address: 'mail',
      putOffSince: first,
      result: expect.stringMatching(/^given up .* 45/),
    });
    expect(await em().findOne(InboxRow, { id: `bounce:${letter}` })).toMatchObject({ aggregate, content: { kind: 'recordBounce' } });
    expect(await mails()).toEqual([]);
  });

  it('is reached on the next channel when there is one', async () => {
    await em().insert(SellerRow, { id: 'S-1', mail: 'seller@shop.test', actor: 'S-1', row: {} });
    const id = await aCase(db);
    await removed(id);
    const { id: letter } = await claimed(id, 'statement-of-reasons');
    await fault({ kind: '4xx' });
    expect((await sentUntilSettled(letter)).length).toBeGreaterThan(30);
    expect(await read(letter)).toMatchObject({ state: 'delivered', address: 'shop' });
  });

  it('and then takes the mail is delivered to', async () => {
    const { id: letter } = await claimed(await aCase(db), 'ask');
    await fault({ kind: '4xx', times: 3 });
    expect(await sentUntilSettled(letter)).toEqual([15, 30, 60]);
    expect(await read(letter)).toMatchObject({ state: 'delivered' });
    expect(await em().count(InboxRow, { sender: 'engine' })).toBe(0);
  });
});
