import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BIOME = join(ROOT, 'node_modules/@biomejs/biome/bin/biome');

interface Guarded {
  readonly file: string;
  /** What a file there must not import ... */
  readonly refused: readonly string[];
  /** ... and what it may: a guard that refuses everything proves nothing. */
  readonly allowed: readonly string[];
}

const GUARDED: readonly Guarded[] = [
  {
    file: 'domain/case/a.ts',
    refused: ['../../store/log.ts', '../../activities/ports.ts', '../../policies/load.ts', 'zod', 'node:crypto', 'temporal-polyfill'],
    allowed: ['../ids.ts', './model.ts', '../policy/policy.ts', 'canonicalize', '@noble/hashes/sha2.js'],
  },
  { file: 'policies/a.ts', refused: ['../store/orm.ts', '@mikro-orm/core'], allowed: ['../domain/ids.ts', '../calendars/zones.ts', 'yaml'] },
  {
    file: 'calendars/a.ts',
    refused: ['../store/orm.ts', '../policies/load.ts', '@temporalio/workflow'],
    allowed: ['../domain/ids.ts', 'temporal-polyfill'],
  },
  { file: 'config/a.ts', refused: ['../domain/ids.ts', '../worker/engine.ts', 'pg'], allowed: ['./env.ts', 'zod', 'node:path'] },
  {
    file: 'workflows/a.ts',
    refused: ['../store/log.ts', '../client/case-client.ts', '../activities/effects.ts', 'zod', 'node:fs', '@temporalio/client', '@mikro-orm/core'],
    allowed: ['@temporalio/workflow', '../domain/aggregate.ts', '../activities/activities.ts', './messages.ts'],
  },
  {
    file: 'activities/a.ts',
    refused: ['../client/connection.ts', '../workflows/interpreter.ts', '../calendars/zones.ts', '@temporalio/client', 'nodemailer', 'node:fs'],
    allowed: ['@temporalio/activity', '@temporalio/common', '../domain/ids.ts', '../store/log.ts', './ports.ts'],
  },
  {
    file: 'activities/adapters/a.ts',
    refused: ['../../store/log.ts', '../../worker/engine.ts', '../../config/config.ts'],
    allowed: ['nodemailer', 'node:fs', '../ports.ts', '../../domain/ids.ts'],
  },
  {
    file: 'store/entities/a.ts',
    refused: ['../../client/connection.ts', '../../activities/activities.ts', '../../workflows/messages.ts', '@temporalio/client', 'fastify'],
    allowed: ['@mikro-orm/core', '../orm.ts', '../../domain/ids.ts', '../../calendars/zones.ts', '../../activities/ports.ts'],
  },
  {
    file: 'client/a.ts',
    refused: ['../store/log.ts', '../store/chain.ts', '../workflows/interpreter.ts', '../worker/engine.ts', '@temporalio/worker', '@mikro-orm/core'],
    allowed: [
      '@temporalio/client',
      '../domain/ids.ts',
      '../store/inbox.ts',
      '../store/entities/log.ts',
      '../workflows/messages.ts',
      '../config/config.ts',
    ],
  },
  {
    file: 'portal/mail/a.ts',
    refused: ['../../worker/engine.ts', '../../client/case-client.ts', '../server/deps.ts', '../../activities/effects.ts', '../../embedded/ports.ts'],
    allowed: ['../../store/orm.ts', '../../domain/ids.ts', '../../activities/ports.ts', 'smtp-server', 'postal-mime'],
  },
  {
    file: 'portal/server/a.ts',
    refused: ['../../worker/engine.ts', '../../workflows/messages.ts', '../../activities/effects.ts', '../../verifier/entry/read-file.ts'],
    allowed: [
      '../../client/case-client.ts',
      '../../store/orm.ts',
      '../../domain/ids.ts',
      '../../verifier/words.ts',
      '../../config/config.ts',
      'fastify',
    ],
  },
  { file: 'portal/web/a.ts', refused: ['../../store/orm.ts', '../../client/case-client.ts'], allowed: ['../../domain/ids.ts', 'react'] },
  {
    file: 'verifier/page/a.ts',
    refused: ['../entry/read-file.ts', '../../store/orm.ts', '../../portal/server/problems.ts', 'react', 'node:fs'],
    allowed: ['../audit.ts', '../../domain/ids.ts', './words.ts', 'quickjs-emscripten-core'],
  },
  {
    file: 'verifier/a.ts',
    refused: ['../store/log.ts', '../calendars/zones.ts', 'node:crypto', 'pg'],
    allowed: ['../domain/redecide.ts', 'canonicalize', 'zod'],
  },
  { file: 'verifier/main.ts', refused: ['../store/log.ts', '../client/case-client.ts'], allowed: ['../domain/redecide.ts', './a.ts', 'node:fs'] },
  { file: 'scenarios/a.ts', refused: ['../store/log.ts', '../worker/engine.ts'], allowed: ['../domain/ids.ts', 'zod'] },
  ...['cli', 'worker', 'embedded', 'bench', 'scripts'].map((room) => ({
    file: `${room}/a.ts`,
    refused: ['../portal/web/app.ts', '../test/support/clock.ts'],
    allowed: ['../store/log.ts', '../domain/ids.ts', '../portal/server/main.ts', 'node:fs', 'pino'],
  })),
  { file: 'scenarios/runner/a.ts', refused: ['../../portal/web/app.ts'], allowed: ['../../store/log.ts', '../../worker/engine.ts', 'zod'] },
];

