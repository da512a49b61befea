import { IntlMessageFormat } from 'intl-messageformat';
import { describe, expect, it } from 'vitest';
import { Capacity } from '../../domain/aggregate.ts';
import { AppealKind, AppealStatus } from '../../domain/appeal/model.ts';
import { CaseStatus, Verdict, VerdictBasis } from '../../domain/case/model.ts';
import { EffectKind } from '../../domain/effects.ts';
import { ReferralStatus } from '../../domain/referral/model.ts';
import { FactKind } from '../../domain/referral/totals.ts';
import { SanctionStatus } from '../../domain/sanction/model.ts';
import { seenBySeller } from '../../domain/seen-by-seller.ts';
import { argumentNames, EVENT_TYPES, eventSentence, eventValues } from '../../texts/events.ts';
import en from '../../texts/en.json' with { type: 'json' };
import { LANGUAGE_CODES, textsIn } from '../../texts/languages.ts';
import zh from '../../texts/zh.json' with { type: 'json' };

const FILES: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['en', en],
  ['zh', zh],
];

interface Element {
  readonly type: number;
  readonly value?: string;
  readonly options?: Readonly<Record<string, { readonly value: readonly Element[] }>>;
}

const [LITERAL, POUND] = [0, 7];

/** The arguments that a message names, wherever in it. */
function argumentsIn(message: string, tag: string): readonly string[] {
  const inside = (elements: readonly Element[]): readonly string[] =>
    elements.flatMap(({ type, value, options }) => [
      ...(type === LITERAL || type === POUND || value === undefined ? [] : [value]),
      ...Object.values(options ?? {}).flatMap((option) => inside(option.value)),
    ]);
  // The parser's own types know each kind of element; what is looked for is the same in all.
  const ast = new IntlMessageFormat(message, tag, undefined, { ignoreTag: true }).getAst() as unknown as readonly Element[];
  return [...new Set(inside(ast))].sort();
}

const telling = (tag: string, clear?: string) => ({
  texts: textsIn(tag),
  instant: (at: string) => at,
  ...(clear !== undefined && { clear: () => clear }),
});

describe('the texts of a language', () => {
  it('are those of every language that is offered', () => {
    expect(FILES.map(([tag]) => tag)).toEqual(LANGUAGE_CODES);
  });

  it.each(FILES)('%s has every text of English, and none is empty', (_, texts) => {
    expect(Object.keys(texts)).toEqual(Object.keys(en));
    expect(Object.entries(texts).filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  it.each(FILES)('%s names in each text what English names in it', (tag, texts) => {
    const differing = Object.entries(texts).filter(
      ([key, text]) => argumentsIn(text, tag).join() !== argumentsIn(Reflect.get(en, key) ?? '', 'en').join(),
    );
    expect(differing).toEqual([]);
  });

  it.each([
    ['verdict', Verdict],
    ['basis', VerdictBasis],
    ['capacity', Capacity],
    ['status', { ...CaseStatus, ...AppealStatus, ...SanctionStatus, ...ReferralStatus }],
    ['effect', EffectKind],
    ['appeal', AppealKind],
    ['action', FactKind],
  ])('has a word for every %s', (family, codes) => {
    for (const [, texts] of FILES) expect(Object.values(codes).filter((code) => !(`${family}.${code}` in texts))).toEqual([]);
  });
});

describe('the sentence of an event', () => {
  it('is there for every event of every aggregate', () => {
    const sentences = Object.keys(en).flatMap((key) => (key.startsWith('event.') ? [key.slice('event.'.length)] : []));
    expect(sentences.sort()).toEqual([...EVENT_TYPES].sort());
  });

  it.each(EVENT_TYPES)('%s names what the event holds, in every language', (type) => {
    for (const [tag, texts] of FILES) expect(argumentsIn(texts[`event.${type}`] ?? '', tag), tag).toEqual([...argumentNames(type)].sort());
  });

  it.each(EVENT_TYPES.filter((type) => seenBySeller({ type }) !== undefined))(
    '%s reads well without the particulars that a seller is not told',
    (type) => {
      for (const tag of LANGUAGE_CODES) expect(eventSentence(type, {}, telling(tag)), tag).toMatch(/\S/);
    },
  );

  it('reads as a sentence', () => {
    const lapsed = { type: 'WindowLapsed', effect: 'lapse-under-watch' };
    const escalated = { type: 'Escalated', at: '2026-01-05T09:00:00.000Z', to: { capacity: 'account-manager', person: 'manager' } };
    const words = (event: { readonly type: string }, tag: string) => eventSentence(event.type, eventValues(event), telling(tag));
    expect([words(lapsed, 'en'), words(lapsed, 'zh')]).toEqual(["The brand's time ends without an answer", '品牌逾期未答复']);
    expect(words(escalated, 'en')).toBe('The case is escalated to the account manager (manager)');
    expect(words(escalated, 'zh')).toBe('案件升级至客户经理（manager）');
  });

  it('shows what is salted only to whom it is disclosed', () => {
    const values = eventValues({ type: 'CounterNoticeFiled', statement: { '...': 'digest' } } as { type: string });
    expect(eventSentence('CounterNoticeFiled', values, telling('en'))).toBe('The seller contests the removal: “(withheld)”');
    expect(eventSentence('CounterNoticeFiled', values, telling('zh', '我们有授权'))).toBe('卖家对下架提出异议：“我们有授权”');
  });

  it('is none for a type or values that no rule wrote', () => {
    expect(eventSentence('Invented', {}, telling('en'))).toBeUndefined();
    expect(eventSentence('toString', {}, telling('en'))).toBeUndefined();
    expect(eventSentence('ListingRemoved', { alreadyGone: 'x', orders: { n: 1 } }, telling('en'))).toBeUndefined();
    expect(eventValues({ type: 'Escalated', to: 7 } as { type: string })).toEqual({});
  });
});
