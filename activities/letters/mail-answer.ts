import { z } from 'zod';
import { instant } from '../../domain/instant.ts';
import type { LetterRow } from '../../store/entities/letters.ts';
import { audienceOf } from './address.ts';
import { type ComposedMail, messageIdOf } from './compose.ts';
import { pageOf } from './pages.ts';
import { LANGUAGES, render } from './texts.ts';

const aboutSchema = z.object({ cases: z.array(z.string()), inReplyTo: z.string().optional() });

/** The answer to a reply: says that it was none, and where one can be given. It follows from its row alone: a retry is the same mail. */
export function mailAnswer({ id, about, writtenAt, to }: LetterRow, origin: string | undefined): ComposedMail {
  const { cases, inReplyTo } = aboutSchema.parse(about);
  const pages = origin === undefined ? [] : cases.flatMap((aggregate) => pageOf(origin, aggregate, audienceOf(to)) ?? []);
  const where = pages.length === 0 && origin !== undefined ? [origin] : pages;
  const { text, html } = render(LANGUAGES.en, [
    { p: 'You replied to a mail of ours. Nobody reads replies, and a reply is not an answer: nothing was recorded, and every deadline runs on.' },
    { p: 'Answers are given on the page, after signing in:' },
    ...where.map((href) => ({ link: { href, label: 'Open' } })),
    { p: 'This is sent once for each mail of ours that is replied to.' },
  ]);
  const subject = 'Your reply is not an answer: please open the page';
  return { messageId: messageIdOf(id), date: instant(writtenAt), subject, text, html, ...(inReplyTo !== undefined && { inReplyTo }) };
}
