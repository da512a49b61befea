import type { LetterParams, MailKind, ParamsOf } from './params.ts';

/** An address of ours to open, and what is said of it. Opening it changes nothing: programs open what people have not read. */
export interface Link {
  readonly href: string;
  readonly label: string;
}

/** A line of a list; with the page on which it can be answered. */
export type Item = string | { readonly text: string; readonly link: Link };

/** A piece of a letter: words only, no markup; both forms of the mail are made from it. */
export type Block =
  | { readonly heading: string }
  | { readonly p: string }
  | { readonly list: readonly Item[] }
  | { readonly link: Link }
  | { readonly facts: readonly (readonly [label: string, value: string])[] };

/** A letter kind in one language. Several letters of a kind are one text, which is how digests read. */
export interface LetterText<P extends LetterParams> {
  subject(letters: readonly P[]): string;
  blocks(letters: readonly P[]): readonly Block[];
}

/** A language: data in the shape of the kinds, so that a missing text does not compile. */
export interface Language {
  readonly tag: string;
  readonly direction: 'ltr' | 'rtl';
  readonly letters: { readonly [K in MailKind]: LetterText<ParamsOf<K>> };
  /** Subject of a digest of several kinds. */
  mixed(count: number): string;
  /** Stands under every letter. */
  readonly footer: string;
}
