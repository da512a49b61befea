import { oneLine } from '../domain/one-line.ts';
import type { Block, Item, Layout, Link } from './blocks.ts';
import { CASE_LAYOUTS } from './cases.ts';
import { type MailTexts, mailTextsIn } from './languages.ts';
import type { NotificationParameters, MailKind, ParamsOf } from './parameters.ts';
import { REFERRAL_LAYOUTS } from './referrals.ts';
import { SANCTION_LAYOUTS } from './sanctions.ts';

/** How each kind is put together: one that is forgotten here does not compile. */
const LAYOUTS: { readonly [K in MailKind]: Layout<ParamsOf<K>> } = { ...CASE_LAYOUTS, ...SANCTION_LAYOUTS, ...REFERRAL_LAYOUTS };

/** All kinds of notifications. */
export const MAIL_KINDS: readonly string[] = Object.keys(LAYOUTS);

/** A notification in words, as plain text and as HTML with every text escaped. */
export interface ComposedText {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Longest subject: titles of listings can fill pages. */
const LONGEST_SUBJECT = 200;

/**
 * Writes the notifications of one mail. Kinds come in the order of their first notification, each with a heading when there are several.
 * An authority reads its own language and, like the cover of its packet, English below it.
 */
export function write(texts: MailTexts, notifications: readonly NotificationParameters[]): ComposedText {
  const own = partIn(texts, notifications);
  if (texts.tag === 'en' || notifications[0]?.to !== 'authority') return { subject: own.subject, ...render(texts, own.blocks) };
  const english = partIn(mailTextsIn('en'), notifications);
  const subject = oneLine(`${english.subject} / ${own.subject}`, LONGEST_SUBJECT);
  return { subject, ...render(texts, [...own.blocks, { lang: 'en', blocks: english.blocks }]) };
}

interface Part {
  readonly subject: string;
  readonly blocks: readonly Block[];
}

function partIn(texts: MailTexts, notifications: readonly NotificationParameters[]): Part {
  const kinds = [...Map.groupBy(notifications, (notification) => notification.kind)].map(([kind, members]) => ofKind(texts, kind, members));
  const [first] = kinds;
  if (first === undefined) throw new RangeError('a mail without notifications');
  const subject = kinds.length === 1 ? first.subject : texts.say('mail.mixed', { count: notifications.length });
  const blocks = kinds.length === 1 ? first.blocks : kinds.flatMap((one) => [{ heading: one.subject }, ...one.blocks]);
  return { subject: oneLine(subject, LONGEST_SUBJECT), blocks: [...blocks, { p: texts.say('mail.footer') }] };
}

/** Blocks as plain text and as HTML with every text escaped: no script, no picture, nothing that is fetched. */
export function render(texts: Pick<MailTexts, 'tag' | 'direction'>, blocks: readonly Block[]): Omit<ComposedText, 'subject'> {
  return { text: asText(blocks), html: asHtml(texts, blocks) };
}

function ofKind<K extends MailKind>(texts: MailTexts, kind: K, members: readonly NotificationParameters[]): Part {
  const isOfKind = (notification: NotificationParameters): notification is ParamsOf<K> => notification.kind === kind;
  const notifications = members.filter(isOfKind);
  const layout: Layout<ParamsOf<K>> = LAYOUTS[kind];
  return { subject: layout.subject(texts, notifications), blocks: layout.blocks(texts, notifications) };
}

function asText(blocks: readonly Block[]): string {
  return `${partText(blocks)}\n`;
}

function partText(blocks: readonly Block[]): string {
  return blocks.map(textOf).join('\n\n');
}

function textOf(block: Block): string {
  if ('blocks' in block) return partText(block.blocks);
  if ('heading' in block) return `${block.heading}\n${'-'.repeat(Math.min(block.heading.length, 72))}`;
  if ('p' in block) return block.p;
  if ('list' in block) return block.list.map((item) => `- ${itemText(item)}`).join('\n');
  if ('link' in block) return linkText(block.link);
  return block.facts.map(([label, value]) => `${label}: ${value}`).join('\n');
}

function itemText(item: Item): string {
  return typeof item === 'string' ? item : `${item.text}\n  ${linkText(item.link)}`;
}

function linkText({ label, href }: Link): string {
  return `${label}: ${href}`;
}

const BODY = 'font:16px/1.5 system-ui,sans-serif;max-width:42em;margin:1em auto;padding:0 1em';

function asHtml({ tag, direction }: Pick<MailTexts, 'tag' | 'direction'>, blocks: readonly Block[]): string {
  const head = '<meta charset="utf-8"><meta name="color-scheme" content="light dark">';
  return `<!doctype html><html lang="${escaped(tag)}" dir="${direction}"><head>${head}</head><body style="${BODY}">\n${blocks.map(htmlOf).join('\n')}\n</body></html>\n`;
}

function htmlOf(block: Block): string {
  if ('blocks' in block) return `<hr>\n<div lang="${escaped(block.lang)}">\n${block.blocks.map(htmlOf).join('\n')}\n</div>`;
  if ('heading' in block) return `<h2>${escaped(block.heading)}</h2>`;
  if ('p' in block) return `<p style="white-space:pre-line">${escaped(block.p)}</p>`;
  if ('list' in block) return `<ul>\n${block.list.map((item) => `<li>${itemHtml(item)}</li>`).join('\n')}\n</ul>`;
  if ('link' in block) return `<p>${linkHtml(block.link)}</p>`;
  const rows = block.facts.map(
    ([label, value]) => `<tr><th style="text-align:start;vertical-align:top">${escaped(label)}</th><td>${escaped(value)}</td></tr>`,
  );
  return `<table>\n${rows.join('\n')}\n</table>`;
}

function itemHtml(item: Item): string {
  return typeof item === 'string' ? escaped(item) : `${escaped(item.text)}<br>${linkHtml(item.link)}`;
}

/** The origin is a setting that was checked to be http or https; the rest is ours. */
function linkHtml({ href, label }: Link): string {
  return `<a href="${escaped(href)}">${escaped(label)}</a>`;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => ESCAPES[sign] ?? sign);
}
