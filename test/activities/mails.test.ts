import { describe, expect, it } from 'vitest';
import { composeMail } from '../../notifications/compose.ts';
import type { NotificationParameters, Reasons } from '../../notifications/parameters.ts';
import { mailTextsIn } from '../../notifications/languages.ts';
import { write } from '../../notifications/write.ts';
import { instant } from '../../domain/instant.ts';
import { ask, EVERY, high, LAPSE, matter, reasons, sanction, shop, statementOf, takenOf } from './every-notification.ts';

/** The words alone: colons and white space are each form's own. */
const wordsOf = (text: string) => text.replace(/[\s:]+/g, ' ').trim();
const MARKUP = /<!doctype html>|<\/?(?:html|head|meta|body|h2|p|ul|li|br|a|table|tr|th|td)\b[^>]*>/g;
const ENTITIES: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" };
const unescaped = (html: string) => html.replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity] ?? entity);

const textOf = (...letters: NotificationParameters[]) => write(mailTextsIn('en'), letters);

describe('every letter', () => {
  it.each(Object.entries(EVERY))('%s names its case, and a hostile title does nothing', (_, letter) => {
    const { subject, text, html } = textOf(letter);
    expect(text).toContain(matter.reference);
    expect(html).toContain(matter.reference);
    if (letter.matter.listing !== '') expect(html).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; co');
    expect(html).not.toContain('<script');
    expect(subject).not.toMatch(/[\r\n\u202E]/);
    expect(subject.length).toBeLessThanOrEqual(200);
    expect(`${subject}${text}`).not.toMatch(/undefined|\[object/);
  });

  it.each(Object.entries(EVERY))('%s is, in both forms, what was agreed', async (kind, letter) => {
    const { subject, text, html } = textOf(letter);
    await expect(`Subject: ${subject}\n\n${text}\n${html}`).toMatchFileSnapshot(`snapshots/mails/${kind}.txt`);
  });

  it.each(Object.entries(EVERY))('%s is in Chinese what was agreed, without an English word of ours', async (kind, letter) => {
    const { subject, text, html } = write(mailTextsIn('zh-CN'), [letter]);
    await expect(`Subject: ${subject}\n\n${text}`).toMatchFileSnapshot(`snapshots/mails/zh/${kind}.txt`);
    expect(html).toMatch(/^<!doctype html><html lang="zh" dir="ltr">/);
    expect(text).toContain(matter.reference);
    expect(`${subject}${text}`).not.toMatch(/undefined|\[object|none/);
    // What a detector found is in the detector's words.
    // An authority reads English below its own language.
    const english = letter.to === 'authority' ? write(mailTextsIn('en'), [letter]).text : '';
    expect(text.endsWith(english)).toBe(true);
    expect(text.slice(0, text.length - english.length).replace(/https:\S+|the title uses the mark/g, '')).not.toMatch(
      /\b(the|your|listing|please|case(?!:)|answer)\b/i,
    );
  });

  it.each(Object.entries(EVERY))('%s says the same in both forms, fetches nothing and links to our pages only', (_, letter) => {
    const { text, html } = textOf(letter);
    expect(html).toMatch(/^<!doctype html><html lang="en" dir="ltr">/);
    expect(html).not.toMatch(/<(img|script|link|iframe|object|form|base|svg|style)\b|\son\w+=|src=|url\(|@import/i);
    const open = [...html.matchAll(/href="([^"]*)"/g)].map((match) => match[1] ?? '');
    for (const href of open) expect(href).toMatch(/^https:\/\/cases\.test\/(cases|referrals)\/\w+:[0-9a-f]{32}$/);
    for (const href of open) expect(text).toContain(href);
    const plain = text.replace(/^ *- |^-+$/gm, ' ').replace(/https:\S+/g, ' ');
    expect(unescaped(wordsOf(html.replace(MARKUP, ' ')))).toBe(wordsOf(plain));
  });
});

describe('the question to the rights holder', () => {
  it('says by when, and what silence will do', () => {
    expect(textOf(ask).text).toContain(
      'Please answer by 6 October 2025 at 18:00 (Europe/Berlin); without your answer the case lapses: the listing stays online and we keep watching it',
    );
    const removing = textOf({ ...EVERY['ask'], kind: 'ask', lapseAt: LAPSE, findings: [], silence: high }).text;
    expect(removing).toContain('without your answer the listing is removed provisionally for 14 calendar days (high risk class');
  });

  it('is one mail for many, soonest first, each with its own deadline', () => {
    const later: NotificationParameters = { ...ask, lapseAt: instant('2025-10-09T16:00:00Z'), matter: { ...matter, listing: 'ebay:2' } };
    const { subject, text } = textOf(later, ask);
    expect(subject).toBe('2 listings need your answer');
    expect(text.indexOf('ebay:1')).toBeLessThan(text.indexOf('ebay:2'));
    expect(text.match(/Please answer by/g)).toHaveLength(2);
  });

  it('shares a digest with other kinds under headings', () => {
    const { subject, text } = textOf(EVERY.lapsed, EVERY.cancelled, EVERY.lapsed);
    expect(subject).toBe('3 messages about your cases');
    expect(text).toContain('2 cases lapsed\n--------------');
  });
});

describe('the statement of reasons', () => {
  it('carries what DSA 17(3) asks for', () => {
    const { subject, text } = textOf(statementOf({}));
    expect(subject).toMatch(/^Your listing was removed: /);
    for (const part of [
      'Restriction: The listing is removed',
      'In force since: 2 October 2025 at 11:00 (Europe/Berlin)',
      'Territory: everywhere on ebay where this listing was offered (market DE)',
      'Duration: not limited in time',
      "Source: the marketplace's own initiative (its search for infringing offers); not a notice",
      'What was found: the title uses the mark',
      'finds it counterfeit, based on the images of the listing (reason code packaging)',
      'Rights concerned: trademark “ROLEX”, DE R1; owner: Rolex SA',
      'Ground: The offer is illegal content',
      'Policy: default, version 1',
      'Detection: The offer was found by automated means (mark-use@1)',
      'Decision: The decision is based on an examination by a person',
      'Internal complaint, free of charge: you can file a counter-notice until 8 April 2026 at 00:00 (Europe/Berlin) (183 calendar days',
      'never decided by automated means alone',
      'Out-of-court dispute settlement',
      'judicial remedy',
    ]) {
      expect(text).toContain(part);
    }
  });

  it('marks a provisional removal, its end, and that it was decided by automated means', () => {
    const { answer: _, ...unanswered } = reasons;
    const until = instant('2025-10-16T22:00:00Z');
    const provisional: Reasons = {
      ...unanswered,
      provisional: true,
      until,
      contest: { window: reasons.contest.window },
      detectors: [],
      source: 'officer',
    };
    const { subject, text } = textOf({ matter, to: 'seller', kind: 'statement-of-reasons', reasons: provisional });
    expect(subject).toMatch(/^Your listing was removed provisionally: /);
    for (const part of [
      'Restriction: PROVISIONAL REMOVAL.',
      'Duration: until 17 October 2025 at 00:00 (Europe/Berlin)',
      'gives no penalty points',
      'an investigation by its staff',
      'Suspected illegal content',
      'No automated means were used to find the offer',
      'taken by automated means only',
      'while the removal is provisional, and until 183 calendar days after the case is closed',
    ]) {
      expect(text).toContain(part);
    }
  });

  it('tells a notice from own initiative, and what was gone already', () => {
    const { text } = textOf(statementOf({ source: 'notice', alreadyGone: true }));
    expect(text).toContain('Source: a notice of infringement');
    expect(text).toContain('was already unavailable');
  });
});

describe('the statement of reasons for a measure against a seller', () => {
  it('says what, why, how long and how to contest it', () => {
    const { subject, text } = textOf(takenOf('restrict', { until: instant('2025-10-16T22:00:00Z') }));
    expect(subject).toBe('Your shop is restricted');
    for (const part of [
      'Measure: Restriction',
      'Duration: until 17 October 2025 at 00:00 (Europe/Berlin)',
      '50 points count against you; the measure applies from 48 points',
      'Cases behind the points: case:1, case:2',
      'policy default, version 1, ledger.steps. Source: Ladder C.',
      'file a counter-notice against any of the cases named here, within 183 calendar days',
      'Out-of-court dispute settlement',
      'judicial remedy',
    ]) {
      expect(text).toContain(part);
    }
  });

  it.each(['severe-warning', 'restrict', 'freeze', 'close-shop'] as const)(
    'has words for %s, without an end and where the shop is gone',
    (measure) => {
      const { text } = textOf(takenOf(measure, { result: 'unknown-shop' }));
      expect(text).toContain('not limited in time');
      expect(text).toContain('no longer has this shop');
    },
  );

  it.each([
    ['lifted', 'The marketplace has lifted it'],
    ['expired', 'Its period has ended'],
    ['overturned', 'The measure should not have been taken'],
  ] as const)('tells why a measure has ended: %s', (ended, words) => {
    expect(textOf({ matter: shop, to: 'seller', kind: 'sanction-ended', reasons: sanction, ended }).text).toContain(words);
  });
});

describe('a composed mail', () => {
  const letter = (id: string, dueAt: string) => ({ id, dueAt: instant(dueAt), params: ask });
  const digest = [letter('b', '2025-10-02T10:00:00Z'), letter('a', '2025-10-02T09:00:00Z')];

  it('is the same whenever it is composed, whatever the order', () => {
    const mail = composeMail(mailTextsIn('en'), 'digest:1', digest);
    expect(mail).toEqual(composeMail(mailTextsIn('en'), 'digest:1', digest.toReversed()));
    expect(mail).toMatchObject({ date: instant('2025-10-02T09:00:00Z'), messageId: expect.stringMatching(/^<[0-9a-f]{32}@interdict>$/) });
    expect(composeMail(mailTextsIn('en'), 'digest:2', digest).messageId).not.toBe(mail.messageId);
  });

  it('is never empty', () => {
    expect(() => composeMail(mailTextsIn('en'), 'digest:1', [])).toThrow(RangeError);
  });
});
