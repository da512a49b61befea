import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import DKIM from 'nodemailer/lib/dkim';
import MailComposer from 'nodemailer/lib/mail-composer';
import { parseConnectionUrl } from 'nodemailer/lib/shared';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { z } from 'zod';
import { sha256Hex } from '../domain/canonical.ts';
import { returnAddress } from '../domain/inbound-mail.ts';
import { epochMs } from '../domain/instant.ts';
import { normalAddress } from '../domain/mail-address.ts';
import { mailPutOff, mailUnavailable } from './failures.ts';
import type { Mail, MailerPort, MailResult } from './ports.ts';

/** How mail is handed to the mail host. */
export interface SmtpMailerOptions {
  /** `smtp://user:password@host:port` or `smtps://...`. */
  readonly url: string;
  /** Sender, as in a From header. */
  readonly from?: string;
  /** Longest silence of the mail host, in milliseconds; 60 s when absent. */
  readonly timeoutMs?: number;
  /** Where replies and reports are to come; absent: the sender. */
  readonly replyTo?: string | undefined;
  /** What stands between the mailbox of `replyTo` and the message token in the envelope's sender; none: the address alone. `+` when absent. */
  readonly returnDelimiter?: string | undefined;
  /** Signs every mail (RFC 6376); absent: the mail host does, or nobody. */
  readonly dkim?: DkimKey | undefined;
}

/** What a DKIM signature is made with; the private key is PEM text. */
export interface DkimKey {
  readonly domain: string;
  readonly selector: string;
  readonly privateKey: string;
}

const DEFAULT_FROM = 'Interdict <no-reply@interdict.invalid>';
/** The setting for mail hosts that know no addresses with a delimiter. */
const NO_DELIMITER = 'none';
const DEFAULT_TIMEOUT_MS = 60_000;
const CONNECT_TIMEOUT_MS = 15_000;

/** Stages at which a 4xx or 5xx is about this mail. Before them it is about us: sign-in, sender, TLS. */
const ABOUT_THE_MAIL: ReadonlySet<string> = new Set(['RCPT TO', 'DATA']);
/** The host closes, at whatever stage (RFC 5321, 3.8). */
const CLOSING = 421;

/** What nodemailer adds to its errors. */
const smtpErrorSchema = z.object({
  code: z.string().catch('unknown'),
  command: z.string().catch(''),
  responseCode: z.number().optional().catch(undefined),
  response: z.string().optional().catch(undefined),
});

interface Composed {
  readonly raw: Buffer;
  readonly from: string;
  readonly to: string[];
}

/**
 * Mail by SMTP, one connection a mail. The bytes follow from the mail alone (Message-ID, date, boundary), so that a retry is
 * byte-identical. A 5xx to the recipients or the message is `refused`; a reply lost after the whole message was handed over is
 * `possibly-sent`, for SMTP is at least once. With several recipients it is delivered when one of them took it.
 * @throws ActivityFailure `mail-unavailable` for every other trouble: connection, sign-in, sender not accepted, and with the code
 * `mail-put-off` for a 4xx to the recipients or the message
 */
export function smtpMailer(options: SmtpMailerOptions): MailerPort {
  return {
    send: async (mail) => handOver(options, await signed(await compose(mail, options), options.dkim)),
  };
}

