import { createTransport } from 'nodemailer';
import { beforeEach, describe, expect, it } from 'vitest';
import { messageToken } from '../../domain/inbound-mail.ts';
import { OutboxRow, OutboxState } from '../../store/schema/entities/outbox.ts';
import { AggregateRow } from '../../store/schema/entities/log.ts';
import { PersonRow, RecipientRow, SellerRow } from '../../store/schema/entities/register.ts';
import { advance } from '../../store/log/advance.ts';
import { readCase } from '../../store/queries/cases.ts';
import { call } from '../embedded/support.ts';
import { aCase } from '../activities/a-case.ts';
import { answers, openAskedCase, asOwner, bring, facts, messages, reply, report } from './incoming-mail.ts';
import {
  aLetterStage,
  claimed,
  db,
  receiverPort,
  em,
  fault,
  mailbox,
  mails,
  read,
  removed,
  REPLY_TO,
  send,
  url,
} from '../activities/notification-stage.ts';

beforeEach(aLetterStage);

describe('a report of a mail host', () => {
  it('makes a delivered question a refused one, told to its case once however often it comes', async () => {
    const { id, letter } = await openAskedCase();
    expect((await read(letter)).state).toBe('delivered');
    expect(await bring(report(letter), '')).toMatch(/^250 recorded/);
    expect(await bring(report(letter), '')).toMatch(/^250 duplicate/);
    await bring(report(letter, { messageId: '<dsn-2@mx.test>' }), '');
    expect(await read(letter)).toMatchObject({ state: 'refused', result: 'returned 5.1.1' });
    expect((await messages()).map((row) => row.id)).toEqual([`bounce:${letter}`]);
    const { standing } = await advance(db.context, { id, n: 1 });
    expect(standing.n).toBe(2);
    expect((await em().findOneOrFail(AggregateRow, { id })).status).toBe('awaiting-confirmation');
  });

  it.each(['message/rfc822', 'text/rfc822-headers', 'message/global'])('finds the mail in what it returns as %s', async (returned) => {
    const { letter } = await openAskedCase();
    await bring(report(letter, { returned }), '');
    expect((await read(letter)).state).toBe('refused');
  });

  it('tells every case of a digest', async () => {
    const first = await aCase(db);
    const second = await aCase(db, { listing: 'ebay:2', version: '1'.repeat(64) });
    const [a, b] = [await claimed(first, 'ask', 'digest:1'), await claimed(second, 'ask', 'digest:1')];
    await send('digest:1');
    await bring(report('digest:1'), '');
    expect((await messages()).map((row) => row.id).sort()).toEqual([`bounce:${a.id}`, `bounce:${b.id}`].sort());
  });

  it('of a statement of reasons sends it to the shop', async () => {
    await em().insert(SellerRow, { id: 'S-1', mail: 'seller@shop.test', actor: 'S-1', row: {} });
    const id = await aCase(db);
    await removed(id);
    const { id: letter } = await claimed(id, 'statement-of-reasons');
    await send(letter);
    expect(await read(letter)).toMatchObject({ state: 'delivered', address: 'mail' });
    await bring(report(letter, { recipient: 'Seller@Shop.test' }), '');
    expect(await read(letter)).toMatchObject({ state: 'waiting', address: 'shop' });
    await em().nativeUpdate(OutboxRow, { id: letter }, { state: OutboxState.sending });
    await send(letter);
    expect(await read(letter)).toMatchObject({ state: 'delivered', address: 'shop' });
    expect((await call(`${url}/shops/S-1/messages`)).body['messages']).toMatchObject([{ reference: id }]);
    expect(await mails()).toHaveLength(1);
  });

  it('that comes before the mail host has said that it took the mail is not lost', async () => {
    const { id: letter } = await claimed(await aCase(db), 'ask');
    const mailer = {
      send: async () => {
        await bring(report(letter), '');
        return { kind: 'delivered', reply: '250' } as const;
      },
    };
    await send(letter, { mailer });
    expect((await read(letter)).state).toBe('refused');
    expect(await messages()).toHaveLength(1);
  });

  it('about one of several recipients leaves the mail delivered until all have returned it', async () => {
    const officer = { name: 'O', role: 'governance-officer', organisations: [], duty: [] };
    await em().insertMany(PersonRow, [
      { id: 'o1', mail: 'o1@house.test', ...officer },
      { id: 'o2', mail: 'o2@house.test', ...officer },
    ]);
    const id = await aCase(db);
    db.clock.pass(10 * 86_400_000);
    await advance(db.context, { id, n: 1 });
    const { id: letter } = await claimed(id, 'escalation');
    await send(letter);
    await bring(report(letter, { recipient: 'o1@house.test' }), '');
    expect((await read(letter)).state).toBe('delivered');
    await bring(report(letter, { recipient: 'o2@house.test', messageId: '<dsn-2@mx.test>' }), '');
    expect((await read(letter)).state).toBe('refused');
  });

  it.each([
    ['about a mail that was never sent', () => report('never-sent'), ''],
    ['without a mail that it is about', (letter: string) => report(letter).replaceAll(messageToken(letter), 'x'), ''],
    ['with an action that nobody knows', (letter: string) => report(letter, { action: 'exploded' }), ''],
  ])('%s is nothing', async (_, raw, from) => {
    const { letter } = await openAskedCase();
    expect(await bring(raw(letter), from)).toMatch(/^250 unrelated/);
    expect([(await read(letter)).state, await facts(), await messages()]).toEqual(['delivered', [], []]);
  });

  it('from a sender, or of a delay, is a fact and refuses nothing', async () => {
    const { id, letter } = await openAskedCase();
    await bring(report(letter), 'attacker@elsewhere.test');
    await bring(report(letter, { action: 'delayed', messageId: '<dsn-2@mx.test>' }), '');
    const view = await readCase(em(), id);
    expect(view?.letters.find(({ kind }) => kind === 'ask')?.heard).toContainEqual({ at: db.clock.now(), fact: 'delayed', status: '5.1.1' });
    expect((await facts()).map(({ fact }) => fact).sort()).toEqual(['auto-reply', 'delayed']);
    expect([(await read(letter)).state, await messages(), await answers()]).toEqual(['delivered', [], []]);
  });
});

