import { sha256Hex } from './canonical.ts';

/** What a delivery report says of one address (RFC 3464): addresses in lower case, the action, the status code. */
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
  /** The marks of mails of ours that it names, the nearest first. */
  readonly about: readonly string[];
  /** Of a delivery report. */
  readonly reported?: readonly ReportedRecipient[];
}

/** What an incoming mail says of the delivery of one of ours. */
export const DeliveryFact = { bounced: 'bounced', delayed: 'delayed', arrived: 'arrived', autoReply: 'auto-reply', reply: 'reply' } as const;
export type DeliveryFact = (typeof DeliveryFact)[keyof typeof DeliveryFact];

const MARK = /<([0-9a-f]{32})@interdict>/g;

/** The mark of a letter or digest in the Message-ID of its mail: the same for ever, and it tells nothing. */
export function mailMark(id: string): string {
  return sha256Hex(id).slice(0, 32);
}

/** The marks of ours in a header such as References, the last (nearest) first. */
export function marksIn(header: string): readonly string[] {
  return [...header.matchAll(MARK)].map(([, mark = '']) => mark).reverse();
}

/** To whom a mail went, as it is kept: says nothing without the address, and differs from mail to mail. */
export function sentToDigest(mark: string, address: string): string {
  return sha256Hex(`${mark}\n${address.trim().toLowerCase()}`);
}

/** The addresses of a To line of ours. */
export function addressesOf(to: string): readonly string[] {
  return to.split(',').map((part) => (/<([^<>]+)>/.exec(part)?.[1] ?? part).trim().toLowerCase());
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
}

/**
 * What an incoming mail says of a mail of ours that went to `sentTo` (digests). A report counts only from the empty sender
 * (RFC 3464, 2) and only for addresses that the mail really went to: anybody can write one about anybody else.
 */
export function saidOf(mail: InboundMail, mark: string, sentTo: readonly string[]): readonly Said[] {
  if (mail.reported !== undefined && mail.returnPath === '') {
    return mail.reported.flatMap(({ addresses, action, status }) => {
      const fact = ACTIONS[action];
      const recipient = addresses.map((address) => sentToDigest(mark, address)).find((digest) => sentTo.includes(digest));
      return fact === undefined || recipient === undefined ? [] : [{ fact, recipient, status }];
    });
  }
  return [{ fact: isAutomatic(mail) ? DeliveryFact.autoReply : DeliveryFact.reply, recipient: '', status: '' }];
}

const MACHINES = /^(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)(?:[+\-=.].*)?@/;
const MARKS_OF_MACHINES: readonly string[] = [
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
    (said !== undefined && !/^no\b/.test(said)) ||
    /^\s*(?:bulk|junk|list|auto_reply)\b/i.test(headers.get('precedence') ?? '') ||
    /^\s*multipart\/report\b/i.test(headers.get('content-type') ?? '') ||
    MARKS_OF_MACHINES.some((name) => headers.has(name))
  );
}
