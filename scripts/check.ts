import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { borderFindings, bordersOf } from './borders.ts';
import { commandsIn, docsFindings } from './docs-check.ts';
import { type Finding, LONGEST_FILE, largest, sourceFiles, sourceFindings, tooLong } from './source-rules.ts';
import { unusedNames, unusedWords, nameFindings, wordFindings } from './unused-words.ts';
import { strayModules, workflowModules } from './workflow-bundle.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');
const MODULES = join(ROOT, 'node_modules');

/** How a step ended: only the step that runs the tests counts more than itself. */
interface Result {
  readonly ok: boolean;
  readonly tests?: { readonly passed: number; readonly failed: number };
}

type Say = (text: string) => void;

interface Step {
  readonly title: string;
  run(say: Say): Result | Promise<Result>;
}

/** Minutes of nothing else: they come last, when all that is quickly known has been said. */
const TESTS: Step = { title: 'tests', run: tests };

/** They wait for nothing of each other, and run side by side. */
const STEPS: readonly Step[] = [
  { title: 'lint and format', run: (say) => tool(say, '@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '.']) },
  { title: 'habits that no linter knows', run: (say) => report(say, sourceFindings(sourceFiles(ROOT, '*.ts', '*.tsx', '*.js', '*.sql'))) },
  { title: 'import borders', run: imports },
  { title: 'types', run: (say) => tool(say, 'typescript/bin/tsc', ['--noEmit']) },
  { title: 'dead code', run: (say) => tool(say, 'knip/bin/knip.js', ['--no-progress', '--no-config-hints']) },
  { title: 'workflow bundle', run: bundle },
  { title: 'documents', run: documents },
  { title: 'sizes', run: sizes },
];

const print: Say = (text) => void process.stdout.write(`${text}\n`);

/** Runs a tool of the project on this Node; what it said is told when it has ended. */
async function tool(say: Say, entry: string, args: readonly string[]): Promise<Result> {
  const child = spawn(process.execPath, [join(MODULES, entry), ...args], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => said.push(text));
  const [status] = await once(child, 'close');
  say(said.join('').trimEnd());
  return { ok: status === 0 };
}

function report(say: Say, findings: readonly Finding[]): Result {
  for (const { file, what } of findings) say(`${file}: ${what}`);
  return { ok: findings.length === 0 };
}

async function imports(say: Say): Promise<Result> {
  const found = await bordersOf(
    ROOT,
    sourceFiles(ROOT, '*.ts', '*.tsx', '*.js').map(({ file }) => file),
  );
  say(`circles = ${found.circles.length}`);
  return report(say, borderFindings(found));
}

const vitestReport = z.object({ numPassedTests: z.number(), numFailedTests: z.number() });

function tests(): Result {
  const dir = mkdtempSync(join(tmpdir(), 'interdict-check-'));
  const file = join(dir, 'tests.json');
  try {
    const args = [join(MODULES, 'vitest/vitest.mjs'), 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    // Its words go straight to the terminal: somebody may be watching it.
    const ok = spawnSync(process.execPath, args, { cwd: ROOT, stdio: 'inherit' }).status === 0;
    if (!existsSync(file)) return { ok: false };
    const { numPassedTests: passed, numFailedTests: failed } = vitestReport.parse(JSON.parse(readFileSync(file, 'utf8')));
    return { ok, tests: { passed, failed } };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function bundle(say: Say): Promise<Result> {
  const { bytes, modules } = await workflowModules();
  const strays = strayModules(modules);
  say(
    `${(bytes / 1024).toFixed(0)} KiB from ${modules.length} modules, ours: ${modules.filter((name) => !name.startsWith('node_modules/')).join(' ')}`,
  );
  return report(
    say,
    strays.map((file) => ({ file, what: 'does not belong into the workflow sandbox' })),
  );
}

function documents(say: Say): Result {
  const { scripts } = z.object({ scripts: z.record(z.string(), z.string()) }).parse(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')));
  const commands = cliCommands();
  const known = { scripts: Object.keys(scripts), ...(commands !== undefined && { commands }) };
  const texts = sourceFiles(ROOT, '*.md');
  const glossary = readFileSync(join(ROOT, 'docs/glossary.md'), 'utf8');
  const unused = unusedWords(glossary);
  return report(say, [
    ...docsFindings(ROOT, texts, known),
    ...wordFindings([...texts, ...sourceFiles(ROOT, 'web/words/en.json', 'texts/en.json')], unused),
    ...nameFindings(sourceFiles(ROOT, '*.ts', '*.tsx', '*.js'), unusedNames(glossary)),
  ]);
}

/** The commands of the CLI by its own help; undefined where there is no CLI yet. */
function cliCommands(): readonly string[] | undefined {
  const main = join(ROOT, 'cli/main.ts');
  if (!existsSync(main)) return undefined;
  const { stdout } = spawnSync(process.execPath, [main, '--help'], { cwd: ROOT, encoding: 'utf8' });
  return commandsIn(stdout);
}

function sizes(say: Say): Result {
  const files = sourceFiles(ROOT, '*.ts', '*.tsx');
  for (const { file, lines } of largest(files, 3)) say(`${lines} lines  ${file}`);
  const long = tooLong(files);
  say(`files over ${LONGEST_FILE} lines = ${long.length}`);
  const { stdout, error } = spawnSync('duplicates', ['--repo', ROOT], { encoding: 'utf8' });
  if (error === undefined) say(stdout.split('\n')[0] ?? '');
  return report(say, long);
}

type Ended = Result & { readonly title: string };

async function run({ title, run: ofStep }: Step, say: Say): Promise<Ended> {
  say(`\n== ${title}`);
  try {
    return { title, ...(await ofStep(say)) };
  } catch (error) {
    say(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return { title, ok: false };
  }
}

/** Runs the quick steps side by side, and tells each as a whole, in their order. */
async function quickSteps(): Promise<readonly Ended[]> {
  const running = STEPS.map(async (step) => {
    const said: string[] = [];
    return { ended: await run(step, (text) => void said.push(text)), said };
  });
  const results: Ended[] = [];
  for (const step of running) {
    const { ended, said } = await step;
    for (const text of said) print(text);
    results.push(ended);
  }
  return results;
}

/** Runs every step, whatever the others came to, and counts: tests as tests, any other failed step as one failure. */
async function main(): Promise<void> {
  const results = [...(await quickSteps()), await run(TESTS, print)];
  const broken = results.filter(({ ok }) => !ok);
  const counted = results.find(({ tests }) => tests !== undefined)?.tests ?? { passed: 0, failed: 0 };
  // A test run that failed without a failed test (a file that does not load) still is a failure.
  const failedSteps = broken.filter(({ tests }) => tests === undefined || tests.failed === 0).length;
  print(`\n== ${broken.length === 0 ? 'all is well' : `not well: ${broken.map(({ title }) => title).join(', ')}`}`);
  print(`${counted.passed} passed, ${counted.failed + failedSteps} failed`);
  process.exitCode = broken.length === 0 ? 0 : 1;
}

await main();
