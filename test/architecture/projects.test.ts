import { existsSync, globSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { aFolder } from '../embedded/support.ts';
import { Imports, LONG_FOLDERS, projectFiles, STARTERS } from '../support/projects.ts';

const ROOT = join(import.meta.dirname, '..', '..');
/** Apart from its call, or this file would count as one that asks for a database. */
const KEY = "'databaseUrl'";

/** The project of `test/a.test.ts` in a checkout of these files. */
async function projectIn(files: Readonly<Record<string, string>>): Promise<string> {
  const root = await aFolder();
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(root, dirname(path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return new Imports(root).projectOf('test/a.test.ts');
}

describe('a test file belongs to the heaviest thing that it reaches', () => {
  it.each([
    ['nothing', 'unit', "import { a } from '../domain/a.ts';\nimport { test } from 'vitest';"],
    ['only a type of a server', 'unit', "import type { Temporal } from '../embedded/temporal.ts';"],
    ['a database', 'store', "import { testDatabase } from './support/database.ts';"],
    ['the address of the database', 'store', `const url = inject(${KEY});`],
    ['a server', 'stack', "import { startTemporal } from '../embedded/temporal.ts';"],
    ['a server, on several lines', 'stack', "import {\n  type Temporal,\n  startTemporal,\n} from '../embedded/temporal.ts';"],
    ['a server, when it runs', 'stack', "const { startTemporal } = await import('../embedded/temporal.ts');"],
    ['a server by way of another file', 'stack', "import { stage } from './support/stage.ts';"],
    ['a browser', 'stack', "import { chromium } from 'playwright-core';"],
    ['a database and a browser', 'stack', "import { testDatabase } from './support/database.ts';\nimport { chromium } from 'playwright-core';"],
  ])('%s: %s', async (_, project, text) => {
    const stage = "import { next } from './next.ts';";
    const next = "import './stage.ts';\nexport { startTemporal } from '../../embedded/temporal.ts';";
    const files = { 'domain/a.ts': '', 'embedded/temporal.ts': '', 'test/support/database.ts': '' };
    expect(await projectIn({ ...files, 'test/support/stage.ts': stage, 'test/support/next.ts': next, 'test/a.test.ts': text })).toBe(project);
  });
});

describe('the projects of this checkout', () => {
  const { unit, store, stack } = projectFiles();

  it('hold every test file once', () => {
    expect([...unit, ...store, ...stack].sort()).toEqual(globSync('test/**/*.test.ts', { cwd: ROOT }).sort());
  });

  it('begin with folders that are there', () => {
    for (const folder of LONG_FOLDERS) expect(stack.filter((file) => file.startsWith(folder)).length, folder).toBeGreaterThan(0);
  });

  it('are told apart by modules that are there and packages that tests use', () => {
    const imports = new Imports();
    const used = new Set([...store, ...stack].flatMap((file) => [...imports.reached(file)]));
    for (const starter of [...STARTERS.store, ...STARTERS.stack]) {
      expect(used.has(starter), `${starter} is reached by a test`).toBe(true);
      if (starter.endsWith('.ts')) expect(existsSync(join(ROOT, starter)), starter).toBe(true);
    }
  });

  it('know the servers that programs of ours start: whoever reaches such a program is not in unit', () => {
    const imports = new Imports();
    const programs = globSync('embedded/*-program.ts', { cwd: ROOT });
    expect(programs.length).toBeGreaterThan(0);
    const strays = unit.filter((file) => programs.some((program) => imports.reached(file).has(program)));
    expect(strays).toEqual([]);
  });
});
