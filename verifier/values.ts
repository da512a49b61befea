import type { ChainRecord } from '../domain/history-file.ts';
import { isSalted } from '../domain/salted.ts';

/** Values in clear by the digest that stands for them. */
export type Disclosed = ReadonlyMap<string, string>;

/** What a chain discloses. */
export function disclosedOf(chain: ChainRecord): Disclosed {
  return new Map(chain.disclosures.map(({ digest, value }) => [digest, value]));
}

const LONGEST = 400;
// Control characters could redraw a terminal, bidirectional ones could turn a line around: a file from anybody's hands is printed.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** A text that cannot do anything to the terminal that shows it, of bounded length. */
export function printable(text: string, longest = LONGEST): string {
  const cut = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return cut.replace(UNPRINTABLE, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** A JSON value in words: durations, calendars, salted values with what is disclosed of them, short digests. */
export function valueWords(value: unknown, disclosed: Disclosed): string {
  return printable(raw(value, disclosed));
}

function raw(value: unknown, disclosed: Disclosed): string {
  if (typeof value === 'string') return shortened(value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value !== 'object' || value === null) return value === null ? 'none' : String(value);
  if (isSalted(value)) return disclosed.get(value['...']) ?? '(withheld)';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map((item) => raw(item, disclosed)).join(', ');
  const shape = SHAPES.find(
    (names) => Object.keys(value).every((key) => names.includes(key)) && names.slice(0, 2).every((name) => Object.hasOwn(value, name)),
  );
  const parts = Object.entries(value).sort(([a], [b]) => (shape === undefined ? (a < b ? -1 : 1) : shape.indexOf(a) - shape.indexOf(b)));
  if (shape !== undefined) return parts.map(([, part]) => raw(part, disclosed)).join(' ');
  return parts.map(([key, part]) => `${spaced(key)} ${raw(part, disclosed)}`).join(', ');
}

/** Durations, calendars and findings read without the names of their fields; the first two are never absent. */
const SHAPES: readonly (readonly string[])[] = [
  ['n', 'unit'],
  ['country', 'zone', 'hours'],
  ['detector', 'score', 'version', 'reasons'],
];

/** Digests are told apart by their first digits. */
function shortened(text: string): string {
  return text.replace(/\b([0-9a-f]{12})[0-9a-f]{20,}\b/g, '$1…');
}

/** The named fields of an object in words, those that are there. */
export function fieldWords(value: object, names: readonly string[] | undefined, disclosed: Disclosed): string {
  const all = Object.entries(value).filter(([key]) => names?.includes(key) ?? !['id', 'at', 'by', 'kind', 'type', 'cause'].includes(key));
  return all
    .sort(([a], [b]) => (names === undefined ? (a < b ? -1 : 1) : names.indexOf(a) - names.indexOf(b)))
    .map(([key, part]) => `${spaced(key)} ${valueWords(part, disclosed)}`)
    .join('; ');
}

/** `escalateAt` as `escalate at`. */
export function spaced(name: string): string {
  return printable(name, 60).replace(/([a-z])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`);
}