/** The message as it goes over the wire. Address lists in `to` are split as in a To header. */
export async function compose(mail: Mail, { from, replyTo, returnDelimiter = '+' }: SmtpMailerOptions): Promise<Composed> {
  const node = new MailComposer({
    from: from ?? DEFAULT_FROM,
    to: mail.to,
    subject: mail.subject,
    text: mail.text,
    ...(mail.html !== undefined && { html: mail.html }),
    attachments: (mail.attachments ?? []).map(({ name: filename, type: contentType, bytes }) => ({
      filename,
      contentType,
      content: Buffer.from(bytes),
    })),
    messageId: from === undefined ? mail.messageId : inDomainOf(from, mail.messageId),
    date: new Date(epochMs(mail.date)),
    baseBoundary: sha256Hex(mail.messageId).slice(0, 32),
    ...(mail.inReplyTo !== undefined && { inReplyTo: mail.inReplyTo, references: mail.inReplyTo }),
    ...((mail.replyTo ?? replyTo) !== undefined && { replyTo: mail.replyTo ?? replyTo }),
    // An answering machine shall not answer: RFC 3834, and what Exchange reads instead.
    headers: {
      'Auto-Submitted': mail.inReplyTo === undefined ? 'auto-generated' : 'auto-replied',
      'X-Auto-Response-Suppress': 'OOF, AutoReply',
    },
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile();
  const envelope = node.getEnvelope();
  // Reports go to the sender of the envelope.
  const back = replyTo === undefined || returnDelimiter === NO_DELIMITER ? replyTo : returnAddress(replyTo, returnDelimiter, mail.messageId);
  return { raw: await node.build(), from: back ?? (envelope.from === false ? '' : envelope.from), to: envelope.to };
}

/** RFC 5322, 3.6.4: the right side is a domain of who makes the id; another's, or none, makes a mail look forged. */
function inDomainOf(from: string, messageId: string): string {
  const domain =
    normalAddress(/<([^<>]+)>$/.exec(from)?.[1] ?? from)
      .split('@')
      .at(-1) ?? '';
  return messageId.replace(/@[^@>]*>$/, `@${domain}>`);
}

/** The signature follows from key and message alone (no instant is in it), so that a retry is byte-identical with it too. */
async function signed(mail: Composed, key: DkimKey | undefined): Promise<Composed> {
  if (key === undefined) return mail;
  const { domain: domainName, selector: keySelector, privateKey } = key;
  return { ...mail, raw: await buffer(new DKIM({ domainName, keySelector, privateKey }).sign(mail.raw)) };
}

async function handOver(options: SmtpMailerOptions, mail: Composed): Promise<MailResult> {
  const { auth, ...address } = parseConnectionUrl(options.url);
  const connection = new SMTPConnection({
    ...address,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    greetingTimeout: CONNECT_TIMEOUT_MS,
    dnsTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
  });
  const message = Readable.from([mail.raw]);
  let isHandedOver = false;
  message.once('end', () => {
    isHandedOver = true;
  });
  try {
    return await converse(connection, auth, mail, message);
  } catch (error) {
    return resultOf(error, isHandedOver);
  } finally {
    connection.close();
  }
}

type Auth = ReturnType<typeof parseConnectionUrl>['auth'];

function converse(connection: SMTPConnection, auth: Auth, mail: Composed, message: Readable): Promise<MailResult> {
  return new Promise((resolve, reject) => {
    const { from, to, raw } = mail;
    const send = () =>
      connection.send({ from, to, size: raw.length }, message, (error, info) => {
        if (error || info === undefined) reject(error);
        else resolve({ kind: 'delivered', reply: withRefused(info.response, info.rejected.length, to.length) });
      });
    connection.once('error', reject);
    connection.connect((error) => {
      if (error) reject(error);
      else if (auth === undefined) send();
      else connection.login(auth, (denied) => (denied ? reject(denied) : send()));
    });
  });
}

function withRefused(reply: string, refused: number, all: number): string {
  const text = withoutAddresses(reply);
  return refused === 0 ? text : `${text} (${refused} of ${all} recipients refused)`;
}

function resultOf(error: unknown, isHandedOver: boolean): MailResult {
  const { code, responseCode, response, command } = smtpErrorSchema.parse(error);
  if (responseCode !== undefined) {
    const reply = withoutAddresses(response ?? String(responseCode));
    if (responseCode >= 500 && ABOUT_THE_MAIL.has(command)) return { kind: 'refused', reply };
    throw ABOUT_THE_MAIL.has(command) && responseCode !== CLOSING ? mailPutOff(`${command} ${reply}`) : mailUnavailable(`${command} ${reply}`);
  }
  // Larger than the host takes, said before anything was sent.
  if (code === 'EMESSAGE') return { kind: 'refused', reply: 'the message is larger than the mail host takes' };
  if (isHandedOver) return { kind: 'possibly-sent', reply: `no reply after the message (${code})` };
  // An address that no mail host can be asked about.
  if (code === 'EENVELOPE' && command === 'API') return { kind: 'refused', reply: 'the address is not one that mail can be sent to' };
  throw mailUnavailable(code);
}

/** Replies repeat addresses; what we keep of them must not. */
function withoutAddresses(reply: string): string {
  return reply.replace(/<?[^\s<>"]+@[^\s<>"]+>?/g, '<address>').slice(0, 500);
}
