import { createServer, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { smtpMailer } from '../../adapters/smtp-mailer.ts';
import type { Mail } from '../../adapters/ports.ts';
import { instant } from '../../domain/instant.ts';
import { type RunningMailbox, startMailbox } from '../../embedded/mailbox/mailbox.ts';
import { aFolder, call } from '../embedded/support.ts';

const MAIL: Mail = {
  messageId: '<0123456789abcdef@interdict>',
  to: 'ip@brand.test',
  subject: 'Is this yours? “Rölex” — your answer is needed',
  text: 'Grüße\n.\nA line that is only a dot, and a long one: '.concat('x'.repeat(2_000)),
  html: '<p>Grüße</p>',
  date: instant('2025-10-02T09:00:00Z'),
};

async function aMailbox(): Promise<RunningMailbox> {
  const mailbox = await startMailbox({ dir: await aFolder(), smtpPort: 0, httpPort: 0, now: () => '2026-01-05T09:00:00.000Z', log: () => {} });
  onTestFinished(() => mailbox.stop());
  return mailbox;
}

const messagesSchema = z.array(
  z.object({ id: z.string(), digest: z.string(), to: z.array(z.string()), subject: z.string(), text: z.string(), messageId: z.string() }),
);
const kept = async ({ url }: RunningMailbox) => messagesSchema.parse((await call(`${url}/messages`)).body['messages']);

/** A mail host that says what the script says to each command; `drop` ends the connection, `mute` says nothing more. */
async function aHost(script: Readonly<Record<string, string>>): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    converse(socket, {
      greeting: '220 host',
      EHLO: '250-host\r\n250 SIZE 100000',
      MAIL: '250 ok',
      RCPT: '250 ok',
      DATA: '354 go on',
      '.': '250 kept',
      AUTH: '235 in',
      QUIT: '221 bye',
      ...script,
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function converse(socket: Socket, script: Readonly<Record<string, string>>): void {
  let isInData = false;
  let rest = '';
  const say = (key: string) => {
    const reply = script[key] ?? '500 what';
    if (reply === 'drop') socket.destroy();
    else if (reply !== 'mute') socket.write(`${reply}\r\n`);
    isInData = key === 'DATA' && reply.startsWith('354');
  };
  say('greeting');
  socket.on('data', (chunk) => {
    const lines = (rest + chunk.toString()).split('\r\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (!isInData) say(line.slice(0, 4).toUpperCase());
      else if (line === '.') say('.');
    }
  });
}

describe('mail by SMTP', () => {
  it('arrives as it was composed, and a retry is the same to the byte', async () => {
    const mailbox = await aMailbox();
    const mailer = smtpMailer({ url: mailbox.smtpUrl });
    expect(await mailer.send(MAIL)).toMatchObject({ kind: 'delivered', reply: expect.stringMatching(/^250/) });
    await smtpMailer({ url: mailbox.smtpUrl }).send(MAIL);
    const [first, second] = await kept(mailbox);
    expect(first).toMatchObject({ to: [MAIL.to], subject: MAIL.subject, messageId: MAIL.messageId });
    expect(first?.text.trim()).toBe(MAIL.text);
    expect(second?.digest).toBe(first?.digest);
    const { body } = await call(`${mailbox.url}/messages/${first?.id}`);
    const headers = z.array(z.object({ key: z.string(), value: z.string() })).parse(body['headers']);
    expect(headers).toContainEqual({ key: 'date', value: 'Thu, 02 Oct 2025 09:00:00 +0000' });
    expect(headers).toContainEqual({ key: 'auto-submitted', value: 'auto-generated' });
    expect(String(body['html'])).toContain('<p>Grüße</p>');
  });

  it('comes from whom the operator says', async () => {
    const mailbox = await aMailbox();
    await smtpMailer({ url: mailbox.smtpUrl, from: 'Haus für Marken <post@house.test>' }).send(MAIL);
    const { body } = await call(`${mailbox.url}/messages/${(await kept(mailbox))[0]?.id}`);
    expect(body['from']).toBe('post@house.test');
    expect(body['headers']).toContainEqual({ key: 'from', value: expect.stringMatching(/^=\?UTF-8\?.*<post@house\.test>$/) });
  });

  it('cannot be made to carry headers of a sender', async () => {
    const mailbox = await aMailbox();
    await smtpMailer({ url: mailbox.smtpUrl }).send({ ...MAIL, subject: 'x\r\nBcc: thief@elsewhere.test' });
    const [mail] = await kept(mailbox);
    expect(mail?.to).toEqual([MAIL.to]);
  });

  it('follows the scripted mailbox: refused, later, possibly sent', async () => {
    const mailbox = await aMailbox();
    const mailer = smtpMailer({ url: mailbox.smtpUrl });
    const script = (kind: string) => call(`${mailbox.url}/faults`, 'POST', { kind, times: 1 });
    await script('5xx');
    expect(await mailer.send(MAIL)).toMatchObject({ kind: 'refused', reply: expect.stringMatching(/^550/) });
    await script('4xx');
    await expect(mailer.send(MAIL)).rejects.toMatchObject({ type: 'mail-unavailable' });
    expect(await kept(mailbox)).toHaveLength(0);
    await script('drop');
    expect(await mailer.send(MAIL)).toMatchObject({ kind: 'possibly-sent' });
    expect(await kept(mailbox)).toHaveLength(1);
  });

  it('reaches those who can be reached', async () => {
    const mailbox = await aMailbox();
    await call(`${mailbox.url}/faults`, 'POST', { kind: '5xx', recipient: 'b@house.test' });
    const result = await smtpMailer({ url: mailbox.smtpUrl }).send({ ...MAIL, to: 'a@house.test, b@house.test' });
    expect(result).toMatchObject({ kind: 'delivered', reply: expect.stringMatching(/1 of 2 recipients refused/) });
    expect((await kept(mailbox))[0]?.to).toEqual(['a@house.test']);
  });
});

describe('what a mail host can say', () => {
  it.each([
    ['a message refused after it was read', { '.': '554 5.7.1 no, ip@brand.test' }],
    ['DATA refused', { DATA: '554 no valid recipients' }],
    ['a recipient refused', { RCPT: '550 <ip@brand.test> unknown' }],
    ['a message too large', { EHLO: '250-host\r\n250 SIZE 10' }],
  ])('%s is refused, and the address is not repeated', async (_, script) => {
    const result = await smtpMailer({ url: `smtp://${await aHost(script)}` }).send(MAIL);
    expect(result.kind).toBe('refused');
    expect(result.reply).not.toContain('@');
  });

  it.each([
    ['the recipient put off', { RCPT: '451 later' }],
    ['the message put off', { '.': '452 mailbox full' }],
  ])('%s says so: that may not be waited for without end', async (_, script) => {
    const sent = smtpMailer({ url: `smtp://${await aHost(script)}` }).send(MAIL);
    await expect(sent).rejects.toMatchObject({ type: 'mail-unavailable', code: 'mail-put-off' });
  });

  it.each([
    ['a greeting that refuses us', { greeting: '554 go away' }],
    ['a sender that is not accepted', { MAIL: '550 not you' }],
    ['a host that closes', { '.': '421 closing' }],
    ['a connection lost before DATA', { RCPT: 'drop' }],
    ['a host that says nothing', { greeting: 'mute' }],
  ])(
    '%s is tried again',
    async (_, script) => {
      const mailer = smtpMailer({ url: `smtp://${await aHost(script)}`, timeoutMs: 200 });
      const sent = mailer.send(MAIL);
      await expect(sent).rejects.toMatchObject({ type: 'mail-unavailable', code: 'mail-unavailable' });
    },
    30_000,
  );

  it.each([
    ['the connection', { '.': 'drop' }],
    ['the reply', { '.': 'mute' }],
  ])('%s lost after the message means possibly sent', async (_, script) => {
    expect(await smtpMailer({ url: `smtp://${await aHost(script)}`, timeoutMs: 200 }).send(MAIL)).toMatchObject({ kind: 'possibly-sent' });
  });

  it("a sign-in that fails is our trouble, not the recipient's, and tells no password", async () => {
    const host = await aHost({ EHLO: '250-host\r\n250 AUTH PLAIN', AUTH: '535 no' });
    const sent = smtpMailer({ url: `smtp://user:s3cret@${host}` }).send(MAIL);
    await expect(sent).rejects.toMatchObject({ type: 'mail-unavailable', message: expect.not.stringContaining('s3cret') });
  });

  it('nobody there is tried again', async () => {
    await expect(smtpMailer({ url: 'smtp://127.0.0.1:1' }).send(MAIL)).rejects.toMatchObject({ type: 'mail-unavailable' });
  });

  it('an address that is none is refused', async () => {
    expect(await smtpMailer({ url: `smtp://${await aHost({})}` }).send({ ...MAIL, to: 'nobody' })).toMatchObject({ kind: 'refused' });
  });
});
