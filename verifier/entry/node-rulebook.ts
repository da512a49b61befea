import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { ownRules } from '../audit.ts';
import { compiled, type InterpreterLimits } from '../interpreter/interpret.ts';
import { type Rulebook, rulebook, type RulebookParts } from '../rulebook.ts';
import { type InterpreterParts, interpretedRules } from './interpreted-rules.ts';
import { rulesBundle } from './rules-bundle.ts';

export interface NodeRulebookOptions extends Pick<RulebookParts, 'fromOwnStore' | 'unknownRules'> {
  readonly limits?: InterpreterLimits;
}

/** Which rules this checkout knows and how it runs them: its own as they are, any other in the interpreter. */
export async function nodeRulebook({ limits, ...options }: NodeRulebookOptions = {}): Promise<Rulebook> {
  const { digest } = await rulesBundle();
  return rulebook({ ...options, own: { digest, rules: ownRules }, interpreted: (text) => interpretedRules(text, installedParts(), limits) });
}

let installed: InterpreterParts | undefined;

/** The interpreter as it is installed here. */
export function installedParts(): InterpreterParts {
  installed ??= {
    thread: new URL('./rules-worker.ts', import.meta.url),
    wasm: compiled(readFileSync(createRequire(import.meta.url).resolve('@jitl/quickjs-wasmfile-release-sync/wasm'))),
  };
  return installed;
}
