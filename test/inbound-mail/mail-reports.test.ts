import { beforeEach, describe, expect, it } from 'vitest';
import { smtpMailer } from '../../adapters/smtp-mailer.ts';
import { heardInWords } from '../../cli/cases.ts';
import { messageToken } from '../../domain/inbound-mail.ts';
import { OrganisationRow, PersonRow } from '../../store/schema/entities/register.ts';
import { listReturns } from '../../store/queries/returned-mail.ts';
import { readCase } from '../../store/queries/cases.ts';
import { advance } from '../../store/log/advance.ts';
import { call } from '../embedded/support.ts';
import { aCase } from '../activities/a-case.ts';
import { answers, openAskedCase, bring, facts, messages, report } from './incoming-mail.ts';
import { aLetterStage, claimed, db, em, mailbox, mails, read, REPLY_TO, send } from '../activities/notification-stage.ts';

beforeEach(aLetterStage);

/** A report without the form of one. */
const written = (text: string, headers = '') =>
  `From: MAILER-DAEMON@mx.test\nTo: ${REPLY_TO}\nSubject: failure notice\nMessage-ID: <failure-1@mx.test>\n${headers}\n${text}\n`;
const returnTo = (id: string) => REPLY_TO.replace('@', `+${messageToken(id)}@`);
const copyOf = (id: string) => `Return-Path: <${REPLY_TO}>\nReceived: by mx.test\nMessage-ID: <${messageToken(id)}@house.test>\nSubject: x\n\nhello`;
const qmail = (recipient: string) =>
  `Hi. This is the qmail-send program at mx.test.\nI'm afraid I wasn't able to deliver your message.\n\n<${recipient}>:\n192.0.2.1 does not like recipient.\nRemote host said: 550 5.1.1 unknown (#5.1.1)\n`;

describe('a report', () => {
  it('in the form for addresses that are not ASCII counts as any other', async () => {
    const { letter } = await openAskedCase();
    const raw = report(letter, { returned: 'message/global-headers' }).replace('message/delivery-status', 'message/global-delivery-status');
    expect(await bring(raw.replace('RFC822; ip@a.test', 'utf-8; ip@a.test'), '')).toMatch(/^250 recorded/);
    expect((await read(letter)).state).toBe('refused');
  });

  it.each([
    ['ip@bücher.test', 'rfc822; ip@xn--bcher-kva.test'],
    ['ip@xn--bcher-kva.test', 'utf-8; ip@bücher.test'],
    ['ip@Bücher.test', 'utf-8; IP@b\\x{FC}cher.test'],
  ])('about %s names the same address as "%s"', async (mail, field) => {
    await em().nativeUpdate(OrganisationRow, { id: 'org-a' }, { mail });
    const { letter } = await openAskedCase();
    const raw = report(letter).replace('Original-Recipient: rfc822;somebody@else.test\n', '').replace('RFC822; ip@a.test', field);
    expect(await bring(raw, '')).toMatch(/^250 recorded/);
    expect([(await read(letter)).state, (await facts()).map(({ address }) => address)]).toEqual(['refused', [null]]);
  });

  it('about a mail whose Message-ID a host has replaced is known by the address that it comes to', async () => {
    const { letter } = await openAskedCase();
    const raw = report(letter).replaceAll(`${messageToken(letter)}@interdict`, 'replaced-1@relay.test');
    expect(await bring(raw, '')).toMatch(/^250 unrelated/);
    expect(await envelopeSender()).toBe(returnTo(letter));
    expect(await bring(raw.replace('<dsn-1@mx.test>', '<dsn-2@mx.test>'), '', returnTo(letter).toUpperCase())).toMatch(/^250 recorded/);
    expect((await read(letter)).state).toBe('refused');
  });

  it('comes to the address alone where the mail host knows no delimiters', async () => {
    const { id: letter } = await claimed(await aCase(db), 'ask');
    await send(letter, { mailer: smtpMailer({ url: mailbox.smtpUrl, replyTo: REPLY_TO, returnDelimiter: 'none' }) });
    expect(await envelopeSender()).toBe(REPLY_TO);
    await expect(bring(report(letter), '', REPLY_TO.replace('@', '+something@'))).rejects.toMatchObject({ responseCode: 550 });
  });

  it('of a mail to one that was passed on counts, and where it ended is a fact', async () => {
    const { id, letter } = await openAskedCase();
    await bring(report(letter, { recipient: 'new-counsel@firm.test' }), '');
    expect(await read(letter)).toMatchObject({ state: 'refused', result: 'returned 5.1.1' });
    expect((await messages()).map((row) => row.id)).toEqual([`bounce:${letter}`]);
    const [ask] = (await readCase(em(), id))?.letters.filter(({ kind }) => kind === 'ask') ?? [];
    expect(ask?.heard).toEqual([{ at: db.clock.now(), fact: 'bounced', status: '5.1.1', address: 'new-counsel@firm.test' }]);
  });

  it('of a mail to one that was passed on to several is a return only when none of them got it', async () => {
    const { letter } = await openAskedCase();
    const second = '\nFinal-Recipient: rfc822; second@firm.test\nAction: relayed\nStatus: 2.0.0\n';
    await bring(
      report(letter, { recipient: 'first@firm.test' }).replace('Diagnostic-Code: smtp; 550\n', `Diagnostic-Code: smtp; 550\n${second}`),
      '',
    );
    expect([(await read(letter)).state, (await facts()).map(({ fact }) => fact)]).toEqual(['delivered', ['arrived']]);
  });

  it('about a stranger, of a mail to several, is nothing', async () => {
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
    expect(await bring(report(letter, { recipient: 'o3@house.test' }), '')).toMatch(/^250 unrelated/);
    expect([(await read(letter)).state, await facts()]).toEqual(['delivered', []]);
  });
});

