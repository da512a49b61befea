import { z } from 'zod';
import { AggregateKind, isAggregateId } from '../domain/ids.ts';
import { HISTORY_FORMAT, type HistoryFile } from '../domain/history-file.ts';
import { isInstant } from '../domain/instant.ts';
import { HistoryFileError, parseStrictJson } from './json-text.ts';

/** Larger files are refused before they are read: the largest real histories are a few megabytes. */
export const MOST_BYTES = 64 * 1024 * 1024;

const hash = z.string().regex(/^[0-9a-f]{64}$/, 'is no SHA-256 in hexadecimal');
const policyDigest = z.string().regex(/^sha256:[0-9a-f]{64}$/, 'is no digest of a policy');
const aggregate = z.string().refine(isAggregateId, 'is no aggregate id');
const instant = z.string().refine(isInstant, 'is no instant such as 2025-10-01T09:00:00.000Z');
const duration = z.looseObject({ n: z.number(), unit: z.string() });
const calendar = z.looseObject({ country: z.string(), zone: z.string(), hours: z.string().optional() });

const instantFact = z.looseObject({ name: z.string(), from: instant, after: duration, calendar, policy: z.string(), at: instant, data: z.string() });
const salted = z.strictObject({ '...': z.string() });

/** What the rules may add over time stays loose; the hash covers whatever is in it. */
const command = z.looseObject({
  id: z.string(),
  at: instant,
  by: z.looseObject({ capacity: z.string(), organisation: z.string().optional(), person: salted.optional() }),
  kind: z.string(),
});
const event = z.looseObject({ type: z.string(), cause: z.looseObject({ command: z.string(), policy: z.string().optional() }) });
const effect = z.looseObject({ key: z.string(), try: z.number(), kind: z.string(), args: z.record(z.string(), z.unknown()) });

const outcome = z.union([
  z.strictObject({ events: z.array(event), due: z.looseObject({ at: instant, rule: z.string() }).nullable(), owes: z.array(effect) }),
  z.strictObject({ refused: z.looseObject({ code: z.string(), message: z.string(), cure: z.string() }) }),
]);

const decision = z.strictObject({
  v: z.literal(1),
  aggregate,
  n: z.number().int().min(1),
  at: instant,
  command,
  facts: z.looseObject({ policy: policyDigest, instants: z.record(z.string(), instantFact) }),
  outcome,
  rules: hash,
  prev: hash,
});

const chain = {
  aggregate,
  decisions: z.array(z.strictObject({ decision, hash })).min(1),
  disclosures: z.array(z.strictObject({ digest: z.string(), salt: z.string(), value: z.string() })),
  seal: z.strictObject({ sequence: z.number().int().min(1), root: hash, at: instant }).nullable(),
};

const schema = z.strictObject({
  format: z.literal(HISTORY_FORMAT),
  exportedAt: instant,
  ...chain,
  kind: z.enum(AggregateKind),
  policies: z.record(policyDigest, z.record(z.string(), z.unknown())),
  rules: z.record(hash, z.string()),
  appeals: z.array(z.strictObject(chain)),
  flow: z.array(z.strictObject({ aggregate, run: z.string(), history: z.record(z.string(), z.unknown()) })).nullable(),
  noFlow: z.array(z.string()),
  digest: hash.optional(),
});

/**
 * Reads an exported history from anybody's hands. It says that the file has the right shape, not that it is true:
 * that is `verifyHistory`.
 * @throws HistoryFileError with place, problem and cure
 */
export function parseHistory(text: string): HistoryFile {
  if (text.length > MOST_BYTES) throw tooLarge(text.length);
  const value = parseStrictJson(text);
  const format = z.looseObject({ format: z.string() }).safeParse(value).data?.format;
  if (format !== HISTORY_FORMAT) {
    const found = format === undefined ? 'the file names no format' : `the format is ${JSON.stringify(format.slice(0, 60))}`;
    throw new HistoryFileError('format', found, `This program reads ${HISTORY_FORMAT}, which \`history export\` writes.`);
  }
  const parsed = schema.safeParse(value, { reportInput: true });
  // The parsed border: ids and instants have been checked; commands, facts and events are open and are checked by re-deciding.
  if (parsed.success) return parsed.data as unknown as HistoryFile;
  throw inWords(parsed.error.issues);
}

/** The error of a file beyond the limit. */
export function tooLarge(size: number): HistoryFileError {
  const mb = (bytes: number) => Math.ceil(bytes / 1024 / 1024);
  return new HistoryFileError('the file', `${mb(size)} MB, more than the ${mb(MOST_BYTES)} MB that are read`, 'This is no export of one case.');
}

function inWords(issues: readonly z.core.$ZodIssue[]): HistoryFileError {
  const [first] = issues;
  const place = first?.path.map(String).join('.') || 'the document';
  const problem = first === undefined ? 'is not a history' : problemOf(first);
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
  return new HistoryFileError(place, `${problem}${more}`, 'Export it again, or get the file again from its source.');
}

function problemOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `unknown field ${issue.keys.map((key) => JSON.stringify(key.slice(0, 60))).join(', ')}`;
  return issue.code === 'invalid_type' && issue.input === undefined ? 'missing' : issue.message;
}
