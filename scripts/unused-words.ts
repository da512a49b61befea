import type { Finding, SourceFile } from './source-rules.ts';

const HEADING = '## Words that we do not use';
const NAMES_HEADING = '## Names that code does not use';
/** They hold the names of before on purpose: what reads earlier records, and the tests of that and of this list. */
const KEEPS_EARLIER = /earlier-|\/migrations\/|^test\/(architecture|scenarios\/documents)/;
const IDENTIFIER = /[A-Za-z_$][\w$]*/g;
const FENCE = /^```[\s\S]*?^```/gm;
const CODE = /`[^`\n]*`/g;
const LINK_TARGET = /\]\([^)\s]*\)/g;

/** A word or phrase that texts do not use, and what they use in its place. */
export interface UnusedWord {
  readonly word: string;
  readonly instead: string;
}

/** The table of words that are not used, from the glossary. Throws `RangeError` when the glossary has none, so that the check cannot fall silent. */
export function unusedWords(glossary: string): readonly UnusedWord[] {
  return wordsUnder(glossary, HEADING);
}

/** The table of names that code does not use; throws like `unusedWords`. */
export function unusedNames(glossary: string): readonly UnusedWord[] {
  return wordsUnder(glossary, NAMES_HEADING);
}

function wordsUnder(glossary: string, heading: string): readonly UnusedWord[] {
  const [, below = ''] = glossary.split(heading);
  const [list = ''] = below.split('\n## ');
  const words = [...list.matchAll(/^\| ([^|]+) \| ([^|]+) \|$/gm)]
    .map(([, words = '', instead = '']) => ({ words, instead }))
    .filter(({ words }) => words !== 'not')
    .flatMap(({ words, instead }) => words.split(', ').map((word) => ({ word, instead })));
  if (words.length === 0) throw new RangeError(`the glossary has no table under "${heading}"`);
  return words;
}

/** Each line of a text for people that uses one of the words. Code, link targets and the glossary's own table are left out. */
export function wordFindings(files: readonly SourceFile[], unused: readonly UnusedWord[]): readonly Finding[] {
  const patterns = unused.map(({ word, instead }) => ({ word, instead, pattern: new RegExp(`\\b${word.replaceAll(' ', '\\s+')}\\b`, 'gi') }));
  return files.flatMap(({ file, text }) => {
    const prose = proseOf(text);
    return patterns.flatMap(({ word, instead, pattern }) =>
      [...prose.matchAll(pattern)].map(({ index }) => ({
        file: `${file}:${prose.slice(0, index).split('\n').length}`,
        what: `"${word}" is on the glossary's list of words that we do not use; write: ${instead}`,
      })),
    );
  });
}

/** Each line of code with an identifier that is one of the names, or has it as a part. Names of settings (`MAIL_DOOR`) are the user's. */
export function nameFindings(files: readonly SourceFile[], unused: readonly UnusedWord[]): readonly Finding[] {
  const instead = new Map(unused.map((one) => [one.word, one.instead]));
  const found = ({ file, text }: SourceFile): readonly Finding[] =>
    text.split('\n').flatMap((line, at) =>
      [...line.matchAll(IDENTIFIER)].flatMap(([name]) => {
        const word = [name, ...partsOf(name)].find((part) => instead.has(part));
        const what = `"${word}" is on the glossary's list of names that code does not use; write: ${instead.get(word ?? '')}`;
        return word === undefined ? [] : [{ file: `${file}:${at + 1}`, what }];
      }),
    );
  return files.filter(({ file }) => !KEEPS_EARLIER.test(file)).flatMap(found);
}

function partsOf(name: string): readonly string[] {
  if (name === name.toUpperCase()) return [];
  return name.split(/_|(?<=[a-z\d])(?=[A-Z])/).map((part) => part.toLowerCase());
}

/** The text with blanks in place of what is no prose, so that lines keep their numbers. */
function proseOf(text: string): string {
  const [prose = ''] = text.split(HEADING);
  return [FENCE, CODE, LINK_TARGET].reduce((left, pattern) => left.replace(pattern, (part) => part.replace(/[^\n]/g, ' ')), prose);
}
