import en from './en.json' with { type: 'json' };
import { type Texts, textsOf } from './messages.ts';
import zh from './zh.json' with { type: 'json' };

/** The languages that there are texts in, by their codes. A further one is one more file and one more line here. */
const LANGUAGES = { en: textsOf('en', en), zh: textsOf('zh', zh) } as const satisfies Readonly<Record<string, Texts>>;
export type LanguageCode = keyof typeof LANGUAGES;

/** The codes of all languages, English first. */
export const LANGUAGE_CODES: readonly LanguageCode[] = ['en', 'zh'];

/** The code of the language that is offered for a tag: `zh` for `zh-CN`, `en` for a language that is not offered. */
export function languageOf(tag: string | null | undefined): LanguageCode {
  return LANGUAGE_CODES.find((one) => one === tag?.split('-')[0]?.toLowerCase()) ?? 'en';
}

/** The texts of a language. */
export function textsIn(tag: string | null | undefined): Texts {
  return LANGUAGES[languageOf(tag)];
}
