import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { sha256Hex } from '../domain/canonical.ts';

/** The rules that decide in this process: one plain ES module of domain only, and its SHA-256. */
export interface RulesBundle {
  readonly digest: string;
  readonly text: string;
}

let made: Promise<RulesBundle> | undefined;

/** Builds the bundle once per process. The working directory is fixed, because it enters the output. */
export function rulesBundle(): Promise<RulesBundle> {
  made ??= bundle();
  return made;
}

async function bundle(): Promise<RulesBundle> {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const result = await build({
    absWorkingDir: root,
    entryPoints: ['domain/rules.entry.ts'],
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'inline',
    write: false,
  });
  const text = result.outputFiles[0]?.text ?? '';
  return { digest: sha256Hex(text), text };
}
