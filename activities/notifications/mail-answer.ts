import { z } from 'zod';
import { instant } from '../../domain/instant.ts';
import type { OutboxRow } from '../../store/schema/entities/outbox.ts';
import { audienceOf } from './address.ts';
import { type ComposedMail, messageIdOf } from '../../notifications/compose.ts';
import { pageOf } from './pages.ts';
import type { MailTexts } from '../../notifications/languages.ts';
import { render } from '../../notifications/write.ts';

const aboutSchema = z.object({ cases: z.array(z.string()), inReplyTo: z.string().optional() });

/** The answer to a reply: says that it was none, and where one can be given. It follows from its row alone: a retry is the same mail. */
export function mailAnswer(texts: MailTexts, { id, about, writtenAt, to }: OutboxRow, origin: string | undefined): ComposedMail {
  const { cases, inReplyTo } = aboutSchema.parse(about);
  const pages = origin === undefined ? [] : cases.flatMap((aggregate) => pageOf(origin, aggregate, audienceOf(to)) ?? []);
  const where = pages.length === 0 && origin !== undefined ? [origin] : pages;
  const { text, html } = render(texts, [
    { p: texts.say('mail.mail-answer.opening') },
    { p: texts.say('mail.mail-answer.where') },
    ...where.map((href) => ({ link: { href, label: texts.say('mail.mail-answer.link') } })),
    { p: texts.say('mail.mail-answer.closing') },
  ]);
  const subject = texts.say('mail.mail-answer.subject');
  return { messageId: messageIdOf(id), date: instant(writtenAt), subject, text, html, ...(inReplyTo !== undefined && { inReplyTo }) };
}