describe("a person's reply", () => {
  it('is never an answer: it is answered once, with the link, where the mail had gone', async () => {
    const { id, letter } = await openAskedCase();
    expect(await bring(reply(letter), 'ip@a.test')).toMatch(/^250 recorded/);
    expect(await bring(reply(letter), 'ip@a.test')).toMatch(/^250 duplicate/);
    await bring(reply(letter, '', '<reply-2@brand.test>'), 'stranger@elsewhere.test');
    expect(await messages()).toEqual([]);
    const [answer, ...more] = await answers();
    expect(more).toEqual([]);
    expect(answer).toMatchObject({ id: `mail-answer:${messageToken(letter)}`, to: { organisation: 'org-a' }, state: 'waiting' });
    await em().nativeUpdate(OutboxRow, { id: answer?.id ?? '' }, { state: OutboxState.sending });
    await send(answer?.id ?? '', { origin: 'https://cases.test' });
    const sent = (await mails()).at(-1);
    expect(sent).toMatchObject({ to: ['ip@a.test'], subject: expect.stringMatching(/^Your reply is not an answer/) });
    expect(sent?.text).toContain(`https://cases.test/cases/${id}`);
    const { body } = await call(`${mailbox.url}/messages/00000002`);
    for (const header of [
      { key: 'auto-submitted', value: 'auto-replied' },
      { key: 'in-reply-to', value: '<reply-1@brand.test>' },
      { key: 'reply-to', value: REPLY_TO },
      { key: 'x-auto-response-suppress', value: 'OOF, AutoReply' },
    ])
      expect(body['headers']).toContainEqual(header);
    expect(JSON.stringify(await em().execute('select to_jsonb(t)::text as row from delivery_fact t'))).not.toMatch(/remove it|brand\.test|a\.test/);
  });

  it('to an answer is not answered: two machines that do not say what they are end after one mail', async () => {
    const { letter } = await openAskedCase();
    let last = letter;
    for (let round = 0; round < 4; round += 1) {
      await bring(reply(last, '', `<robot-${round}@brand.test>`), 'ip@a.test');
      const waiting = (await answers()).filter(({ state }) => state === OutboxState.waiting);
      for (const { id } of waiting) {
        await em().nativeUpdate(OutboxRow, { id }, { state: OutboxState.sending });
        await send(id);
        last = id;
      }
    }
    expect(await answers()).toHaveLength(1);
    expect(await mails()).toHaveLength(2);
  });

  it('is answered five times an hour to one sender, and no more', async () => {
    const letters: string[] = [];
    for (let n = 0; n < 7; n += 1) {
      const { id } = await claimed(await aCase(db, { listing: `ebay:${n}`, version: String(n).repeat(64) }), 'ask');
      await send(id);
      letters.push(id);
    }
    for (const [n, letter] of letters.entries()) await bring(reply(letter, '', `<reply-${n}@brand.test>`), 'ip@a.test');
    expect(await answers()).toHaveLength(5);
    expect(await facts()).toHaveLength(7);
  });

  it.each([
    ['Auto-Submitted: auto-replied', 'ip@a.test'],
    ['X-Auto-Response-Suppress: All', 'ip@a.test'],
    ['Precedence: bulk', 'ip@a.test'],
    ['X-Autoreply: yes', 'ip@a.test'],
    ['List-Id: <all.brand.test>', 'ip@a.test'],
    ['X-Nothing: 1', ''],
    ['X-Nothing: 1', 'MAILER-DAEMON@mx.test'],
    ['X-Nothing: 1', 'no-reply@brand.test'],
  ])('that a machine wrote (%s, from "%s") is a fact and is not answered', async (header, from) => {
    const { letter } = await openAskedCase();
    await bring(reply(letter, `${header}\n`), from);
    expect((await facts()).map(({ fact }) => fact)).toEqual(['auto-reply']);
    expect(await answers()).toEqual([]);
  });

  it('of an authority is a fact and is not answered; its mail asks it to answer people', async () => {
    await em().insert(PersonRow, { id: 'lia', name: 'L', mail: 'lia@house.test', role: 'authority-liaison', organisations: [], duty: [] });
    const police = {
      id: 'police',
      name: 'Police',
      mail: 'desk@police.test',
      country: 'DE',
      markets: ['DE'],
      takes: ['trademark'],
      language: 'en',
      profiles: [],
    };
    await em().insert(RecipientRow, police);
    const id = 'mail-answer:authority';
    const row = { id, aggregate: '', n: 0, kind: 'mail-answer', to: { authority: 'police' }, about: { cases: [] }, state: OutboxState.sending };
    await em().insert(OutboxRow, { ...row, writtenAt: db.clock.now(), dueAt: db.clock.now() });
    await send(id);
    const { body } = await call(`${mailbox.url}/messages/00000001`);
    expect(body['headers']).toContainEqual({ key: 'reply-to', value: 'lia@house.test' });
    await em().nativeUpdate(OutboxRow, { id }, { kind: 'referral-submission' });
    expect(await bring(reply(id), 'desk@police.test')).toMatch(/^250 recorded/);
    expect([(await facts()).map(({ fact }) => fact), await answers()]).toEqual([['reply'], []]);
  });

  it('about nothing of ours leaves no row', async () => {
    await openAskedCase();
    const fresh = `From: x@y.test\nSubject: <${'0'.repeat(32)}@interdict>\n\nIn-Reply-To: <${'0'.repeat(32)}@interdict>\n`;
    expect(await bring(fresh, 'x@y.test')).toMatch(/^250 unrelated/);
    expect([await facts(), await answers()]).toEqual([[], []]);
  });
});

