import { IntlMessageFormat } from 'intl-messageformat';
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import { eventSentence } from '../../texts/events.ts';
import { type Messages, type Texts as EventTexts, textsOf } from '../../texts/messages.ts';
import { dateFormat } from './dates.ts';
import type en from './en.json';

/** Every text of the pages by its key; the values are ICU messages. */
export type Key = keyof typeof en;
type Texts = Readonly<Record<Key, string>>;
type Values = Readonly<Record<string, string | number>>;

/** The texts of the pages, and the sentences that mails and replay share with them. */
interface Loaded {
  readonly words: Texts;
  readonly events: Messages;
}

/** A further language is one more file here and in `texts/`, and one more line. */
const LANGUAGES: Readonly<Record<string, { readonly name: string; readonly load: () => Promise<Loaded> }>> = {
  en: { name: 'English', load: async () => both(await Promise.all([import('./en.json'), import('../../texts/en.json')])) },
  zh: { name: '中文', load: async () => both(await Promise.all([import('./zh.json'), import('../../texts/zh.json')])) },
};

function both([words, events]: readonly [{ readonly default: Texts }, { readonly default: Messages }]): Loaded {
  return { words: words.default, events: events.default };
}

const KEPT_AS = 'interdict.language';

export interface Language {
  readonly code: string;
  /** The language with the reader's region: how dates and numbers are written. */
  readonly locale: string;
  readonly all: readonly { readonly code: string; readonly name: string }[];
  /** The text of a key, with values put in. */
  readonly t: (key: Key, values?: Values) => string;
  /** An event as its sentence; its English words where this release has no sentence for it. */
  readonly happening: (event: Happening) => string;
  /** The text of a name that the server gave, such as a status; the name itself, spaced, where no text is there. */
  readonly named: (family: string, name: string) => string;
  readonly choose: (code: string) => void;
}

/** An event as the server gives it. */
interface Happening {
  readonly type: string;
  readonly words: string;
  readonly values: Readonly<Record<string, unknown>>;
}

const Context = createContext<Language | undefined>(undefined);

/** The reader's language and how to change it. */
export function useLanguage(): Language {
  const language = useContext(Context);
  if (language === undefined) throw new Error('no language around this');
  return language;
}

/** Loads the reader's language, as chosen before or as the browser asks for. */
export function LanguageProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [code, setCode] = useState(firstLanguage);
  const [loaded, setLoaded] = useState<{ readonly code: string; readonly texts: Loaded }>();
  useEffect(() => {
    let isStale = false;
    const put = (texts: Loaded) => {
      if (!isStale) setLoaded({ code, texts });
    };
    LANGUAGES[code]?.load().then(put, reportError);
    return () => {
      isStale = true;
    };
  }, [code]);
  const language = useMemo(() => (loaded === undefined ? undefined : languageOf(loaded.code, loaded.texts, setCode)), [loaded]);
  useEffect(() => {
    if (loaded !== undefined) document.documentElement.lang = loaded.code;
  }, [loaded]);
  return language === undefined ? null : <Context value={language}>{children}</Context>;
}

function firstLanguage(): string {
  const wanted = [localStorage.getItem(KEPT_AS) ?? '', ...navigator.languages.map((tag) => tag.split('-')[0] ?? '')];
  return wanted.find((code) => Object.hasOwn(LANGUAGES, code)) ?? 'en';
}

/**
 * The first tag of the reader's browser that is of this language; else the language in the region that the browser names first:
 * who reads Chinese in Germany still lives there.
 */
export function localeOf(code: string, wanted: readonly string[]): string {
  const tags = wanted.map((tag) => TAG.exec(tag) ?? []);
  const own = tags.find(([, language, , region]) => language === code && region !== undefined);
  const [, , script] = own ?? [];
  const [, , , region] = own ?? tags.find((tag) => tag[3] !== undefined) ?? [];
  return [code, script, region].filter((part) => part !== undefined).join('-');
}

/** Language, script and region of a tag; what else a browser adds (`en-US@posix`) is left. */
const TAG = /^([a-z]{2,3})(?:-([A-Z][a-z]{3}))?(?:-([A-Z]{2}|\d{3}))?(?![a-z0-9])/;

function languageOf(code: string, { words, events }: Loaded, setCode: (code: string) => void): Language {
  const locale = localeOf(code, navigator.languages);
  const shared: EventTexts = textsOf(code, events);
  const formats = new Map<string, IntlMessageFormat>();
  const t = (key: Key, values?: Values): string => {
    const format = formats.get(key) ?? new IntlMessageFormat(words[key], code, undefined, { ignoreTag: true });
    formats.set(key, format);
    return String(format.format(values));
  };
  return {
    code,
    locale,
    all: Object.entries(LANGUAGES).map(([each, { name }]) => ({ code: each, name })),
    t,
    happening: ({ type, values, words: english }) =>
      eventSentence(type, values, { texts: shared, instant: (at) => dateFormat(locale, 'instant').format(new Date(at)) }) ?? english,
    named: (family, name) => {
      const key = `${family}.${name}`;
      if (Object.hasOwn(words, key)) return t(key as Key);
      return shared.term(family, name.replaceAll(/([a-z])([A-Z])/g, '$1 $2'));
    },
    choose: (next) => {
      localStorage.setItem(KEPT_AS, next);
      setCode(next);
    },
  };
}
