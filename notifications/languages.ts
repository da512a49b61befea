import textsEn from '../texts/en.json' with { type: 'json' };
import { languageOf } from '../texts/languages.ts';
import { type Messages, type Texts, textsOf } from '../texts/messages.ts';
import textsZh from '../texts/zh.json' with { type: 'json' };
import en from './en.json' with { type: 'json' };
import zh from './zh.json' with { type: 'json' };

/** The name of a text that a notification can use: its own ones, and those that it shares with timeline and replay. */
export type MailKey = keyof typeof en | keyof typeof textsEn;

/** A language in which notifications are written. */
export interface MailTexts extends Texts<MailKey> {
  readonly direction: 'ltr' | 'rtl';
  /** How dates are written where nothing is known of the recipient's region. */
  readonly locale: string;
}

function mailTexts(tag: string, locale: string, messages: Messages<MailKey>): MailTexts {
  return { ...textsOf(tag, messages), direction: 'ltr', locale };
}

/** A further language is one file here, one in `texts/`, and one line. */
const LANGUAGES = {
  en: mailTexts('en', 'en-GB', { ...textsEn, ...en }),
  zh: mailTexts('zh', 'zh-CN', { ...textsZh, ...zh }),
} as const;

/** The language to write in; of `zh-CN` that of `zh`, and English where there is none. */
export function mailTextsIn(tag: string | null | undefined): MailTexts {
  return LANGUAGES[languageOf(tag)];
}
