import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parse, YAMLParseError } from 'yaml';
import type { z } from 'zod';
import { CalendarError } from '../calendars/errors.ts';
import { validateCalendar } from '../calendars/resolve-duration.ts';
import type { CalendarRef } from '../domain/instant.ts';
import { completed, fromLater } from '../domain/policy/growth.ts';
import type { PolicyDocument } from '../domain/policy/policy.ts';
import { valuesOf } from '../domain/policy/policy.ts';
import type { PolicyProblem } from './checks.ts';
import { checkPolicy } from './checks.ts';
import { policySchema } from './schema.ts';

/** A document that cannot be used: every problem found, each with path and cure. */
export class PolicyError extends Error {
  readonly fileName: string;
  readonly problems: readonly PolicyProblem[];

  constructor(fileName: string, problems: readonly PolicyProblem[]) {
    const lines = problems.map(({ path, message, cure }) => `  ${path}: ${message}; ${cure}`);
    super(`${fileName} is not a valid policy:\n${lines.join('\n')}`);
    this.name = 'PolicyError';
    this.fileName = fileName;
    this.problems = problems;
  }
}

/**
 * Reads a policy document (YAML or JSON) of any schema that is known; one without `schema` is of the first. What comes back is the
 * document as it is written: its defaults enter when it is read. Throws `PolicyError` naming every problem with its path and cure.
 */
export function parsePolicy(text: string, fileName: string): PolicyDocument {
  const written = readYaml(text, fileName);
  const schema = isRecord(written) ? (written['schema'] ?? 1) : 1;
  const whole = isRecord(written) ? completed({ schema, ...written }) : written;
  const parsed = policySchema.safeParse(whole, { reportInput: true });
  if (!parsed.success) throw new PolicyError(fileName, parsed.error.issues.flatMap(problemsOf));
  const problems = [...tooEarly(written), ...checkPolicy(valuesOf(parsed.data), calendarProblem)];
  if (problems.length > 0) throw new PolicyError(fileName, problems);
  // The schema has seen all of it: what is written is what was parsed without the defaults.
  return written as PolicyDocument;
}

/** A value whose schema the document does not claim would be read by this version and unknown to the one it names. */
function tooEarly(written: unknown): PolicyProblem[] {
  return fromLater(written).map(({ path, schema }) => {
    return { path, message: `belongs to schema ${schema}`, cure: `write "schema: ${schema}" at the top, or remove it` };
  });
}

function isRecord(node: unknown): node is Record<string, unknown> {
  return typeof node === 'object' && node !== null && !Array.isArray(node);
}

/** The policy the project ships. */
export async function shippedPolicy(): Promise<PolicyDocument> {
  const path = fileURLToPath(new URL('default.yaml', import.meta.url));
  return parsePolicy(await readFile(path, 'utf8'), 'policies/default.yaml');
}

function readYaml(text: string, fileName: string): unknown {
  try {
    return parse(text, { logLevel: 'error' });
  } catch (error) {
    // The library throws its own class for syntax and plain ones for aliases (unknown ones, too many).
    if (!(error instanceof Error)) throw error;
    const line = error instanceof YAMLParseError ? (error.linePos?.[0].line ?? 0) : 0;
    throw new PolicyError(fileName, [{ path: `line ${line}`, message: error.message.split('\n')[0] ?? 'not YAML', cure: 'correct the YAML' }]);
  }
}

function problemsOf(issue: z.core.$ZodIssue): PolicyProblem[] {
  const path = issue.path.join('.') || '(document)';
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: [...issue.path, key].join('.'),
      message: 'unknown field',
      cure: 'remove it or correct its name',
    }));
  }
  if (issue.code === 'invalid_type' && issue.input === undefined) {
    return [{ path, message: 'missing', cure: 'add it; policies/default.yaml shows every field' }];
  }
  return [{ path, message: issue.message, cure: 'correct the value; policies/default.yaml shows the form' }];
}

function calendarProblem(calendar: CalendarRef): string | undefined {
  try {
    validateCalendar(calendar);
    return undefined;
  } catch (error) {
    if (error instanceof CalendarError) return error.message;
    throw error;
  }
}
