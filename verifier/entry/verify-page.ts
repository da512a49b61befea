import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { InterpreterLimits } from '../interpreter/interpret.ts';
import { INTERPRETER_LIMITS } from './interpreted-rules.ts';
import { rulesBundle } from './rules-bundle.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PAGE = join(ROOT, 'verifier/page');

/**
 * The page that checks a file, as one file without anything beside it, so that it works from a disk, with no server at all. It
 * carries its own policy: exactly its script, its style and the worker of the interpreter may run, and nothing may go out to anywhere.
 */
export async function verifyPage(limits: InterpreterLimits = INTERPRETER_LIMITS): Promise<string> {
  const script = await bundled('main.ts', {
    RULES_DIGEST: JSON.stringify((await rulesBundle()).digest),
    RULES_WORKER: JSON.stringify(await bundled('rules-worker.ts', {})),
    INTERPRETER_LIMITS: JSON.stringify(limits),
  });
  const style = (await readFile(join(PAGE, 'page.css'), 'utf8')).trim();
  const policy = [
    "default-src 'none'",
    // WebAssembly is compiled for the interpreter, from bytes inside this very script.
    `script-src '${digestOf(script)}' 'wasm-unsafe-eval'`,
    'worker-src blob:',
    `style-src '${digestOf(style)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const page = await readFile(join(PAGE, 'page.html'), 'utf8');
  return page
    .replace('/*POLICY*/', () => policy)
    .replace('/*STYLE*/', () => style)
    .replace('/*SCRIPT*/', () => script);
}

async function bundled(entry: string, define: Readonly<Record<string, string>>): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(PAGE, entry)],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    minify: true,
    define,
    conditions: ['browser'],
    loader: { '.wasm': 'binary' },
    // The interpreter's glue asks where it is only when it is given no code.
    logOverride: { 'empty-import-meta': 'silent' },
    legalComments: 'none',
    absWorkingDir: ROOT,
  });
  // `</script` inside a text of the bundle would end it early.
  return (outputFiles[0]?.text ?? '').trim().replaceAll('</script', '<\\/script');
}

function digestOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
