import type { z } from 'zod';
import { knownFields } from '../../store/register/imports/schemas.ts';
import { CHECK_SUBJECTS, type CheckSubject, checkSchemas } from './check-schemas.ts';
import { REGISTER_KINDS } from './row-schemas.ts';
import { scenarioSchema } from './schema.ts';
import { OPERATIONS, stepSchemas } from './step-schemas.ts';
import type { Path, Problem, ReadText } from './yaml-text.ts';

type Issue = z.core.$ZodIssue;
const SEE = 'docs/scenarios.md lists every field';

/** Every problem of a document in words, with the line it stands in. */
export function explain(issues: readonly Issue[], text: ReadText): readonly Problem[] {
  const problems = issues.flatMap((issue) => explainOne(issue, [], text));
  const seen = new Map(problems.map((problem) => [`${problem.line} ${problem.what}`, problem]));
  return [...seen.values()].sort((a, b) => a.line - b.line);
}

function explainOne(issue: Issue, base: Path, text: ReadText): readonly Problem[] {
  const path = [...base, ...issue.path];
  const problem = (what: string, cure: string, at: Path = path): Problem => ({ line: text.lineOf(at), what, cure });
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(path, text.value);
    return issue.keys.map((key) => problem(`unknown field "${key}"${within(path, text.value)}`, suggestion(key, known), [...path, key]));
  }
  if (issue.code === 'invalid_union') return explainUnion(issue, path, text, problem);
  const value = at(text.value, path);
  if (value === undefined) return [problem(`${describePath(path)} is missing${within(path.slice(0, -1), text.value)}`, `add it; ${SEE}`)];
  return [problem(`${describePath(path)}: ${issue.message}${showValue(value)}`, `correct the value; ${SEE}`)];
}

type Say = (what: string, cure: string, at?: Path) => Problem;

function explainUnion(issue: Extract<Issue, { code: 'invalid_union' }>, path: Path, text: ReadText, problem: Say): readonly Problem[] {
  if ('discriminator' in issue && issue.discriminator === 'does') {
    const said = at(text.value, path);
    if (said === undefined) return [problem('the step does not say what it "does"', `add does: one of ${OPERATIONS.join(', ')}`, path.slice(0, -1))];
    return [problem(`there is no operation ${JSON.stringify(said)}`, suggestion(String(said), OPERATIONS))];
  }
  const value = at(text.value, path);
  if (isCheckPath(path)) return explainCheck(issue, value, path, text, problem);
  // The alternative that fails latest is the one that was meant.
  const [best] = issue.errors.filter((errors) => depthOf(errors) > 0).sort((a, b) => depthOf(b) - depthOf(a));
  if (best !== undefined && typeof value === 'object') return best.flatMap((inner) => explainOne(inner, path, text));
  const own = issue.errors.flat().find((inner) => inner.code === 'custom');
  return [problem(`${describePath(path)}: ${own?.message ?? issue.message}${showValue(value)}`, `correct the value; ${SEE}`)];
}

function explainCheck(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  value: unknown,
  path: Path,
  text: ReadText,
  problem: Say,
): readonly Problem[] {
  const subject = subjectOf(value);
  if (subject === undefined) {
    const keys = typeof value === 'object' && value !== null ? Object.keys(value) : [];
    const what = keys.length === 0 ? 'this is no expectation' : `an expectation about nothing known (${keys.join(', ')})`;
    return [problem(what, `name one of ${CHECK_SUBJECTS.join(', ')}${near(keys[0] ?? '', CHECK_SUBJECTS)}`)];
  }
  const errors = issue.errors[CHECK_SUBJECTS.indexOf(subject)] ?? [];
  return errors.flatMap((inner) => explainOne(inner, path, text));
}

/** The subject of an expectation: `case` before `listing`, which other subjects have as a field. */
export function subjectOf(check: unknown): CheckSubject | undefined {
  if (typeof check !== 'object' || check === null) return undefined;
  return CHECK_SUBJECTS.find((key) => Object.hasOwn(check, key));
}

function isCheckPath(path: Path): boolean {
  return typeof path.at(-1) === 'number' && path.at(-2) === 'expect';
}

function depthOf(errors: readonly Issue[]): number {
  return Math.max(0, ...errors.map(({ path, code }) => path.length + (code === 'unrecognized_keys' ? 1 : 0)));
}

function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((node, key) => (typeof node === 'object' && node !== null ? Reflect.get(node, key) : undefined), value);
}

/** The fields that may stand at a path, for suggestions. */
function keysAt(path: Path, document: unknown): readonly string[] {
  if (path.length === 0) return Object.keys(scenarioSchema.shape);
  if (path.length === 1 && path[0] === 'given') return REGISTER_KINDS;
  const rows = REGISTER_KINDS.find((kind) => path[0] === 'given' && kind === path[1]);
  if (rows !== undefined) return [...knownFields(rows)];
  const value = at(document, path);
  if (isCheckPath(path)) return Object.keys(checkSchemas[subjectOf(value) ?? 'case'].shape);
  const does = OPERATIONS.find((operation) => path[0] === 'steps' && operation === at(value, ['does']));
  return does === undefined ? [] : Object.keys(stepSchemas[does]?.shape ?? {});
}

function within(path: Path, document: unknown): string {
  if (path.length === 0) return '';
  const does = at(document, [...path, 'does']);
  if (typeof does === 'string') return ` in the step "${does}"`;
  return isCheckPath(path) ? ` in the expectation about "${subjectOf(at(document, path)) ?? ''}"` : ` in ${describePath(path)}`;
}

function describePath(path: Path): string {
  return path.length === 0
    ? 'the document'
    : path
        .map((part) => (typeof part === 'number' ? `[${part + 1}]` : String(part)))
        .join('.')
        .replaceAll('.[', '[');
}

function showValue(value: unknown): string {
  const text = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? JSON.stringify(value) : '';
  return text === '' || text.length > 80 ? '' : ` (it is ${text})`;
}

/** What was probably meant, and what there is. */
export function suggestion(wrong: string, known: readonly string[]): string {
  if (known.length === 0) return `remove it; ${SEE}`;
  return `use one of ${known.join(', ')}${near(wrong, known)}`;
}

function near(wrong: string, known: readonly string[]): string {
  const plain = (word: string): string => word.toLowerCase().replaceAll(/[_\s-]/g, '');
  const [best] = known.map((word) => ({ word, far: distance(plain(wrong), plain(word)) })).sort((a, b) => a.far - b.far);
  return best !== undefined && best.far <= Math.max(wrong.length > 3 ? 2 : 1, wrong.length / 3) ? `; did you mean "${best.word}"?` : '';
}

/** Edits between two short words. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (const [i, sign] of [...a.slice(0, 60)].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries())
      next.push(Math.min((next[j] ?? 0) + 1, (row[j + 1] ?? 0) + 1, (row[j] ?? 0) + (sign === other ? 0 : 1)));
    row = next;
  }
  return row.at(-1) ?? 0;
}
