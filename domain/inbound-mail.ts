import { sha256Hex } from './canonical.ts';
import { normalAddress } from './mail-address.ts';

/** What a delivery report says of one address (RFC 3464): where it ended and, behind it, who it was for at first; the action, the status code. */
export interface ReportedRecipient {
  readonly addresses: readonly string[];
  readonly action: string;
  readonly status: string;
}

/** A mail that came in, as far as anything here looks at it: never its words. */
export interface InboundMail {
  /** The same for every delivery of this mail. */
  readonly id: string;
  /** Message-ID in angle brackets, where it has one of a proper form. */
  readonly messageId?: string;
  /** The sender's address of the envelope in lower case; empty for reports. */
  readonly returnPath: string;
  /** Names in lower case, first value of each. */
  readonly headers: ReadonlyMap<string, string>;
  /** The tokens of mails of ours that it names, the nearest first. */
  readonly about: readonly string[];
  /** Of a delivery report. */
  readonly reported?: readonly ReportedRecipient[];
  /** What a mail host wrote in words only, as far as it is kept; absent for everything else. */
  readonly words?: string;
}

/** What an incoming mail says of the delivery of one of ours. */
export const DeliveryFact = {
  bounced: 'bounced',
  delayed: 'delayed',
  arrived: 'arrived',
  /** A mail host has written words that only a person can read. */
  unclear: 'unclear',
  autoReply: 'auto-reply',
  reply: 'reply',
} as const;
export type DeliveryFact = (typeof DeliveryFact)[keyof typeof DeliveryFact];

/** The domain is the sender's, which may have changed since. */
const TOKEN = /<([0-9a-f]{32})@[^\s<>@]{1,255}>/g;
/** Between a mailbox and what is added to it: which one, the mail host decides (RFC 5233). */
const DELIMITED = /^(.*)[+\-=]([0-9a-f]{32})$/;

/** The message token: what stands for a notification or digest in the Message-ID of its mail: the same for ever, and it tells nothing. */
export function messageToken(id: string): string {
  return sha256Hex(id).slice(0, 32);
}

/** The tokens of ours in a header such as References, the last (nearest) first. */
export function messageTokensIn(header: string): readonly string[] {
  return [...header.matchAll(TOKEN)].map(([, token = '']) => token).reverse();
}

/**
 * The sender of the envelope of one mail of ours: the address for replies with the token in it. A report comes there, so that it is known what it
 * is about even where a host has replaced the Message-ID. A Message-ID without a token gives the address alone.
 */
export function returnAddress(address: string, delimiter: string, messageId: string): string {
  const [token] = messageTokensIn(messageId);
  const at = address.lastIndexOf('@');
  return token === undefined ? address : `${address.slice(0, at)}${delimiter}${token}${address.slice(at)}`;
}

/** Whether a mail to `recipient` is for `address`, and the token that it carries there; undefined for another address. */
export function cameTo(address: string, recipient: string): { readonly token?: string } | undefined {
  const [ours, theirs] = [normalAddress(address), normalAddress(recipient)];
  if (ours === theirs) return {};
  const at = theirs.lastIndexOf('@');
  const [, mailbox = '', token = ''] = DELIMITED.exec(theirs.slice(0, at)) ?? [];
  return token !== '' && `${mailbox}${theirs.slice(at)}` === ours ? { token } : undefined;
}

/** To whom a mail went, as it is kept: says nothing without the address, and differs from mail to mail. */
export function sentToDigest(token: string, address: string): string {
  return sha256Hex(`${token}\n${normalAddress(address)}`);
}

/** The addresses of a To line of ours. */
export function addressesOf(to: string): readonly string[] {
  return to.split(',').map((part) => normalAddress(/<([^<>]+)>/.exec(part)?.[1] ?? part));
}

/** RFC 3464, 2.3.3: what the actions of a report mean here; unknown ones mean nothing. */
const ACTIONS: Readonly<Record<string, DeliveryFact>> = {
  failed: DeliveryFact.bounced,
  delayed: DeliveryFact.delayed,
  delivered: DeliveryFact.arrived,
  relayed: DeliveryFact.arrived,
  expanded: DeliveryFact.arrived,
};

/** One thing said of one recipient (by digest), or of the mail as a whole (empty recipient). */
export interface Said {
  readonly fact: DeliveryFact;
  readonly recipient: string;
  readonly status: string;
  /** Where the mail ended after the recipient's host had passed it on. */
  readonly address?: string;
  /** What a person has to read. */
  readonly words?: string;
}

/**
 * What an incoming mail says of a mail of ours that went to `sentTo` (digests). A report counts only from the empty sender
 * (RFC 3464, 2) and only for addresses that the mail went to; of a mail to one alone also for another, where that one has it passed on to.
 */
export function saidOf(mail: InboundMail, token: string, sentTo: readonly string[]): readonly Said[] {
  if (mail.reported !== undefined && mail.returnPath === '') return reportedOf(mail.reported, token, sentTo);
  if (mail.words !== undefined && mail.returnPath === '') return [{ fact: DeliveryFact.unclear, recipient: '', status: '', words: mail.words }];
  return [{ fact: isAutomatic(mail) ? DeliveryFact.autoReply : DeliveryFact.reply, recipient: '', status: '' }];
}

function reportedOf(reported: readonly ReportedRecipient[], token: string, sentTo: readonly string[]): readonly Said[] {
  const known = reported.flatMap(({ addresses, action, status }) => {
    const fact = ACTIONS[action];
    const recipient = addresses.flatMap((address) => digestsOf(token, address)).find((digest) => sentTo.includes(digest));
    return fact === undefined ? [] : [{ fact, recipient, status, address: addresses[0] ?? '' }];
  });
  const ours = known.flatMap(({ fact, recipient, status }) => (recipient === undefined ? [] : [{ fact, recipient, status }]));
  const [only, second] = sentTo;
  if (ours.length > 0 || only === undefined || second !== undefined) return ours;
  // Passed on to several: it has come back when none of them got it.
  const forwarded = known.find(({ fact }) => fact !== DeliveryFact.bounced) ?? known[0];
  return forwarded === undefined ? [] : [{ ...forwarded, recipient: only }];
}

/** As it is kept, and as it was kept before domains had one form. */
function digestsOf(token: string, address: string): readonly string[] {
  return [sentToDigest(token, address), sha256Hex(`${token}\n${address.trim().toLowerCase()}`)];
}

const MACHINES = /^(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)(?:[+\-=.].*)?@/;
const HEADERS_OF_MACHINES: readonly string[] = [
  'x-auto-response-suppress',
  'x-autoreply',
  'x-autorespond',
  'x-auto-reply',
  'list-id',
  'list-unsubscribe',
  'feedback-id',
];

/** Whether a program wrote it (RFC 3834, 2; and what programs say that do not follow it): such a mail is never answered. */
export function isAutomatic({ returnPath, headers, reported }: InboundMail): boolean {
  const said = headers.get('auto-submitted')?.trim().toLowerCase();
  return (
    returnPath === '' ||
    reported !== undefined ||
    MACHINES.test(returnPath) ||
    MACHINES.test(addressesOf(headers.get('from') ?? '')[0] ?? '') ||
    (said !== undefined && !/^no\b/.test(said)) ||
    /^\s*(?:bulk|junk|list|auto_reply)\b/i.test(headers.get('precedence') ?? '') ||
    /^\s*multipart\/report\b/i.test(headers.get('content-type') ?? '') ||
    HEADERS_OF_MACHINES.some((name) => headers.has(name))
  );
}
