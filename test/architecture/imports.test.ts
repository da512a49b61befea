import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { assertParser, type Borders, borderFindings, bordersOf } from '../../scripts/borders.ts';
import { sourceFiles } from '../../scripts/source-rules.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BIOME = join(ROOT, 'node_modules/@biomejs/biome/bin/biome');

interface Guarded {
  readonly file: string;
  /** What a file there must not import ... */
  readonly refused: readonly string[];
  /** ... and what it may: a guard that refuses everything proves nothing. */
  readonly allowed: readonly string[];
  /** What it may import the types of, and no value. */
  readonly types?: readonly string[];
}

const GUARDED: readonly Guarded[] = [
  {
    file: 'domain/case/a.ts',
    refused: ['../../store/log/advance.ts', '../../adapters/ports.ts', '../../policies/load.ts', 'zod', 'node:crypto', 'temporal-polyfill'],
    allowed: ['../ids.ts', './model.ts', '../policy/policy.ts', 'canonicalize', '@noble/hashes/sha2.js'],
  },
  {
    file: 'policies/a.ts',
    refused: ['../store/connection/orm.ts', '@mikro-orm/core'],
    allowed: ['../domain/ids.ts', '../calendars/zones.ts', 'yaml'],
  },
  {
    file: 'calendars/a.ts',
    refused: ['../store/connection/orm.ts', '../policies/load.ts', '@temporalio/workflow'],
    allowed: ['../domain/ids.ts', 'temporal-polyfill'],
  },
  { file: 'config/a.ts', refused: ['../domain/ids.ts', '../worker/engine.ts', 'pg'], allowed: ['./env.ts', 'zod', 'node:path'] },
  {
    file: 'workflows/a.ts',
    refused: [
      ...['../store/log/advance.ts', '../client/case-client.ts', '../activities/effects.ts'],
      ...['zod', 'node:fs', '@temporalio/client', '@mikro-orm/core'],
    ],
    allowed: ['@temporalio/workflow', '../domain/aggregate.ts', './contracts.ts'],
  },
  {
    file: 'activities/a.ts',
    refused: [
      ...['../client/connection.ts', '../workflows/interpreter.ts', '../calendars/zones.ts', '../adapters/smtp-mailer.ts'],
      ...['@temporalio/client', 'nodemailer', 'node:fs'],
    ],
    allowed: [
      ...['@temporalio/activity', '@temporalio/common', '../domain/ids.ts', '../store/log/advance.ts'],
      ...['../adapters/ports.ts', '../adapters/failures.ts', '../workflows/contracts.ts'],
    ],
  },
  {
    file: 'adapters/a.ts',
    refused: ['../store/log/advance.ts', '../activities/effects.ts', '../worker/engine.ts', '../config/config.ts'],
    allowed: ['nodemailer', 'node:fs', './ports.ts', '../domain/ids.ts'],
  },
  {
    file: 'store/schema/entities/a.ts',
    refused: ['../../../client/connection.ts', '../../../adapters/ports.ts', '../../../workflows/contracts.ts', '@temporalio/client', 'fastify'],
    allowed: ['@mikro-orm/core', '../../connection/orm.ts', '../../../domain/ids.ts', '../../../calendars/zones.ts'],
  },
  {
    file: 'commands/a.ts',
    refused: ['../store/connection/orm.ts', '../client/case-client.ts', '../api/access.ts', 'fastify', 'node:fs'],
    allowed: ['../domain/ids.ts', 'zod'],
  },
  {
    file: 'client/a.ts',
    refused: [
      ...['../store/log/advance.ts', '../store/log/chain.ts'],
      ...['../adapters/ports.ts', '../workflows/interpreter.ts', '../worker/engine.ts', '@temporalio/worker', '@mikro-orm/core'],
    ],
    allowed: [
      ...['@temporalio/client', '../domain/ids.ts', '../config/config.ts'],
      ...['../store/log/inbox.ts', '../store/schema/entities/log.ts', '../workflows/contracts.ts'],
    ],
  },
  {
    file: 'inbound-mail/a.ts',
    refused: ['../worker/engine.ts', '../client/case-client.ts', '../api/deps.ts', '../adapters/ports.ts', '../embedded/ports.ts'],
    allowed: ['../store/connection/orm.ts', '../domain/ids.ts', 'smtp-server', 'postal-mime'],
  },
  {
    file: 'api/a.ts',
    refused: ['../worker/engine.ts', '../workflows/contracts.ts', '../activities/effects.ts', '../verifier/entry/read-file.ts'],
    allowed: ['../client/case-client.ts', '../store/connection/orm.ts', '../domain/ids.ts', '../verifier/words.ts', '../config/config.ts', 'fastify'],
    types: ['../adapters/ports.ts'],
  },
  {
    file: 'web/a.ts',
    refused: ['../store/connection/orm.ts', '../client/case-client.ts', '../api/deps.ts', 'node:fs'],
    allowed: ['../domain/ids.ts', 'react'],
    types: ['../api/schemas/messages.ts'],
  },
  // A folder that has no entry in the table is closed.
  { file: 'newcomer/a.ts', refused: ['../domain/ids.ts', 'zod', 'node:fs'], allowed: [] },
  { file: 'test/a.ts', refused: [], allowed: ['../store/log/advance.ts', '../web/app.ts', 'node:fs', 'vitest'] },
  {
    file: 'verifier/page/a.ts',
    refused: ['../entry/read-file.ts', '../../store/connection/orm.ts', '../../api/problems.ts', 'react', 'node:fs'],
    allowed: ['../audit.ts', '../../domain/ids.ts', './words.ts', 'quickjs-emscripten-core'],
  },
  {
    file: 'verifier/a.ts',
    refused: ['../store/log/advance.ts', '../calendars/zones.ts', 'node:crypto', 'pg'],
    allowed: ['../domain/verify-decisions.ts', 'canonicalize', 'zod'],
  },
  {
    file: 'verifier/main.ts',
    refused: ['../store/log/advance.ts', '../client/case-client.ts'],
    allowed: ['../domain/verify-decisions.ts', './a.ts', 'node:fs'],
  },
  { file: 'scenarios/a.ts', refused: ['../store/log/advance.ts', '../worker/engine.ts'], allowed: ['../domain/ids.ts', 'zod'] },
  ...['cli', 'worker', 'embedded', 'bench', 'scripts'].map((module) => ({
    file: `${module}/a.ts`,
    refused: ['../web/app.ts', '../test/support/clock.ts'],
    allowed: ['../store/log/advance.ts', '../domain/ids.ts', '../api/main.ts', 'node:fs', 'pino'],
  })),
  { file: 'scenarios/runner/a.ts', refused: ['../../web/app.ts'], allowed: ['../../store/log/advance.ts', '../../worker/engine.ts', 'zod'] },
];

