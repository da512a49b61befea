import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parse, YAMLParseError } from 'yaml';
import type { z } from 'zod';
import { CalendarError } from '../calendars/errors.ts';
import { validateCalendar } from '../calendars/resolve-duration.ts';
import type { CalendarRef } from '../domain/instant.ts';
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
    super(`${fileName} is no usable policy:\n${lines.join('\n')}`);
    this.name = 'PolicyError';
    this.fileName = fileName;
    this.problems = problems;
  }
}

/** Reads a policy document (YAML or JSON). Throws `PolicyError` naming every problem with its path and cure. */
export function parsePolicy(text: string, fileName: string): PolicyDocument {
  const parsed = policySchema.safeParse(readYaml(text, fileName), { reportInput: true });
  if (!parsed.success) throw new PolicyError(fileName, parsed.error.issues.flatMap(problemsOf));
  const problems = checkPolicy(valuesOf(parsed.data), calendarProblem);
  if (problems.length > 0) throw new PolicyError(fileName, problems);
  return parsed.data;
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
    throw new PolicyError(fileName, [{ path: `line ${line}`, message: error.message.split('\n')[0] ?? 'not YAML', cure: 'mend the YAML' }]);
  }
}

function problemsOf(issue: z.core.$ZodIssue): PolicyProblem[] {
  const path = issue.path.join('.') || '(document)';
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: [...issue.path, key].join('.'),
      message: 'unknown field',
      cure: 'remove it or mend its name',
    }));
  }
  if (issue.code === 'invalid_type' && issue.input === undefined) {
    return [{ path, message: 'missing', cure: 'add it; policies/default.yaml shows every field' }];
  }
  return [{ path, message: issue.message, cure: 'mend the value; policies/default.yaml shows the form' }];
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
