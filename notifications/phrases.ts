import type { Silence } from '../domain/case/notification-parameters.ts';
import { type Duration, epochMs, type Instant } from '../domain/instant.ts';
import { oneLine } from '../domain/one-line.ts';
import type { Block, Item } from './blocks.ts';
import type { MailTexts } from './languages.ts';
import type { Matter } from './parameters.ts';

/** `14 calendar days` */
export function lengthOf(texts: MailTexts, { n, unit }: Duration): string {
  return texts.say(`duration.${unit}`, { n });
}

/** `2 October 2025 at 18:00 (Europe/Berlin)`; UTC where the zone is not known here. */
export function whenIn(texts: MailTexts, zone: string, at: Instant): string {
  const known = isKnownZone(zone) ? zone : 'UTC';
  const parts = new Intl.DateTimeFormat(texts.locale, {
    timeZone: known,
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return texts.say('mail.when', { date: parts.format(epochMs(at)), zone: known });
}

/** What stands behind an instant that was counted beyond the published holidays. */
export function mayMove(texts: MailTexts, does: boolean | undefined): string {
  return does === true ? texts.say('mail.mayMove') : '';
}

function isKnownZone(zone: string): boolean {
  try {
    return zone !== '' && new Intl.DateTimeFormat('en', { timeZone: zone }) !== undefined;
  } catch {
    return false;
  }
}

/** Whether something is there, for a message that chooses by it. */
export function flag(is: boolean): string {
  return is ? 'true' : 'false';
}

/** A code as the name of a case in a message, which takes no hyphens. */
export function choice(code: string): string {
  return code.replace(/-(\w)/g, (_, notification: string) => notification.toUpperCase());
}

/** Several texts in one line. */
export function joined(texts: MailTexts, values: readonly string[], most: number): string {
  return values.map((value) => oneLine(value, most)).join(texts.say('mail.separator'));
}

/** The listing in a few words, for a subject. */
export function shortName(texts: MailTexts, { listing, title }: Matter): string {
  return texts.say('mail.name', { hasTitle: flag(title !== undefined), title: oneLine(title ?? '', 80), listing: oneLine(listing, 80) });
}

/** The listing, where it is and which case it is, for a line of a list. */
export function lineOf(texts: MailTexts, { listing, title, marketplace, market, reference }: Matter): string {
  return texts.say('mail.line', {
    ...{ hasTitle: flag(title !== undefined), title: oneLine(title ?? '', 200), listing: oneLine(listing, 200) },
    ...{ marketplace: oneLine(marketplace, 80), market: oneLine(market, 20), reference },
  });
}

/** Which page a link leads to, where that is not the case's. */
export type PageKind = 'appeal' | 'sanction' | 'referral';

function openLabel(texts: MailTexts, { isAppealPage }: Matter, page?: PageKind): string {
  return texts.say('mail.open', { page: page ?? (isAppealPage === true ? 'appeal' : 'case') });
}

/** A line of a list with the page of its case. */
export function itemOf(texts: MailTexts, matter: Matter, text: string): Item {
  return matter.page === undefined ? text : { text, link: { href: matter.page, label: openLabel(texts, matter) } };
}

/** The page of what a notification is about, as a block of its own. */
export function openBlocks(texts: MailTexts, matter: Matter, page?: PageKind): readonly Block[] {
  return matter.page === undefined ? [] : [{ link: { href: matter.page, label: openLabel(texts, matter, page) } }];
}

/** What will happen when nobody answers. */
export function consequence(texts: MailTexts, { riskClass, effect, removalLasts }: Silence): string {
  return texts.say('mail.consequence', { effect: choice(effect), risk: riskClass, lasts: lengthOf(texts, removalLasts) });
}
