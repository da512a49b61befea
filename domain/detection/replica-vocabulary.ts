import type { ReplicaWordsPolicy } from '../policy/detection-policy.ts';
import { tokensOf } from './text.ts';
import { phraseIn } from './words.ts';

/** One expression of the vocabulary. */
interface Expression {
  readonly words: readonly string[];
  readonly text: string;
  readonly language: string;
  /** Says it plainly; else it only hints at it. */
  readonly isPlain: boolean;
}

/** The vocabulary by first word; expressions of scripts without spaces apart, because they stand inside longer runs. */
export interface ReplicaIndex {
  readonly byFirst: ReadonlyMap<string, readonly Expression[]>;
  readonly unspaced: readonly Expression[];
  readonly negations: ReadonlySet<string>;
  readonly articles: ReadonlySet<string>;
  readonly models: ReadonlySet<string>;
  readonly phrases: readonly (readonly string[])[];
  readonly reach: number;
}

/** The words by which a listing announces a copy, strongest first found. */
export interface ReplicaHit {
  readonly words: string;
  readonly language: string;
  readonly isPlain: boolean;
}

const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;

/** Folds the policy's vocabulary once per sweep. An expression of two languages is named by the first. */
export function replicaIndex({ vocabulary, contexts, reach }: ReplicaWordsPolicy): ReplicaIndex {
  const known = new Map<string, Expression>();
  for (const [language, { plain, hints }] of Object.entries(vocabulary)) {
    for (const [list, isPlain] of [[plain, true] as const, [hints, false] as const]) {
      for (const expression of list) {
        const words = tokensOf(expression);
        const text = words.join(' ');
        if (text !== '' && known.get(text)?.isPlain !== true)
          known.set(text, { words, text, language: known.get(text)?.language ?? language, isPlain });
      }
    }
  }
  const all = [...known.values()];
  return {
    byFirst: Map.groupBy(
      all.filter(({ text }) => !UNSPACED.test(text)),
      ({ words }) => words[0] ?? '',
    ),
    unspaced: all.filter(({ text }) => UNSPACED.test(text)),
    negations: folded(contexts.negations),
    articles: folded(contexts.articles),
    models: folded(contexts.models),
    phrases: contexts.phrases.map((phrase) => tokensOf(phrase)),
    reach,
  };
}

function folded(words: readonly string[]): ReadonlySet<string> {
  return new Set(words.map((word) => tokensOf(word).join(' ')));
}

/**
 * The words of title or description that announce a copy: a plain one before a hint, the title before the description. What is
 * denied (`not a replica`), honestly a model (`replica of a ship model`) or a term of trade (`replica shirt`) is none.
 */
export function replicaHit(
  words: { readonly title: readonly string[]; readonly description: readonly string[] },
  index: ReplicaIndex,
): ReplicaHit | undefined {
  let hint: ReplicaHit | undefined;
  for (const tokens of [words.title, words.description]) {
    for (const hit of hitsIn(tokens, index)) {
      if (hit.isPlain) return hit;
      hint ??= hit;
    }
  }
  return hint;
}

function* hitsIn(tokens: readonly string[], index: ReplicaIndex): Generator<ReplicaHit> {
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at] ?? '';
    for (const { words, text, language, isPlain } of index.byFirst.get(token) ?? []) {
      if (!isAt(tokens, at, words) || isExcused(tokens, at, words.length, index)) continue;
      yield { words: text, language, isPlain };
    }
    if (UNSPACED.test(token)) yield* unspacedIn(tokens, at, index);
  }
}

/** Scripts without spaces: the expression stands inside a run, and what is around it is the text around that run. */
function* unspacedIn(tokens: readonly string[], at: number, index: ReplicaIndex): Generator<ReplicaHit> {
  const token = tokens[at] ?? '';
  const around = tokens.slice(Math.max(0, at - index.reach), at + index.reach + 1).join(' ');
  for (const { text, language, isPlain } of index.unspaced) {
    const from = token.indexOf(text);
    if (from < 0) continue;
    const before = (tokens[at - 1] ?? '') + token.slice(0, from);
    const isDeniedHere = [...index.negations].some((word) => UNSPACED.test(word) && before.endsWith(word));
    const isModel = [...index.models].some((word) => UNSPACED.test(word) && around.includes(word));
    if (!isDeniedHere && !isModel) yield { words: text, language, isPlain };
  }
}

function isAt(tokens: readonly string[], at: number, words: readonly string[]): boolean {
  return words.every((word, offset) => tokens[at + offset] === word);
}

function isExcused(tokens: readonly string[], at: number, length: number, index: ReplicaIndex): boolean {
  const { models, phrases, reach } = index;
  const before = tokens.slice(Math.max(0, at - reach), at);
  const after = tokens.slice(at + length, at + length + reach);
  if (isDenied(tokens, at, index) || phraseIn(before, models) !== undefined || phraseIn(after, models) !== undefined) return true;
  return phrases.some((phrase) => coversPhrase(tokens, at, length, phrase));
}

/** `not a replica` is none; `no box, replica` is one. */
function isDenied(tokens: readonly string[], at: number, { negations, articles }: ReplicaIndex): boolean {
  let before = at - 1;
  while (articles.has(tokens[before] ?? '')) before -= 1;
  return negations.has(tokens[before] ?? '');
}

/** Whether the phrase stands in the tokens so that the expression is a part of it. */
function coversPhrase(tokens: readonly string[], at: number, length: number, phrase: readonly string[]): boolean {
  for (let from = at + length - phrase.length; from <= at; from += 1) if (from >= 0 && isAt(tokens, from, phrase)) return true;
  return false;
}
