import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { sha256Hex } from '../../domain/canonical.ts';

/** The rules of this checkout: one plain ES module of domain only, and its SHA-256. */
export interface RulesBundle {
  readonly digest: string;
  readonly text: string;
}

let rules: Promise<RulesBundle> | undefined;
let redecide: Promise<string> | undefined;

/** Builds the bundle of the rules once per process. */
export function rulesBundle(): Promise<RulesBundle> {
  rules ??= plainModule('domain/rules.entry.ts').then((text) => ({ digest: sha256Hex(text), text }));
  return rules;
}

/** The program that goes into packets as `rules.mjs` and decides their cases again with the rules beside it. */
export function redecideProgram(): Promise<string> {
  redecide ??= plainModule('verifier/entry/redecide.entry.ts', ['node:fs', 'node:process', 'node:url', 'node:worker_threads']);
  return redecide;
}

/** One plain ES module of everything that an entry needs. The working directory is fixed, because it enters the output. */
async function plainModule(entry: string, external: string[] = []): Promise<string> {
  const result = await build({
    absWorkingDir: fileURLToPath(new URL('../..', import.meta.url)),
    entryPoints: [entry],
    bundle: true,
    external,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    // The interpreter's glue for pages asks for nothing of Node, so that one text runs everywhere.
    conditions: ['browser'],
    loader: { '.wasm': 'binary' },
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'inline',
    write: false,
  });
  return result.outputFiles[0]?.text ?? '';
}
