import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build as bundle } from 'esbuild';
import { rulesBundle } from '../worker/rules-bundle.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const WEB = join(ROOT, 'portal/web');
/** Rooms whose code is in the pages; a change in one of them makes the built pages stale. */
const SOURCES = ['portal/web', 'portal/server/schemas', 'domain', 'verifier', 'worker'];
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
      build: { outDir: apart, emptyOutDir: true, target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
    }),
  );
  await buildVerifyPage(apart);
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

/** One file without anything beside it, so that it works from a disk, with no server at all. */
async function buildVerifyPage(outDir: string): Promise<void> {
  const { outputFiles } = await bundle({
    entryPoints: [join(WEB, 'verify/main.ts')],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    minify: true,
    // Decisions by the rules of this very checkout are decided again in the page; it runs no text of a file.
    define: { RULES_DIGEST: JSON.stringify((await rulesBundle()).digest) },
    legalComments: 'none',
    absWorkingDir: ROOT,
  });
  // `</script` inside a text of the bundle would end it early.
  const script = (outputFiles[0]?.text ?? '').trim().replaceAll('</script', '<\\/script');
  const style = (await readFile(join(WEB, 'verify/page.css'), 'utf8')).trim();
  const page = await readFile(join(WEB, 'verify/page.html'), 'utf8');
  await mkdir(outDir, { recursive: true });
  await writeFile(
    join(outDir, 'verify.html'),
    page.replace('/*STYLE*/', () => style).replace('/*SCRIPT*/', () => script),
  );
}

/** Compressed once here, not at every request. */
async function compressAssets(dir: string): Promise<void> {
  for (const name of await readdir(dir)) await writeFile(join(dir, `${name}.gz`), gzipSync(await readFile(join(dir, name)), { level: 9 }));
}

async function sourcesDigest(): Promise<string> {
  const hash = createHash('sha256');
  for (const file of ['package-lock.json', 'scripts/build-pages.ts']) hash.update(await readFile(join(ROOT, file)));
  for (const room of SOURCES) {
    const files = (await readdir(join(ROOT, room), { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    for (const path of files.map((entry) => join(entry.parentPath, entry.name)).sort()) {
      hash.update(`${path.slice(ROOT.length)}\n`).update(await readFile(path));
    }
  }
  return hash.digest('hex');
}

if (import.meta.main) await ensurePages((line) => process.stderr.write(`${line}\n`));