describe('a report in words', () => {
  it("in qmail's form is a report", async () => {
    const { letter } = await openAskedCase();
    const raw = written(`${qmail('IP@a.test')}\n--- Below this line is a copy of the message.\n\n${copyOf(letter)}`);
    expect(await bring(raw, '')).toMatch(/^250 recorded/);
    expect(await read(letter)).toMatchObject({ state: 'refused', result: 'returned 5.1.1' });
    expect((await facts()).map(({ fact, words }) => [fact, words])).toEqual([['bounced', null]]);
  });

  it('in no form is kept for a person, without the mail that it returns', async () => {
    const { id, letter } = await openAskedCase();
    const text = 'A message that you sent could not be delivered to one or more of its recipients.\n\n  somebody\n    mailbox is full';
    const raw = written(`${text}\n\n------ This is a copy of the message, including all the headers. ------\n\n${copyOf(letter)}`);
    expect(await bring(raw, '')).toMatch(/^250 recorded/);
    expect(await bring(raw, '')).toMatch(/^250 duplicate/);
    expect([(await read(letter)).state, await messages(), await answers()]).toEqual(['delivered', [], []]);
    const [ask] = (await readCase(em(), id))?.letters.filter(({ kind }) => kind === 'ask') ?? [];
    expect(ask?.heard).toEqual([{ at: db.clock.now(), fact: 'unclear', status: '', words: text }]);
    const line = { kind: 'ask', letter, aggregate: id, to: 'organisation org-a', state: 'delivered', fact: 'unclear', words: text };
    expect(await listReturns(em(), 10)).toEqual([{ ...line, at: db.clock.now(), status: '', address: null }]);
  });

  it('that returns nothing of ours is known by the address that it comes to', async () => {
    const { letter } = await openAskedCase();
    expect(await bring(written('Mailbox gesperrt.'), '', returnTo(letter))).toMatch(/^250 recorded/);
    expect((await facts()).map(({ fact, words }) => [fact, words])).toEqual([['unclear', 'Mailbox gesperrt.']]);
  });

  it('is kept in part where it is long', async () => {
    const { letter } = await openAskedCase();
    await bring(written('x'.repeat(70).concat('\n').repeat(2_000)), '', returnTo(letter));
    expect((await facts())[0]?.words?.length).toBe(2_000);
  });

  it.each([
    ['from a sender', 'someone@elsewhere.test', written('Mailbox gesperrt.')],
    ['that a program of a person wrote, from nobody', '', written('I am away.').replace('MAILER-DAEMON@mx.test', 'ip@a.test')],
  ])('%s is an automatic answer, whose words are not kept', async (_, from, raw) => {
    const { letter } = await openAskedCase();
    await bring(raw, from, returnTo(letter));
    expect((await facts()).map(({ fact, words }) => [fact, words])).toEqual([['auto-reply', null]]);
    expect(await mails()).toHaveLength(1);
  });
});

it('what a mail host wrote stands under the fact, and commands no terminal', () => {
  const heard = { at: '2026-01-05T09:00:00.000Z', fact: 'unclear', status: '', words: 'Mailbox\u001b[2J full\n\nbye' };
  expect(heardInWords(heard)).toEqual(['    unclear at 2026-01-05T09:00:00.000Z', '      | Mailbox [2J full', '      | bye']);
  const { words: _, ...bounced } = { ...heard, fact: 'bounced', status: '5.1.1', address: 'a@firm.test' };
  expect(heardInWords(bounced)).toEqual(['    bounced (5.1.1) at 2026-01-05T09:00:00.000Z, passed on to a@firm.test']);
});

it('the Message-ID has the domain of the sender, and a report of a mail is found whatever domain it had', async () => {
  const { id: letter } = await claimed(await aCase(db), 'ask');
  await send(letter, { mailer: smtpMailer({ url: mailbox.smtpUrl, replyTo: REPLY_TO, from: 'Haus <post@Bücher.test>' }) });
  expect((await mails())[0]?.messageId).toBe(`<${messageToken(letter)}@xn--bcher-kva.test>`);
  await bring(report(letter).replaceAll('@interdict', '@xn--bcher-kva.test'), '');
  expect((await read(letter)).state).toBe('refused');
});

async function envelopeSender(): Promise<unknown> {
  const { body } = await call(`${mailbox.url}/messages`);
  return (body['messages'] as readonly { readonly from?: unknown }[])[0]?.from;
}
