import { todaysWord } from '../../domain/earlier-names.ts';
import type { Path, ReadText } from './yaml-text.ts';

/** Where a story names kinds of appeals, mails and events. Everything else that it says is its own. */
const NAMING = ['kind', 'type', 'events', 'includes', 'excludes'];

/** A word of before in a document, with its line and the word of today. */
export interface EarlierWord {
  readonly line: number;
  readonly word: string;
  readonly today: string;
}

/** A document in the words of today: what earlier versions called otherwise is understood, and named so that it can be replaced. */
export function inTodaysWords({ value, lineOf }: ReadText): { readonly value: unknown; readonly earlier: readonly EarlierWord[] } {
  const earlier: EarlierWord[] = [];
  const said = (text: string, path: Path): string => {
    // An event may have its instant behind it: "CaseSealed at 2025-10-16".
    const [word = '', ...rest] = text.split(' ');
    const today = todaysWord(word);
    if (today === word) return text;
    earlier.push({ line: lineOf(path), word, today });
    return [today, ...rest].join(' ');
  };
  const walk = (node: unknown, path: Path, isName: boolean): unknown => {
    if (typeof node === 'string') return isName ? said(node, path) : node;
    if (Array.isArray(node)) return node.map((item, at) => walk(item, [...path, at], isName));
    if (typeof node !== 'object' || node === null) return node;
    return Object.fromEntries(Object.entries(node).map(([key, item]) => [key, walk(item, [...path, key], NAMING.includes(key))]));
  };
  return { value: walk(value, [], false), earlier };
}
