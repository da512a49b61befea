import { z } from 'zod';
import { instant } from '../../domain/instant.ts';
import type { LetterRow } from '../../store/schema/entities/letters.ts';
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
    {
      p: 'You replied to one of our mails. We do not read replies, and a reply does not count as an answer: nothing was recorded, and all deadlines still apply.',
    },
    { p: 'Please sign in and answer on the page:' },
    ...where.map((href) => ({ link: { href, label: 'Open' } })),
    { p: 'We send this message only once for each mail that you reply to.' },
  ]);
  const subject = 'Your reply is not an answer: please use the case page';
  return { messageId: messageIdOf(id), date: instant(writtenAt), subject, text, html, ...(inReplyTo !== undefined && { inReplyTo }) };
}
