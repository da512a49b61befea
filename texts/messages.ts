import { IntlMessageFormat } from 'intl-messageformat';
import type en from './en.json';

/** The name of a text that timeline, replay and mails share. Every language has the same ones. */
export type Key = keyof typeof en;

/** The texts of one language: ICU messages by their names. */
export type Messages<K extends string = Key> = Readonly<Record<K, string>>;

/** What is put into a message; `none` stands for what is absent, so that a message can say something else then. */
export type Arguments = Readonly<Record<string, string | number>>;

/** One language, ready to write. */
export interface Texts<K extends string = Key> {
  /** As BCP 47 has it. */
  readonly tag: string;
  /** The text of a key. Throws where an argument of the message is missing: a sentence with a hole is no sentence. */
  readonly say: (key: K, values?: Arguments) => string;
  /** The word for a code of a closed set, such as a verdict; the code itself, spaced, where the language has none. */
  readonly term: (family: string, code: string) => string;
}

/** Prepares a language. Messages are parsed once, when they are first used. */
export function textsOf<K extends string>(tag: string, messages: Messages<K>): Texts<K> {
  const formats = new Map<K, IntlMessageFormat>();
  const say = (key: K, values: Arguments = {}): string => {
    // Angle brackets are signs like any other: what is put in may be anybody's words.
    const format = formats.get(key) ?? new IntlMessageFormat(messages[key], tag, undefined, { ignoreTag: true });
    formats.set(key, format);
    return String(format.format(values));
  };
  const term = (family: string, code: string): string => {
    const key: string = `${family}.${code}`;
    return isKey(messages, key) ? say(key) : code.replaceAll('-', ' ');
  };
  return { tag, say, term };
}

function isKey<K extends string>(messages: Messages<K>, key: string): key is K {
  return Object.hasOwn(messages, key);
}
