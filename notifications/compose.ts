import { messageToken } from '../domain/inbound-mail.ts';
import type { Instant } from '../domain/instant.ts';
import type { NotificationParameters } from './parameters.ts';
import type { MailTexts } from './languages.ts';
import { write } from './write.ts';

/** A notification on its way: which row it is, when it was due, and what it says. */
export interface DueNotification {
  readonly id: string;
  readonly dueAt: Instant;
  readonly params: NotificationParameters;
}

/** A mail but for its recipient. */
export interface ComposedMail {
  readonly messageId: string;
  readonly date: Instant;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** The Message-ID that it answers. */
  readonly inReplyTo?: string;
}

/**
 * One mail from one notification or from all notifications of a digest. It follows from what it is given alone: a retry is the same mail.
 * `id` is the notification's or the digest's; the date is the earliest due instant. Throws `RangeError` without notifications.
 */
export function composeMail(texts: MailTexts, id: string, notifications: readonly DueNotification[]): ComposedMail {
  const inOrder = [...notifications].sort((a, b) => compare(a.dueAt, b.dueAt) || compare(a.id, b.id));
  const [first] = inOrder;
  if (first === undefined) throw new RangeError('a mail without notifications');
  return {
    messageId: messageIdOf(id),
    date: first.dueAt,
    ...write(
      texts,
      inOrder.map(({ params }) => params),
    ),
  };
}

/** The Message-ID of a notification or digest: the same for ever, and it tells nothing. */
export function messageIdOf(id: string): string {
  return `<${messageToken(id)}@interdict>`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
