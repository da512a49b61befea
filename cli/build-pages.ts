import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { commandForms } from '../commands/forms.ts';
import { verifyPage } from '../verifier/entry/verify-page.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const WEB = join(ROOT, 'web');
/** Modules whose code is in the pages; a change in one of them makes the built pages stale. */
const SOURCES = ['texts', 'web', 'api/schemas', 'commands', 'domain', 'verifier', 'worker'];
const STAMP = '.sources';

/** Where the built pages are. Ignored by git. */
export const PAGES = join(ROOT, 'dist/web');

/**
 * Builds the pages unless they are those of the present sources. Says so, once, when it builds. Returns the folder; undefined where
 * nothing can be written and nothing is there yet: then the API is served alone.
 */
export async function ensurePages(log: (line: string) => void): Promise<string | undefined> {
  const wanted = await sourcesDigest();
  if (existsSync(join(PAGES, STAMP)) && (await readFile(join(PAGES, STAMP), 'utf8')) === wanted) return PAGES;
  const began = performance.now();
  try {
    await buildPages(wanted);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!['EACCES', 'EROFS', 'EPERM'].includes(code)) throw error;
    log(`pages: cannot be built, ${PAGES} cannot be written (${code}); start once as a user who may write there`);
    return existsSync(PAGES) ? PAGES : undefined;
  }
  log(`pages: built in ${((performance.now() - began) / 1000).toFixed(1)} s`);
  return PAGES;
}

async function buildPages(digest: string): Promise<void> {
  // A tool of development: where the pages are there already, nothing of it is needed.
  const { build } = await import('vite');
  // Built apart and put in place in one move: a crash leaves no half of it.
  const apart = `${PAGES}-${process.pid}`;
  await mkdir(apart, { recursive: true });
  await asProduction(() =>
    build({
      configFile: false,
      root: WEB,
      // Every file of the component library says "use client", which a bundler warns of one by one.
      logLevel: 'error',
      mode: 'production',
      // Plain data: the pages would otherwise load the validator for them.
      define: { COMMAND_FORMS: JSON.stringify(commandForms()) },
      build: { outDir: apart, emptyOutDir: true, target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
    }),
  );
  await writeFile(join(apart, 'verify.html'), await verifyPage());
  await compressAssets(join(apart, 'assets'));
  await writeFile(join(apart, STAMP), digest);
  await rm(PAGES, { recursive: true, force: true });
  try {
    await rename(apart, PAGES);
  } catch (error) {
    // Another start was faster, with the same sources.
    if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    await rm(apart, { recursive: true, force: true });
  }
}

/** The bundler reads the environment, not its own mode: started by a test runner it would pack the slow development build of React. */
async function asProduction(run: () => Promise<unknown>): Promise<void> {
  const before = process.env['NODE_ENV'];
  process.env['NODE_ENV'] = 'production';
  try {
    await run();
  } finally {
    if (before === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = before;
  }
}

/** Compressed once here, not at every request. */
async function compressAssets(dir: string): Promise<void> {
  for (const name of await readdir(dir)) await writeFile(join(dir, `${name}.gz`), gzipSync(await readFile(join(dir, name)), { level: 9 }));
}

async function sourcesDigest(): Promise<string> {
  const hash = createHash('sha256');
  for (const file of ['package-lock.json', 'cli/build-pages.ts']) hash.update(await readFile(join(ROOT, file)));
  for (const module of SOURCES) {
    const files = (await readdir(join(ROOT, module), { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    for (const path of files.map((entry) => join(entry.parentPath, entry.name)).sort()) {
      hash.update(`${path.slice(ROOT.length)}\n`).update(await readFile(path));
    }
  }
  return hash.digest('hex');
}

if (import.meta.main) await ensurePages((line) => process.stderr.write(`${line}\n`));
