import { z } from 'zod';
import { LINK_LASTS_MS, makeLink } from '../../store/access/sign-in.ts';
import type { OutboxRow } from '../../store/schema/entities/outbox.ts';
import { disclosed } from '../../store/log/disclosures.ts';
import type { LogContext } from '../../store/log/context.ts';
import { type Manager, work } from '../../store/connection/orm.ts';
import { type ComposedMail, messageIdOf } from '../../notifications/compose.ts';
import type { MailTexts } from '../../notifications/languages.ts';
import { render } from '../../notifications/write.ts';

const aboutSchema = z.object({ origin: z.string(), page: z.string().optional() });

/**
 * The mail with a one-time link. The token is made here and goes into the mail only: no row holds it. A second try makes a
 * second link; both run out soon, and each works once.
 */
export async function signInMail({ store, clock }: LogContext, texts: MailTexts, row: OutboxRow): Promise<ComposedMail | undefined> {
  const em = work(store);
  const who = await recipientOf(em, row);
  if (who === undefined) return undefined;
  const now = clock.now();
  const { origin, page } = aboutSchema.parse(row.about);
  const url = `${origin}/sign-in/${await makeLink(em, who, now)}${page === undefined ? '' : `?page=${encodeURIComponent(page)}`}`;
  const { text, html } = render(texts, [
    { p: texts.say('mail.sign-in.opening') },
    { link: { href: url, label: texts.say('mail.sign-in.link') } },
    { p: texts.say('mail.sign-in.closing', { minutes: LINK_LASTS_MS / 60_000 }) },
  ]);
  return { messageId: messageIdOf(row.id), date: now, subject: texts.say('mail.sign-in.subject'), text, html };
}

async function recipientOf(em: Manager, { to }: OutboxRow): Promise<string | undefined> {
  if ('person' in to) return to.person;
  return 'seller' in to ? disclosed(em, to.seller) : undefined;
}
