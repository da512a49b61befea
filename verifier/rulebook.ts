import { chainsOf, type HistoryFile } from '../domain/history-file.ts';
import { type RulesLoader, type RulesModule, RulesNotRun } from './replay.ts';
import { RELEASED_RULES } from './released-rules.ts';

/** Which rules a verifier knows, and how it runs those of a digest. */
export interface Rulebook {
  isKnown(digest: string): boolean;
  /** Whether rules that are not known run: then the file's own rules judge the file. */
  readonly runsUnknown: boolean;
  readonly rulesFor: RulesLoader;
}

export interface RulebookParts {
  /** The rules that are part of this program: they alone run as they are. */
  readonly own: { readonly digest: string | undefined; readonly rules: RulesModule };
  /** Any other text, in the interpreter. */
  readonly interpreted: (text: string) => RulesModule;
  /** Whether the file comes from the store that wrote it: then all its rules are the operator's own. */
  readonly fromOwnStore?: boolean | undefined;
  /** Whether rules that are not known may run at all. */
  readonly unknownRules?: boolean | undefined;
}

/** Own rules run as they are, known ones in the interpreter, unknown ones in the interpreter when that is asked for. */
export function rulebook({ own, interpreted, fromOwnStore, unknownRules }: RulebookParts): Rulebook {
  const isKnown = (digest: string) => fromOwnStore === true || digest === own.digest || RELEASED_RULES.some((one) => one.digest === digest);
  return {
    isKnown,
    runsUnknown: unknownRules === true,
    rulesFor: (digest, text) => {
      if (digest === own.digest) return own.rules;
      return isKnown(digest) || unknownRules === true ? interpreted(text) : refusing(digest);
    },
  };
}

/** Rules that nobody vouches for: they come from the file that they would judge. */
function refusing(digest: string): RulesModule {
  return {
    redecide: () => {
      throw new RulesNotRun(
        `this verifier does not know the rules ${digest}; --unknown-rules lets the file's own rules judge the file, in an interpreter`,
      );
    },
  };
}

/** The digests that a file's decisions name and a verifier does not know, in order of first use. */
export function unknownRulesOf(file: HistoryFile, { isKnown }: Rulebook): readonly string[] {
  const named = chainsOf(file).flatMap(({ decisions }) => decisions.map(({ decision }) => decision.rules));
  return [...new Set(named)].filter((digest) => !isKnown(digest));
}

/** Whether a file's own rules judged it: it names rules that are not known, and they run. */
export function isOwnJudge(unknownRules: readonly string[], { runsUnknown }: Rulebook): boolean {
  return runsUnknown && unknownRules.length > 0;
}
