import PostalMime, { type Attachment, type Email } from 'postal-mime';
import { sha256Hex } from '../domain/canonical.ts';
import { type InboundMail, messageTokensIn, type ReportedRecipient } from '../domain/inbound-mail.ts';
import { normalAddress } from '../domain/mail-address.ts';

/** Bounds of what is looked at: deeper or longer mails are not read at all. */
const LIMITS = { maxNestingDepth: 20, maxHeadersSize: 64 * 1024, forceRfc822Attachments: true } as const;
/** Recipients of one report. */
const MOST_RECIPIENTS = 50;
const MESSAGE_ID = /<[^\s<>]{1,250}>/;
const STATUS = /^[245]\.\d{1,3}\.\d{1,3}/;
/** Of words for a person so much is kept. */
const MOST_WORDS = 2_000;
/** Who writes reports in words: the programs of mail hosts. */
const MAIL_HOSTS = /^(?:mailer-daemon|postmaster)@/i;
/** Where such words end and the mail that they are about begins (qmail, Exim, and those that write like them). */
const COPY_BEGINS = /^[ \t]*-{2,}[^\n]*\b(?:copy|original message|returned message)\b/im;

/** A mail that is too deep or has too long headers for anybody to have written it. */
export class UnreadableMail extends Error {}

/**
 * Reads what a mail says of delivery from its headers and, of a report (RFC 3464, RFC 6533, QSBMF), from its machine-readable parts; the
 * words of people are not looked at. `head` is the beginning of the mail: a report has what counts before the mail that it returns.
 * `cameFor` are the tokens in the addresses that it came to.
 * @throws UnreadableMail
 */
export async function readMail(head: Uint8Array, returnPath: string, cameFor: readonly string[] = []): Promise<InboundMail> {
  const email = await parsed(head);
  const headers = new Map(email.headers.toReversed().map(({ key, value }) => [key, value]));
  const messageId = MESSAGE_ID.exec(headers.get('message-id') ?? '')?.[0];
  const report = email.attachments.find(({ mimeType }) => REPORTS.includes(mimeType));
  const written = report === undefined && returnPath === '' ? writtenBy(email) : undefined;
  const returned = await Promise.all(email.attachments.filter(isReturned).map((part) => originalId(part)));
  const named = [headers.get('in-reply-to'), headers.get('original-message-id'), headers.get('references')];
  return {
    id: sha256Hex(messageId ?? head),
    ...(messageId !== undefined && { messageId }),
    returnPath: returnPath.toLowerCase(),
    headers,
    about: [...new Set([...cameFor, ...[...returned, ...(written?.about ?? []), ...named].flatMap((header) => messageTokensIn(header ?? ''))])].slice(
      0,
      MOST_RECIPIENTS,
    ),
    ...(report !== undefined && { reported: recipientsOf(textOf(report)) }),
    ...(written?.reported !== undefined && { reported: written.reported }),
    ...(written?.words !== undefined && { words: written.words }),
  };
}

/** RFC 3464, and the same for addresses that are not ASCII (RFC 6533). */
const REPORTS: readonly string[] = ['message/delivery-status', 'message/global-delivery-status'];

/** What the program of a mail host wrote without a report's form, and the Message-IDs of the mail that it returns below. */
function writtenBy({ text = '', from }: Email): Pick<InboundMail, 'reported' | 'words'> & { readonly about: readonly string[] } {
  const plain = text.replace(/\r\n?/g, '\n').trim();
  const copy = COPY_BEGINS.exec(plain)?.index ?? plain.length;
  const about = [...plain.slice(copy).matchAll(/^Message-ID:\s*(<[^\s<>]{1,250}>)/gim)].map(([, id = '']) => id);
  const reported = qmailRecipients(plain.slice(0, copy));
  if (reported.length > 0) return { about, reported };
  return MAIL_HOSTS.test(from?.address ?? '') ? { about, words: plain.slice(0, Math.min(copy, MOST_WORDS)).trim() } : { about };
}

/** QSBMF, the form of qmail's reports: https://cr.yp.to/proto/qsbmf.txt. It tells of failures only. */
function qmailRecipients(words: string): readonly ReportedRecipient[] {
  if (!/^Hi\. This is the\b/.test(words)) return [];
  return words
    .split(/\n{2,}/)
    .slice(0, MOST_RECIPIENTS)
    .flatMap((paragraph) => {
      const address = /^<(\S{3,320})>:\n/.exec(paragraph)?.[1];
      const status = /\(#([245]\.\d{1,3}\.\d{1,3})\)/.exec(paragraph)?.[1] ?? '';
      return address === undefined ? [] : [{ addresses: [normalAddress(address)], action: 'failed', status }];
    });
}

async function parsed(head: Uint8Array): Promise<Email> {
  try {
    return await PostalMime.parse(head, LIMITS);
  } catch (error) {
    throw new UnreadableMail('the mail cannot be read', { cause: error });
  }
}

/** The part of a report that holds the mail that it is about, or its headers (RFC 6522). */
function isReturned({ mimeType }: Attachment): boolean {
  return RETURNED.includes(mimeType);
}

const RETURNED: readonly string[] = ['message/rfc822', 'message/global', 'text/rfc822-headers', 'message/rfc822-headers', 'message/global-headers'];

async function originalId(part: Attachment): Promise<string> {
  return (await parsed(new TextEncoder().encode(textOf(part)))).messageId ?? '';
}

function textOf({ content }: Attachment): string {
  return typeof content === 'string' ? content : new TextDecoder().decode(content);
}

/** The groups of fields behind the first, one for each recipient. */
function recipientsOf(report: string): readonly ReportedRecipient[] {
  const groups = report.replace(/\r\n?/g, '\n').split(/\n[ \t]*\n/);
  return groups.slice(0, MOST_RECIPIENTS).flatMap((group) => {
    const fields = fieldsOf(group);
    const addresses = ['final-recipient', 'original-recipient'].flatMap((name) => addressIn(fields.get(name)));
    const action = fields.get('action')?.trim().toLowerCase() ?? '';
    const status = STATUS.exec(fields.get('status')?.trim() ?? '')?.[0] ?? '';
    return addresses.length === 0 ? [] : [{ addresses, action, status }];
  });
}

/** Header-like lines, unfolded; names in lower case, the first of each. */
function fieldsOf(group: string): ReadonlyMap<string, string> {
  const lines = group.replace(/\n[ \t]+/g, ' ').split('\n');
  const pairs = lines.flatMap((line) => {
    const at = line.indexOf(':');
    return at < 1 ? [] : [[line.slice(0, at).trim().toLowerCase(), line.slice(at + 1)] as const];
  });
  return new Map(pairs.reverse());
}

/** `rfc822; somebody@example.com`, or `utf-8; …` with characters of its own as `\x{E4}` (RFC 6533, 3). */
function addressIn(field: string | undefined): readonly string[] {
  const [, type = '', address = ''] = /^\s*([\w-]+)\s*;\s*<?([^\s<>;]{3,600})>?/.exec(field ?? '') ?? [];
  if (address === '') return [];
  return [normalAddress(type.toLowerCase() === 'utf-8' ? unescaped(address) : address)];
}

function unescaped(address: string): string {
  return address.replace(/\\x\{([0-9a-f]{2,6})\}/gi, (whole, hex: string) => {
    const point = Number.parseInt(hex, 16);
    return point > 0x10_ffff ? whole : String.fromCodePoint(point).toWellFormed();
  });
}
