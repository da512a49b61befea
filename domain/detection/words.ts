import type { DetectionWords } from '../policy/detection-policy.ts';
import { tokensOf } from './text.ts';

/** The policy's word lists as sets of folded words; phrases are kept joined by one space. */
export interface WordSets {
  readonly common: ReadonlySet<string>;
  readonly referential: ReadonlySet<string>;
  readonly compatible: ReadonlySet<string>;
  readonly used: ReadonlySet<string>;
  readonly pack: ReadonlySet<string>;
  readonly variants: ReadonlySet<string>;
}

/** Folds every list once per sweep. */
export function wordSets(words: DetectionWords): WordSets {
  const folded = (list: readonly string[]): Set<string> => new Set(list.map((word) => tokensOf(word).join(' ')));
  return {
    common: folded(words.common),
    referential: folded(words.referential),
    compatible: folded(words.compatible),
    used: folded(words.used),
    pack: folded(words.pack),
    variants: folded(words.variants),
  };
}

/** The first word or phrase (of up to three words) of the set that the tokens contain. */
export function phraseIn(tokens: readonly string[], phrases: ReadonlySet<string>): string | undefined {
  for (let at = 0; at < tokens.length; at += 1) {
    for (let length = 1; length <= 3; length += 1) {
      const phrase = tokens.slice(at, at + length).join(' ');
      if (phrases.has(phrase)) return phrase;
    }
  }
  return undefined;
}