const HABITS: readonly (readonly [rule: string, file: string, text: string])[] = [
  ['noDefaultExport', 'worker/default.ts', 'export default 1;'],
  ['noProcessEnv', 'worker/env.ts', 'export const home = process.env.HOME;'],
  ['noExplicitAny', 'worker/any.ts', 'export const a: any = 1;'],
  ['noNonNullAssertion', 'worker/bang.ts', 'export const a = (b?: string) => b!.length;'],
  ['noReExportAll', 'worker/wildcard.ts', "export * from './any.ts';"],
  ['useImportType', 'worker/type.ts', "import { A } from './t.ts';\nexport const a = (b: A): A => b;"],
  // A lone `{ type A }` would still load the file: types cross as `import type`, or the table would let it through.
  ['useImportType', 'worker/inline-type.ts', "import { type A } from './t.ts';\nexport const a = (b: A): A => b;"],
  ['noFloatingPromises', 'worker/floating.ts', 'async function f(): Promise<void> {}\nexport function g(): void {\n  f();\n}'],
  ['noExcessiveLinesPerFunction', 'worker/long-function.ts', `export function f(a: number[]): void {\n${'  a.push(1);\n'.repeat(61)}}`],
  ['noExcessiveLinesPerFile', 'worker/long-file.ts', `export const a = [\n${'  1,\n'.repeat(300)}];`],
];

const REPORT = z.object({
  diagnostics: z.array(z.object({ category: z.string(), location: z.object({ path: z.string() }) })),
});
interface Found {
  readonly rule: string;
  readonly file: string;
}

type File = readonly [file: string, text: string];

