import { createTransport } from 'nodemailer';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { type RunningMailbox, startMailbox } from '../../embedded/mailbox/mailbox.ts';
import { aFolder, aLog, call } from './support.ts';

const AT = '2026-01-05T09:00:00.000Z';
const MAIL = {
  from: 'engine@interdict.example',
  to: 'brand@example.com',
  subject: 'Is this <i>yours</i>?',
  text: 'Please say.',
  messageId: '<letter-1@interdict>',
};

async function aMailbox(dir?: string): Promise<RunningMailbox> {
  const mailbox = await startMailbox({
    dir: dir ?? (await aFolder()),
    smtpPort: 0,
    httpPort: 0,
    now: () => AT,
    log: aLog().log,
  });
  onTestFinished(() => mailbox.stop());
  return mailbox;
}

function send(mailbox: RunningMailbox, mail: Partial<typeof MAIL> = {}): Promise<unknown> {
  return createTransport(mailbox.smtpUrl).sendMail({ ...MAIL, ...mail });
}

const listSchema = z.object({
  messages: z.array(z.looseObject({ id: z.string(), copies: z.number(), digest: z.string() })),
});

async function messages(mailbox: RunningMailbox, query = '') {
  return listSchema.parse((await call(`${mailbox.url}/messages${query}`)).body).messages;
}

test('mail is kept, found by recipient, and there after a restart', async () => {
  const dir = await aFolder();
  const first = await aMailbox(dir);
  await send(first);
  await send(first, { to: 'other@example.com', messageId: '<letter-2@interdict>' });
  await first.stop();
  const second = await aMailbox(dir);
  const found = await messages(second, '?to=BRAND@example.com');
  expect(found).toMatchObject([
    {
      at: AT,
      from: MAIL.from,
      to: [MAIL.to],
      subject: MAIL.subject,
      messageId: MAIL.messageId,
      text: 'Please say.\n',
      copies: 1,
    },
  ]);
  await send(second, { messageId: '<letter-3@interdict>' });
  expect((await messages(second)).map(({ id }) => id)).toEqual(['00000001', '00000002', '00000003']);
});

test('the source is as it was sent, and pages are escaped', async () => {
  const mailbox = await aMailbox();
  await send(mailbox);
  const raw = await (await fetch(`${mailbox.url}/messages/00000001/raw`)).text();
  expect(raw).toMatch(/^From: engine@interdict\.example\r\n/);
  for (const address of ['/', '/mail/00000001']) {
    const page = await (await fetch(`${mailbox.url}${address}`)).text();
    expect(page).toContain('Is this &lt;i&gt;yours&lt;/i&gt;?');
    expect(page).not.toContain('<i>');
  }
  expect((await call(`${mailbox.url}/messages/00000009`)).status).toBe(404);
});

test('a second delivery of the same Message-ID is kept and counted', async () => {
  const mailbox = await aMailbox();
  await send(mailbox);
  await send(mailbox);
  expect(await messages(mailbox)).toMatchObject([{ copies: 2 }, { copies: 2 }]);
});

test.each([
  ['4xx', 451],
  ['5xx', 550],
])('%s refuses the scripted recipient once', async (kind, responseCode) => {
  const mailbox = await aMailbox();
  await call(`${mailbox.url}/faults`, 'POST', { kind, recipient: 'Brand@example.com', times: 1 });
  await send(mailbox, { to: 'other@example.com' });
  await expect(send(mailbox)).rejects.toMatchObject({ responseCode });
  await send(mailbox);
  expect(await messages(mailbox)).toHaveLength(2);
});

test('drop keeps the message and loses the reply', async () => {
  const mailbox = await aMailbox();
  await call(`${mailbox.url}/faults`, 'POST', { kind: 'drop' });
  await expect(send(mailbox)).rejects.toThrow();
  await call(`${mailbox.url}/faults`, 'DELETE');
  await send(mailbox);
  expect(await messages(mailbox)).toMatchObject([{ copies: 2 }, { copies: 2 }]);
});

test('a port that is taken is told with a cure', async () => {
  const { smtpUrl } = await aMailbox();
  const smtpPort = Number(new URL(smtpUrl).port);
  const second = startMailbox({ dir: await aFolder(), smtpPort, httpPort: 0, now: () => AT, log: aLog().log });
  await expect(second).rejects.toMatchObject({ code: 'port-in-use', cure: expect.stringContaining('--port') });
});
