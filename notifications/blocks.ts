import type { MailTexts } from './languages.ts';
import type { NotificationHead } from './parameters.ts';

/** An address of ours to open, and what is said of it. Opening it changes nothing: programs open what people have not read. */
export interface Link {
  readonly href: string;
  readonly label: string;
}

/** A line of a list; with the page on which it can be answered. */
export type Item = string | { readonly text: string; readonly link: Link };

/** A piece of a mail: words only, no markup; both forms of the mail are made from it. */
export type Block =
  | { readonly heading: string }
  | { readonly p: string }
  | { readonly list: readonly Item[] }
  | { readonly link: Link }
  | { readonly facts: Facts }
  /** The same once more in another language. */
  | { readonly lang: string; readonly blocks: readonly Block[] };

/** Labels with their values. */
export type Facts = readonly (readonly [label: string, value: string])[];

/** How a kind of notification is put together in any language. Several of a kind are one text, which is how digests read. */
export interface Layout<P extends NotificationHead> {
  subject(texts: MailTexts, notifications: readonly P[]): string;
  blocks(texts: MailTexts, notifications: readonly P[]): readonly Block[];
}