/** Does something with a folder that holds nothing but the given files. */
async function withFolder<T>(files: readonly File[], use: (dir: string) => T | Promise<T>): Promise<T> {
  const dir = mkdtempSync(join(tmpdir(), 'interdict-imports-'));
  try {
    for (const [file, text] of files) {
      mkdirSync(join(dir, dirname(file)), { recursive: true });
      writeFileSync(join(dir, file), `${text}\n`);
    }
    return await use(dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** One lint run with the real configuration. */
function lint(files: readonly File[]): Promise<readonly Found[]> {
  const { $schema: _, vcs: __, ...config } = z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(join(ROOT, 'biome.json'), 'utf8')));
  return withFolder([...files, ['biome.json', JSON.stringify(config)]], (dir) => {
    const { diagnostics } = REPORT.parse(JSON.parse(reportOn(dir)));
    return diagnostics.map(({ category, location }) => ({ rule: category.split('/').at(-1) ?? '', file: location.path }));
  });
}

function reportOn(dir: string): string {
  const args = [BIOME, 'lint', '--reporter=json', '--max-diagnostics=none', '.'];
  try {
    return execFileSync(process.execPath, args, { cwd: dir, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch (error) {
    // Findings are its exit code 1; the report is on standard output all the same.
    return z.object({ stdout: z.string() }).parse(error).stdout;
  }
}

/** The file that a specifier leads to, as the graph names it. */
function targetOf(file: string, specifier: string): string {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(file), specifier);
  if (specifier.startsWith('node:')) return specifier.slice('node:'.length);
  return `node_modules/${specifier.endsWith('.js') ? specifier : `${specifier}/index.js`}`;
}

/** The borders of files that import what `GUARDED` says, each target being there, in one way of importing. */
function bordersWith(keyword: 'import' | 'import type', guarded: readonly Guarded[]): Promise<Borders> {
  const sources = guarded.map(({ file, refused, allowed, types = [] }): File => {
    return [file, [...refused, ...allowed, ...types].map((specifier, i) => `${keyword} { x as x${i} } from '${specifier}';`).join('\n')];
  });
  const targets = guarded.flatMap(({ file, refused, allowed, types = [] }) => [...refused, ...allowed, ...types].map((one) => targetOf(file, one)));
  const stubs = targets.filter((target) => target.includes('/')).map((target): File => [target, 'export const x = 1;']);
  return borders([...stubs, ...sources]);
}

function borders(files: readonly File[]): Promise<Borders> {
  const ours = files.map(([file]) => file).filter((file) => !file.startsWith('node_modules/'));
  return withFolder(files, (dir) => bordersOf(dir, [...new Set(ours)]));
}

/** Where the imports of a file cross its borders. */
function crossed({ crossings }: Borders, file: string): readonly string[] {
  return crossings.filter((one) => one.file === file).map(({ to }) => to);
}

function targetsOf(file: string, ...specifiers: readonly string[]): readonly string[] {
  return specifiers.map((specifier) => targetOf(file, specifier));
}

describe('the import table of design.md section 4', () => {
  let values: Borders;
  let types: Borders;
  beforeAll(async () => {
    values = await bordersWith('import', GUARDED);
    types = await bordersWith('import type', GUARDED);
  });

  it.each(GUARDED)('is kept in $file', ({ file, refused, types: typesOnly = [] }) => {
    expect(crossed(values, file).toSorted()).toEqual(targetsOf(file, ...refused, ...typesOnly).toSorted());
  });

  it.each(GUARDED)('is kept for types in $file', ({ file, refused }) => {
    expect(crossed(types, file).toSorted()).toEqual(targetsOf(file, ...refused).toSorted());
  });

  it.each([
    ["import '../store/log/advance.ts';", 'for its effects'],
    ["import * as all from '../store/log/advance.ts';", 'as a namespace'],
    ["export { x } from '../store/log/advance.ts';", 'as an export'],
    ["export type { x } from '../store/log/advance.ts';", 'as an export of a type'],
    ["export const x = async () => (await import('../store/log/advance.ts')).x;", 'at run time'],
    ["const log = import('../store/log/advance.ts');", 'as a promise'],
  ])('is kept by %s', async (text) => {
    const found = await borders([
      ['store/log/advance.ts', 'export const x = 1;'],
      ['domain/a.ts', text],
      ['web/a.tsx', `${text}\nexport const page = <p>what is an import?</p>;`],
    ]);
    expect(crossed(found, 'domain/a.ts')).toEqual(['store/log/advance.ts']);
    expect(crossed(found, 'web/a.tsx')).toEqual(['store/log/advance.ts']);
  });

  it('is kept by the checkout, every file of it, and no import goes in a circle', async () => {
    const files = sourceFiles(ROOT, '*.ts', '*.tsx', '*.js').map(({ file }) => file);
    expect(borderFindings(await bordersOf(ROOT.replace(/\/$/, ''), files))).toEqual([]);
  });
});

describe('a circle of imports', () => {
  it.each([
    ['import', 'of values'],
    ['import type', 'of types'],
  ])('is found with %s, once, with the files on its way', async (keyword) => {
    const found = await borders([
      ['worker/a.ts', `${keyword} { b } from './b.ts';`],
      ['worker/b.ts', `${keyword} { c } from './c.ts';`],
      ['worker/c.ts', "import type { a } from './a.ts';"],
      ['worker/outside.ts', "import { a } from './a.ts';"],
    ]);
    expect(found.circles.map((circle) => [...new Set(circle)].sort())).toEqual([['worker/a.ts', 'worker/b.ts', 'worker/c.ts']]);
    expect(borderFindings(found).map(({ what }) => what)).toEqual([expect.stringMatching(/^imports itself: worker.* -> worker.* -> worker/)]);
  });

  it('is found between two files that import values of each other', async () => {
    const found = await borders([
      ['worker/cycle-a.ts', "import { b } from './cycle-b.ts';\nexport const a = () => b();"],
      ['worker/cycle-b.ts', "import { a } from './cycle-a.ts';\nexport const b = (): unknown => a();"],
    ]);
    expect(found.circles).toHaveLength(1);
  });
});

describe('the habits that lint holds', () => {
  let found: readonly Found[] = [];
  beforeAll(async () => {
    found = await lint(HABITS.map(([, file, text]) => [file, text]));
  });

  it.each(HABITS)('%s bites in %s', (rule, file) => {
    expect(found.filter((one) => one.file === file).map((one) => one.rule)).toContain(rule);
  });
});

describe('imports that cannot be read', () => {
  it('are an error, never passed over', async () => {
    await expect(borders([['worker/broken.ts', 'import { from;']])).rejects.toThrow('worker/broken.ts');
    expect(() => assertParser([{ name: 'swc', available: false }])).toThrow('@swc/core');
  });
});
