import PostalMime, { type Attachment, type Email } from 'postal-mime';
import { sha256Hex } from '../../domain/canonical.ts';
import { type InboundMail, marksIn, type ReportedRecipient } from '../../domain/inbound-mail.ts';

/** Bounds of what is looked at: deeper or longer mails are not read at all. */
const LIMITS = { maxNestingDepth: 20, maxHeadersSize: 64 * 1024, forceRfc822Attachments: true } as const;
/** Recipients of one report. */
const MOST_RECIPIENTS = 50;
const MESSAGE_ID = /<[^\s<>]{1,250}>/;
const STATUS = /^[245]\.\d{1,3}\.\d{1,3}/;

/** A mail that is too deep or has too long headers for anybody to have written it. */
export class UnreadableMail extends Error {}

/**
 * Reads what a mail says of delivery from its headers and, of a report (RFC 3464), from its machine-readable parts; its words are
 * not looked at. `head` is the beginning of the mail: a report has what counts before the mail that it returns.
 * @throws UnreadableMail
 */
export async function readMail(head: Uint8Array, returnPath: string): Promise<InboundMail> {
  const email = await parsed(head);
  const headers = new Map(email.headers.toReversed().map(({ key, value }) => [key, value]));
  const messageId = MESSAGE_ID.exec(headers.get('message-id') ?? '')?.[0];
  const report = email.attachments.find(({ mimeType }) => mimeType === 'message/delivery-status');
  const returned = await Promise.all(email.attachments.filter(isReturned).map((part) => originalId(part)));
  const named = [headers.get('in-reply-to'), headers.get('original-message-id'), headers.get('references')];
  return {
    id: sha256Hex(messageId ?? head),
    ...(messageId !== undefined && { messageId }),
    returnPath: returnPath.toLowerCase(),
    headers,
    about: [...new Set([...returned, ...named].flatMap((header) => marksIn(header ?? '')))].slice(0, MOST_RECIPIENTS),
    ...(report !== undefined && { reported: recipientsOf(textOf(report)) }),
  };
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
  return (
    mimeType === 'message/rfc822' || mimeType === 'message/global' || mimeType === 'text/rfc822-headers' || mimeType === 'message/rfc822-headers'
  );
}

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

/** `rfc822; somebody@example.com` */
function addressIn(field: string | undefined): readonly string[] {
  const address = /^\s*[\w-]+\s*;\s*<?([^\s<>;]{3,320})>?/.exec(field ?? '')?.[1];
  return address === undefined ? [] : [address.toLowerCase()];
}
