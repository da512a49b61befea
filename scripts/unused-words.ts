import type { Finding, SourceFile } from './source-rules.ts';

const HEADING = '## Words that we do not use';
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
  const [, list = ''] = glossary.split(HEADING);
  const words = [...list.matchAll(/^\| ([^|]+) \| ([^|]+) \|$/gm)]
    .map(([, words = '', instead = '']) => ({ words, instead }))
    .filter(({ words }) => words !== 'not')
    .flatMap(({ words, instead }) => words.split(', ').map((word) => ({ word, instead })));
  if (words.length === 0) throw new RangeError(`the glossary has no table under "${HEADING}"`);
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

/** The text with blanks in place of what is no prose, so that lines keep their numbers. */
function proseOf(text: string): string {
  const [prose = ''] = text.split(HEADING);
  return [FENCE, CODE, LINK_TARGET].reduce((left, pattern) => left.replace(pattern, (part) => part.replace(/[^\n]/g, ' ')), prose);
}
