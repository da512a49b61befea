import type { LetterParams, MailKind, ParamsOf } from './params.ts';

/** A piece of a letter: words only, no markup; both forms of the mail are made from it. */
export type Block =
  | { readonly heading: string }
  | { readonly p: string }
  | { readonly list: readonly string[] }
  | { readonly facts: readonly (readonly [label: string, value: string])[] };

/** A letter kind in one language. Several letters of a kind are one text, which is how digests read. */
export interface LetterText<P extends LetterParams> {
  subject(letters: readonly P[]): string;
  blocks(letters: readonly P[]): readonly Block[];
}

/** A language: data in the shape of the kinds, so that a missing text does not compile. */
export interface Language {
  readonly tag: string;
  readonly letters: { readonly [K in MailKind]: LetterText<ParamsOf<K>> };
  /** Subject of a digest of several kinds. */
  mixed(count: number): string;
  /** Stands under every letter. */
  readonly footer: string;
}