describe('hostile mail', () => {
  const nested = (depth: number): string => {
    let inner = 'Content-Type: text/plain\n\nx\n';
    for (let n = 0; n < depth; n += 1) inner = `Content-Type: multipart/mixed; boundary="b${n}"\n\n--b${n}\n${inner}\n--b${n}--\n`;
    return `MIME-Version: 1.0\n${inner}`;
  };

  it('of ten megabytes is taken: what stands at its beginning counts', async () => {
    const { letter } = await openAskedCase();
    expect(await bring(`${reply(letter)}${'x'.repeat(76).concat('\n').repeat(136_000)}`, 'ip@a.test')).toMatch(/^250 recorded/);
    expect(await answers()).toHaveLength(1);
  }, 30_000);

  it.each([
    ['too deep', nested(500)],
    ['of endless headers', `${'X-A: b\n'.repeat(20_000)}\n`],
    ['of no form', '\u0000\u0001\n--b\nMessage-ID <'],
    ['with a boundary that never ends', 'Content-Type: multipart/report; boundary="b"\n\n--b\nContent-Type: message/delivery-status\n\n'],
    ['of reports in reports', `MIME-Version: 1.0\nContent-Type: message/rfc822\n\n${'Content-Type: message/rfc822\n\n'.repeat(300)}`],
  ])('%s is taken and forgotten, and the receiver goes on', async (_, raw) => {
    const { letter } = await openAskedCase();
    expect(await bring(raw, 'attacker@elsewhere.test')).toMatch(/^250 (unreadable|unrelated)/);
    expect(await facts()).toEqual([]);
    expect(await bring(reply(letter), 'ip@a.test')).toMatch(/^250 recorded/);
  });

  it('to anybody else is refused, and a store that is away asks to come again', async () => {
    const transport = createTransport({ host: '127.0.0.1', port: receiverPort, secure: false, ignoreTLS: true });
    const elsewhere = transport.sendMail({ envelope: { from: 'x@y.test', to: ['other@house.test'] }, raw: 'Subject: x\r\n\r\nx' });
    await expect(elsewhere).rejects.toMatchObject({ responseCode: 550 });
    const { letter } = await openAskedCase();
    await asOwner('alter table delivery_fact rename to delivery_fact_away');
    await expect(bring(reply(letter), 'ip@a.test')).rejects.toMatchObject({ responseCode: 451 });
    await asOwner('alter table delivery_fact_away rename to delivery_fact');
    expect(await bring(reply(letter), 'ip@a.test')).toMatch(/^250 recorded/);
  });
});

it('the embedded mailbox returns a mail when it is told to, and brings replies to the receiver', async () => {
  await fault({ kind: 'bounce', times: 1 });
  const { letter } = await openAskedCase();
  await expect.poll(async () => (await read(letter)).state).toBe('refused');
  const second = await claimed(await aCase(db, { listing: 'ebay:2', version: '1'.repeat(64) }), 'ask');
  await send(second.id);
  await createTransport(mailbox.smtpUrl).sendMail({ envelope: { from: 'ip@a.test', to: [REPLY_TO] }, raw: reply(second.id) });
  expect(await answers()).toMatchObject([{ about: { cases: [second.aggregate] } }]);
  expect((await mails()).map(({ to }) => to)).toEqual([['ip@a.test'], ['ip@a.test'], [REPLY_TO]]);
});
