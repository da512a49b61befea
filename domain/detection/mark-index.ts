import { coversMarket } from './rights.ts';
import { deletionsOf, isOneEditApart, skeleton, tokensOf } from './text.ts';

/** One right behind a mark: who owns it, where it is in force, for which goods. */
export interface MarkRight {
  readonly right: string;
  readonly holder: string;
  readonly jurisdiction: string;
  readonly niceClasses: ReadonlySet<string>;
}

/** A mark's wording with every right in force that protects it. */
export interface Mark {
  readonly tokens: readonly string[];
  readonly joined: string;
  /** A dictionary word; never a mark by itself. */
  readonly isCommon: boolean;
  readonly isShort: boolean;
  readonly rights: MarkRight[];
}

export const Spelling = { exact: 'exact', joined: 'joined', lookAlike: 'look-alike' } as const;
export type Spelling = (typeof Spelling)[keyof typeof Spelling];

/** A mark found in a text: from token `at`, `length` tokens long. */
export interface MarkHit {
  readonly mark: Mark;
  readonly spelling: Spelling;
  readonly at: number;
  readonly length: number;
}

export interface MarkIndex {
  readonly byFirst: ReadonlyMap<string, readonly Mark[]>;
  readonly byJoined: ReadonlyMap<string, Mark>;
  readonly bySkeleton: ReadonlyMap<string, readonly Mark[]>;
  readonly byDeletion: ReadonlyMap<string, readonly Mark[]>;
  readonly common: ReadonlySet<string>;
}

/** Marks of more words are phrases of advertising; a disguise of more pieces is one of single letters. */
const LONGEST_RUN = 6;
const LONGEST_SPELT_OUT = 20;

interface Thresholds {
  readonly common: ReadonlySet<string>;
  readonly shortMark: number;
  readonly longMark: number;
}

/** Builds the look-up tables from the marks' texts; a scan is then a few map look-ups per word, whatever the number of marks. */
export function markIndex(marks: Iterable<{ readonly text: string; readonly right: MarkRight }>, limits: Thresholds): MarkIndex {
  const byJoined = new Map<string, Mark>();
  for (const { text, right } of marks) {
    const tokens = tokensOf(text);
    const joined = tokens.join('');
    if (joined === '') continue;
    let mark = byJoined.get(joined);
    if (mark === undefined) {
      const isCommon = tokens.every((token) => limits.common.has(token));
      mark = { tokens, joined, isCommon, isShort: joined.length <= limits.shortMark, rights: [] };
      byJoined.set(joined, mark);
    }
    mark.rights.push(right);
  }
  const all = [...byJoined.values()];
  const distinctive = all.filter((mark) => !mark.isCommon && !mark.isShort);
  return {
    byJoined,
    byFirst: groupedBy(all, (mark) => [mark.tokens[0] ?? '']),
    bySkeleton: groupedBy(distinctive, (mark) => [skeleton(mark.joined)]),
    byDeletion: groupedBy(
      distinctive.filter((mark) => mark.joined.length >= limits.longMark),
      (mark) => [mark.joined, ...deletionsOf(mark.joined)],
    ),
    common: limits.common,
  };
}

/** The rights of a mark that are in force in the market. */
export function rightsIn(mark: Mark, market: string): readonly MarkRight[] {
  return mark.rights.filter((right) => coversMarket(right.jurisdiction, market));
}

/** Whether a right is registered for goods of one of the classes; classes that cannot be told exclude nothing. */
export function coversGoods(right: MarkRight, classes: ReadonlySet<string>): boolean {
  return classes.size === 0 || right.niceClasses.size === 0 || [...classes].some((niceClass) => right.niceClasses.has(niceClass));
}

/** Every mark written in the tokens: exactly, with other spacing, or in a spelling that looks like it. */
export function messageTokensIn(tokens: readonly string[], index: MarkIndex): MarkHit[] {
  const hits: MarkHit[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    hits.push(...phrasesAt(tokens, at, index), ...respacedAt(tokens, at, index), ...lookAlikesAt(tokens, at, index));
  }
  return hits;
}

/** Marks written exactly: for long texts, in which everything looks like something. */
export function exactMarksIn(tokens: readonly string[], index: MarkIndex): MarkHit[] {
  return tokens.flatMap((_, at) => phrasesAt(tokens, at, index));
}

function phrasesAt(tokens: readonly string[], at: number, index: MarkIndex): MarkHit[] {
  const found = index.byFirst.get(tokens[at] ?? '');
  if (found === undefined) return [];
  return found
    .filter((mark) => mark.tokens.every((token, offset) => tokens[at + offset] === token))
    .map((mark) => ({ mark, spelling: Spelling.exact, at, length: mark.tokens.length }));
}

function respacedAt(tokens: readonly string[], at: number, index: MarkIndex): MarkHit[] {
  const hits: MarkHit[] = [];
  let run = '';
  for (let length = 1; length <= LONGEST_SPELT_OUT && at + length <= tokens.length; length += 1) {
    const token = tokens[at + length - 1] ?? '';
    if (length > LONGEST_RUN && token.length > 1) break;
    run += token;
    const mark = index.byJoined.get(run);
    if (mark === undefined || mark.isCommon || isWrittenSo(mark, tokens, at, length)) continue;
    // AIRMAX for AIR MAX is the mark itself; `n i k e` is a disguise, but of two or three letters only a habit.
    const isSplit = length > mark.tokens.length && !mark.isShort;
    hits.push({ mark, spelling: isSplit ? Spelling.lookAlike : Spelling.joined, at, length });
  }
  return hits;
}

function isWrittenSo(mark: Mark, tokens: readonly string[], at: number, length: number): boolean {
  return mark.tokens.length === length && mark.tokens.every((token, offset) => tokens[at + offset] === token);
}

function lookAlikesAt(tokens: readonly string[], at: number, index: MarkIndex): MarkHit[] {
  const hits: MarkHit[] = [];
  for (const length of [1, 2]) {
    if (at + length > tokens.length) break;
    const word = tokens.slice(at, at + length).join('');
    if (word.length < 3 || index.byJoined.has(word) || (length === 1 && isOrdinary(word, index))) continue;
    const shapes = index.bySkeleton.get(skeleton(word)) ?? [];
    // Two ordinary words one letter away from a mark are two ordinary words: edits are looked for in one word only.
    const near = length === 1 ? oneEditFrom(word, index) : [];
    for (const mark of new Set([...shapes, ...near])) {
      if (length > mark.tokens.length && shapes.includes(mark) === false) continue;
      hits.push({ mark, spelling: Spelling.lookAlike, at, length });
    }
  }
  return hits;
}

function oneEditFrom(word: string, index: MarkIndex): Mark[] {
  if (!/^\p{L}+$/u.test(word)) return [];
  const found = new Set<Mark>();
  for (const form of [word, ...deletionsOf(word)]) {
    for (const mark of index.byDeletion.get(form) ?? []) if (isOneEditApart(word, mark.joined)) found.add(mark);
  }
  // The first letter carries the word; plural and possessive forms are no disguise.
  return [...found].filter((mark) => mark.joined[0] === word[0] && word !== `${mark.joined}s`);
}

function isOrdinary(word: string, index: MarkIndex): boolean {
  return index.common.has(word) || /^\d+$/.test(word);
}

function groupedBy(marks: readonly Mark[], keysOf: (mark: Mark) => readonly string[]): Map<string, Mark[]> {
  const groups = new Map<string, Mark[]>();
  for (const mark of marks) {
    for (const key of new Set(keysOf(mark))) {
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [mark]);
      else group.push(mark);
    }
  }
  return groups;
}
