import { createTransport } from 'nodemailer';
import { Client } from 'pg';
import type { AggregateId } from '../../domain/ids.ts';
import { messageToken } from '../../domain/inbound-mail.ts';
import { DeliveryFactRow, OutboxRow } from '../../store/schema/entities/outbox.ts';
import { InboxRow } from '../../store/schema/entities/log.ts';
import { aCase } from '../activities/a-case.ts';
import { claimed, db, receiverPort, em, REPLY_TO, send } from '../activities/notification-stage.ts';

/** Hands a mail in as a mail host does. */
export async function bring(raw: string, from: string, to = REPLY_TO): Promise<string> {
  const transport = createTransport({ host: '127.0.0.1', port: receiverPort, secure: false, ignoreTLS: true });
  const { response } = await transport.sendMail({ envelope: { from, to: [to] }, raw: raw.replace(/\r?\n/g, '\r\n') });
  return response;
}

export async function asOwner(sql: string): Promise<void> {
  const client = new Client({ connectionString: db.url });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}

/** A person's reply to the mail of a letter or digest. */
export const reply = (id: string, headers = '', messageId = '<reply-1@brand.test>') =>
  `From: R <ip@a.test>\nTo: ${REPLY_TO}\nSubject: Re: x\nMessage-ID: ${messageId}\nIn-Reply-To: <${messageToken(id)}@interdict>\n${headers}\ncounterfeit! Please remove it.\n`;

interface Reported {
  readonly recipient?: string;
  readonly action?: string;
  readonly messageId?: string;
  readonly returned?: string;
}
/** A delivery report about the mail of a letter or digest. */
export const report = (
  id: string,
  { recipient = 'ip@a.test', action = 'failed', messageId = '<dsn-1@mx.test>', returned = 'text/rfc822-headers' }: Reported = {},
) =>
  `From: mailer-daemon@mx.test\nTo: ${REPLY_TO}\nSubject: Undelivered\nMessage-ID: ${messageId}\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\n
--b\nContent-Type: text/plain\n\nNo such user.\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.test\n
Original-Recipient: rfc822;somebody@else.test\nFinal-Recipient: RFC822; ${recipient}\nAction: ${action}\nStatus: 5.1.1\n (bad mailbox)\nDiagnostic-Code: smtp; 550\n
--b\nContent-Type: ${returned}\n\nFrom: x@house.test\nMessage-ID: <${messageToken(id)}@interdict>\nSubject: x\n\n--b--\n`;

export const facts = () => em().find(DeliveryFactRow, {}, { orderBy: { at: 'asc', id: 'asc', recipient: 'asc' } });
export const answers = () => em().find(OutboxRow, { kind: 'mail-answer' });
export const messages = () => em().find(InboxRow, {});

/** An ask that was sent. */
export async function openAskedCase(): Promise<{ readonly id: AggregateId; readonly letter: string }> {
  const id = await aCase(db);
  const { id: letter } = await claimed(id, 'ask');
  await send(letter);
  return { id, letter };
}
