import { expect, it } from 'vitest';
import { localeOf } from '../../web/words/language.tsx';

it.each([
  ['en', ['en-GB', 'en'], 'en-GB'],
  ['en', ['de-DE', 'de', 'en-US'], 'en-US'],
  ['en', ['de-DE', 'de', 'en'], 'en-DE'],
  ['zh', ['zh-Hans-CN'], 'zh-Hans-CN'],
  ['zh', ['en-GB', 'zh'], 'zh-GB'],
  ['zh', ['en'], 'zh'],
  ['en', ['es-419'], 'en-419'],
  // What a browser says whose system has no language: no tag at all, and no reason to show no page.
  ['en', ['en-US@posix'], 'en-US'],
  ['en', ['c', ''], 'en'],
  ['en', [], 'en'],
])('%s for a reader of %j is written as in %s', (code, wanted, locale) => {
  expect(localeOf(code, wanted)).toBe(locale);
  expect(() => new Intl.DateTimeFormat(localeOf(code, wanted))).not.toThrow();
});
