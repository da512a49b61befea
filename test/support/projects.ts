import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');

/** What a test file starts or needs running: nothing, one PostgreSQL, or also Temporal, mail, a browser or the command line. */
export type Project = 'unit' | 'store' | 'stack';

/** The modules and packages by which a test gets what only the heavier projects have. */
export const STARTERS = {
  store: ['test/support/database.ts'],
  stack: [
    'embedded/mailbox/mailbox.ts',
    'embedded/postgres.ts',
    'embedded/stack.ts',
    'embedded/temporal.ts',
    'scenarios/runner/servers.ts',
    'test/cli/support.ts',
    'playwright-core',
    '@temporalio/worker',
  ],
} as const;

/** Folders of tests that take longest, the longest first. */
export const LONG_FOLDERS: readonly string[] = ['test/scenarios/', 'test/web/', 'test/crash/', 'test/cli/'];

/** A file that asks for the address of the database needs it as well. */
const DATABASE_URL = /\binject\('databaseUrl'\)/;

/** Imports of values, static or dynamic. A type alone starts nothing. */
const IMPORT = /^(?:import|export)\s+(?!type\s)(?:[^;'"]*?\sfrom\s+)?'([^']+)'|\bimport\('([^']+)'\)/gm;

/** The import graph of the checkout, read from the sources: a test file belongs to the heaviest thing that it reaches. */
export class Imports {
  readonly #root: string;
  readonly #direct = new Map<string, readonly string[]>();

  constructor(root = ROOT) {
    this.#root = root;
  }

  /** Paths from the root of all modules that a file loads, with itself, and the names of packages. */
  reached(file: string): ReadonlySet<string> {
    const reached = new Set([file]);
    for (const module of reached) for (const next of this.#of(module)) reached.add(next);
    return reached;
  }

  /** The project of a test file. */
  projectOf(file: string): Project {
    const reached = this.reached(file);
    if (STARTERS.stack.some((starter) => reached.has(starter))) return 'stack';
    if (STARTERS.store.some((starter) => reached.has(starter))) return 'store';
    return [...reached].some((module) => this.#asksForDatabase(module)) ? 'store' : 'unit';
  }

  #of(module: string): readonly string[] {
    const known = this.#direct.get(module);
    if (known !== undefined) return known;
    const direct = this.#isSource(module) ? [...this.#text(module).matchAll(IMPORT)].flatMap((found) => this.#resolved(module, found)) : [];
    this.#direct.set(module, direct);
    return direct;
  }

  #resolved(module: string, found: RegExpExecArray): readonly string[] {
    const name = found[1] ?? found[2] ?? '';
    if (!name.startsWith('.')) return [name];
    const path = join(dirname(module), name);
    return this.#isSource(path) ? [path] : [];
  }

  #asksForDatabase(module: string): boolean {
    return module.startsWith('test/') && this.#isSource(module) && DATABASE_URL.test(this.#text(module));
  }

  #isSource(path: string): boolean {
    return /\.(ts|tsx|js)$/.test(path) && existsSync(join(this.#root, path));
  }

  #text(path: string): string {
    return readFileSync(join(this.#root, path), 'utf8');
  }
}

/** The test files of each project, by path from the root. */
export function projectFiles(): Readonly<Record<Project, readonly string[]>> {
  const imports = new Imports();
  const files = globSync('test/**/*.test.ts', { cwd: ROOT }).sort();
  const of = (project: Project) => files.filter((file) => imports.projectOf(file) === project);
  return { unit: of('unit'), store: of('store'), stack: of('stack') };
}
