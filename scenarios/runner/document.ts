import { readFile, stat } from 'node:fs/promises';
import { dirname, isAbsolute, resolve } from 'node:path';
import { partsOf } from '../../commands/command.ts';
import { AggregateKind } from '../../domain/ids.ts';
import { type EarlierWord, inTodaysWords } from './earlier-words.ts';
import { explain, suggestion } from './explain.ts';
import { rowIssues } from './row-schemas.ts';
import { type Scenario, scenarioSchema } from './schema.ts';
import { isOther, MESSAGES, type Step } from './step-schemas.ts';
import { isLiteralId } from './values.ts';
import { LONGEST_DOCUMENT, type Path, type Problem, type ReadText, readText } from './yaml-text.ts';

/** A document that cannot be run: every problem with its line and cure. */
export class ScenarioError extends Error {
  readonly file: string;
  readonly problems: readonly Problem[];

  constructor(file: string, problems: readonly Problem[]) {
    super(problems.map(({ line, what, cure }) => `${file}:${line}: ${what}; ${cure}`).join('\n'));
    this.name = 'ScenarioError';
    this.file = file;
    this.problems = problems;
  }
}

/** A scenario that can be run. */
export interface Story {
  readonly file: string;
  readonly scenario: Scenario;
  readonly lineOf: (path: Path) => number;
  /** The path of a file that the story names; its place is beside the story. */
  readonly beside: (name: string) => string;
  /** Words of earlier versions that the document still has. */
  readonly earlier: readonly EarlierWord[];
}

/** Reads and checks a document. Throws `ScenarioError` for whatever is wrong with it. */
export async function loadStory(file: string): Promise<Story> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined) throw new ScenarioError(file, [{ line: 1, what: 'there is no such file', cure: 'check the path' }]);
  if (found.size > LONGEST_DOCUMENT * 4)
    throw new ScenarioError(file, [{ line: 1, what: 'the document is too long', cure: 'split it into several stories' }]);
  return parseStory(await readFile(file, 'utf8'), file);
}

/** Checks a document's text; see `loadStory`. */
export function parseStory(text: string, file: string): Story {
  const read = readText(text);
  if ('problems' in read) throw new ScenarioError(file, read.problems);
  const { value, earlier } = inTodaysWords(read);
  const parsed = scenarioSchema.safeParse(value, { reportInput: true });
  if (!parsed.success) throw new ScenarioError(file, explain(parsed.error.issues, read));
  const problems = meaningProblems(parsed.data, read);
  if (problems.length > 0) throw new ScenarioError(file, problems);
  return { file, scenario: parsed.data, lineOf: read.lineOf, beside: (name) => resolve(dirname(file), name), earlier };
}

/** What no schema of single values can see. */
function meaningProblems(scenario: Scenario, { lineOf }: ReadText): readonly Problem[] {
  const problems: Problem[] = [];
  const wrong = (path: Path, what: string, cure: string): void => void problems.push({ line: lineOf(path), what, cure });
  const names = new Set<string>();
  scenario.steps.forEach((step, index) => {
    const path: Path = ['steps', index];
    checkTime(step, path, wrong);
    checkTarget(step, path, wrong);
    checkContent(step, path, wrong);
    checkNames(step, path, names, wrong);
    if (!isOther(step) && step.as !== undefined) names.add(step.as);
    for (const [at, check] of (step.expect ?? []).entries()) checkNames(check, [...path, 'expect', at], names, wrong);
  });
  for (const [at, check] of scenario.expect.entries()) checkNames(check, ['expect', at], names, wrong);
  return problems;
}

type Wrong = (path: Path, what: string, cure: string) => void;

function checkTime(step: Step, path: Path, wrong: Wrong): void {
  if (step.after !== undefined && step.at !== undefined) wrong([...path, 'at'], 'the step has both "after" and "at"', 'keep one of them');
}

/** Whether the step is a message to a case that is open already. */
export function isCaseStep(step: Step): boolean {
  const command = MESSAGES.get(step.does)?.command;
  return command !== undefined && !command.isOpening && partsOf(command.name)[0] === AggregateKind.case;
}

function checkTarget(step: Step, path: Path, wrong: Wrong): void {
  if (isOther(step) || !isCaseStep(step)) return;
  const { case: reference, listing, holder } = step as Readonly<Record<string, unknown>>;
  const cure = 'write either case: NAME, or listing: and holder:';
  if (reference !== undefined && (listing !== undefined || holder !== undefined)) wrong(path, `the step "${step.does}" names its case twice`, cure);
  else if (reference === undefined && (listing === undefined || holder === undefined))
    wrong(path, `the step "${step.does}" does not name its case`, cure);
}

function checkContent(step: Step, path: Path, wrong: Wrong): void {
  if (!isOther(step) || (step.does !== 'import' && step.does !== 'answer')) return;
  if ((step.rows === undefined) === (step.file === undefined))
    wrong(path, `the step "${step.does}" needs rows or a file`, 'write exactly one of rows: and file:');
  if (step.file !== undefined && isAbsolute(step.file)) wrong([...path, 'file'], 'the path is absolute', 'write it relative to the story');
  if (step.counts !== undefined) return;
  const kind = step.does === 'answer' ? 'answers' : step.kind;
  step.rows?.forEach((row, index) => {
    for (const issue of rowIssues(kind, row)) {
      wrong(
        [...path, 'rows', index, ...issue.path],
        `${issue.path.join('.')} of row ${index + 1}: ${issue.message}`,
        'correct the row; docs/imports.md lists every field',
      );
    }
  });
}

/** Names of cases and appeals that no earlier step has given. */
function checkNames(node: object, path: Path, known: ReadonlySet<string>, wrong: Wrong): void {
  for (const key of ['case', 'appeal', 'sanction', 'referral'] as const) {
    if (!(key in node)) continue;
    const reference: unknown = Reflect.get(node, key);
    if (typeof reference === 'object' && reference !== null) checkNames(reference, [...path, key], known, wrong);
    if (typeof reference !== 'string' || known.has(reference) || isLiteralId(reference)) continue;
    wrong(
      [...path, key],
      `no earlier step is called "${reference}"`,
      known.size === 0 ? 'give a step the name with "as:"' : suggestion(reference, [...known]),
    );
  }
}
