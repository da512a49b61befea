import type { Duration } from '../domain/instant.ts';
import { oneLine } from '../domain/one-line.ts';
import { isSalted, type Salted } from '../domain/salted.ts';
import type { Texts } from './messages.ts';

/**
 * What kind of value an argument of a message is, and so how a language writes it.
 * `choice` and `flag` are for messages that choose by them (a code in camel case, `true` or `false`); `count` is the length of a list; `term:...` is a code of a closed set.
 */
export type Kind = 'text' | 'instant' | 'duration' | 'number' | 'count' | 'choice' | 'flag' | 'list' | `term:${string}`;

/** For whom and where a text is written. */
export interface Telling {
  readonly texts: Texts;
  /** How the place where it is read writes an instant (ISO 8601, UTC). */
  readonly instant: (at: string) => string;
  /** The clear value behind a digest, where the reader may have it. */
  readonly clear?: (salted: Salted) => string | undefined;
}

/** A value that is not what its field holds: it came from a file that no rule wrote. */
export class Misshapen extends TypeError {}

/** What stands for a value that is absent. */
export const ABSENT = 'none';
const LONGEST = 300;

/** A value as a message takes it. Throws `Misshapen` for a value of another kind. */
export function argumentOf(kind: Kind, value: unknown, telling: Telling): string | number {
  if (kind === 'flag') return value === true || (Array.isArray(value) && value.length > 0) ? 'true' : 'false';
  if (kind === 'count') return Array.isArray(value) ? value.length : misshapen(kind);
  if (value === undefined || value === null) return ABSENT;
  switch (kind) {
    case 'number':
      return typeof value === 'number' ? value : misshapen(kind);
    case 'duration':
      return lengthOf(value, telling.texts);
    case 'list':
      return Array.isArray(value) ? listOf(value, telling) : misshapen(kind);
    default:
      return isSalted(value) ? clearOf(value, telling) : wordOf(kind, value, telling);
  }
}

function wordOf(kind: Kind, value: unknown, { texts, instant }: Telling): string {
  if (typeof value !== 'string') return misshapen(kind);
  if (kind === 'instant') return instant(value);
  if (kind.startsWith('term:')) return oneLine(texts.term(kind.slice('term:'.length), value), LONGEST);
  // ICU takes no hyphen in the name of a case.
  const word = kind === 'choice' ? value.replace(/[- ](\w)/g, (_, letter: string) => letter.toUpperCase()) : value;
  return oneLine(word, LONGEST);
}

function clearOf(salted: Salted, { texts, clear }: Telling): string {
  const value = clear?.(salted);
  return value === undefined ? texts.say('value.withheld') : oneLine(value, LONGEST);
}

function listOf(values: readonly unknown[], telling: Telling): string {
  const words = values.map((value) => argumentOf('text', value, telling));
  return words.length === 0 ? telling.texts.say('value.none') : words.join(telling.texts.say('value.separator'));
}

/** `14 calendar days` in the language. Throws `Misshapen` for what is no duration. */
function lengthOf(value: unknown, texts: Texts): string {
  if (!isDuration(value)) return misshapen('duration');
  return texts.say(`duration.${value.unit}`, { n: value.n });
}

const UNITS: readonly string[] = [
  'minutes',
  'hours',
  'working-hours',
  'calendar-days',
  'business-days',
  'working-days',
] satisfies readonly Duration['unit'][];

function isDuration(value: unknown): value is Duration {
  if (typeof value !== 'object' || value === null || !('n' in value) || !('unit' in value)) return false;
  return typeof value.n === 'number' && typeof value.unit === 'string' && UNITS.includes(value.unit);
}

function misshapen(kind: Kind): never {
  throw new Misshapen(`this is not a ${kind}`);
}