const HABITS: readonly (readonly [rule: string, file: string, text: string])[] = [
  ['noDefaultExport', 'worker/default.ts', 'export default 1;'],
  ['noProcessEnv', 'worker/env.ts', 'export const home = process.env.HOME;'],
  ['noExplicitAny', 'worker/any.ts', 'export const a: any = 1;'],
  ['noNonNullAssertion', 'worker/bang.ts', 'export const a = (b?: string) => b!.length;'],
  ['noReExportAll', 'worker/wildcard.ts', "export * from './any.ts';"],
  ['useImportType', 'worker/type.ts', "import { A } from './t.ts';\nexport const a = (b: A): A => b;"],
  ['noFloatingPromises', 'worker/floating.ts', 'async function f(): Promise<void> {}\nexport function g(): void {\n  f();\n}'],
  ['noExcessiveLinesPerFunction', 'worker/long-function.ts', `export function f(a: number[]): void {\n${'  a.push(1);\n'.repeat(61)}}`],
  ['noExcessiveLinesPerFile', 'worker/long-file.ts', `export const a = [\n${'  1,\n'.repeat(300)}];`],
  ['noImportCycles', 'worker/cycle-a.ts', "import { b } from './cycle-b.ts';\nexport const a = () => b();"],
  ['noImportCycles', 'worker/cycle-b.ts', "import { a } from './cycle-a.ts';\nexport const b = (): unknown => a();"],
];

/** Biome's rule does not tell types from values, so the column "types only" is read from the sources. */
const TYPES_ONLY: readonly (readonly [room: string, target: string])[] = [
  ['workflows', 'activities/activities.ts'],
  ['activities', 'workflows/messages.ts'],
  ['store', 'activities/ports.ts'],
  ['client', 'activities/ports.ts'],
  ['portal/server', 'activities/ports.ts'],
];

const REPORT = z.object({
  diagnostics: z.array(z.object({ category: z.string(), location: z.object({ path: z.string(), start: z.object({ line: z.number() }) }) })),
});
interface Found {
  readonly rule: string;
  readonly file: string;
  readonly line: number;
}

/** One lint run over a folder that has the real configuration and nothing but the given files. */
function lint(files: readonly (readonly [file: string, text: string])[]): readonly Found[] {
  const dir = mkdtempSync(join(tmpdir(), 'interdict-lint-'));
  try {
    const { $schema: _, vcs: __, ...config } = z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(join(ROOT, 'biome.json'), 'utf8')));
    writeFileSync(join(dir, 'biome.json'), JSON.stringify(config));
    for (const [file, text] of files) {
      mkdirSync(join(dir, dirname(file)), { recursive: true });
      writeFileSync(join(dir, file), `${text}\n`);
    }
    const { diagnostics } = REPORT.parse(JSON.parse(reportOn(dir)));
    return diagnostics.map(({ category, location }) => ({ rule: category.split('/').at(-1) ?? '', file: location.path, line: location.start.line }));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
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

/** Line n of the file imports the n-th specifier. */
function importing({ file, refused, allowed }: Guarded): readonly [string, string] {
  return [file, [...refused, ...allowed].map((specifier, i) => `import { x as x${i} } from '${specifier}';`).join('\n')];
}

function sourcesOf(room: string): readonly string[] {
  const dir = join(ROOT, room);
  const names = readdirSync(dir, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith('.ts')).map((name) => readFileSync(join(dir, name), 'utf8'));
}

let found: readonly Found[] = [];
beforeAll(() => {
  found = lint([...GUARDED.map(importing), ...HABITS.map(([, file, text]) => [file, text] as const)]);
});

describe('the import table of design.md section 4', () => {
  it.each(GUARDED)('is kept in $file', ({ file, refused, allowed }) => {
    const all = [...refused, ...allowed];
    const lines = found.filter((one) => one.file === file && one.rule === 'noRestrictedImports').map(({ line }) => all[line - 1]);
    expect(lines.sort()).toEqual([...refused].sort());
  });

  it.each(TYPES_ONLY)('lets only types cross from %s to %s', (room, target) => {
    const crossing = sourcesOf(room)
      .flatMap((text) => text.match(/^import [^;]*;/gm) ?? [])
      .filter((statement) => statement.includes(`/${target}'`));
    expect(crossing.filter((statement) => !statement.startsWith('import type '))).toEqual([]);
  });
});

describe('the habits that lint holds', () => {
  it.each(HABITS)('%s bites in %s', (rule, file) => {
    expect(found.filter((one) => one.file === file).map((one) => one.rule)).toContain(rule);
  });
});
