import type { Command } from '../../domain/aggregate.ts';
import { type Disclosure, isSalted, type Salted } from '../../domain/salted.ts';
import type { Manager } from '../connection/orm.ts';
import { statement } from '../connection/statement.ts';

/** The digests of every salted value inside a JSON value. */
export function saltedDigests(value: unknown): readonly string[] {
  if (isSalted(value)) return [value['...']];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(saltedDigests);
}

/** The digests that the commands of an aggregate rest on. */
export function digestsIn(commands: readonly Command[]): readonly string[] {
  return [...new Set(commands.flatMap(saltedDigests))];
}

/** The value behind a salted reference; undefined once it has been erased. */
export async function disclosed(em: Manager, salted: Salted | undefined): Promise<string | undefined> {
  if (salted === undefined) return undefined;
  const digest = salted['...'];
  const known = READ.get(em)?.get(digest);
  if (known !== undefined) return known;
  const [row] = await statement<{ value: string }>(em, 'select value from disclosure where digest = $1', [digest]);
  if (row !== undefined) remember(em, digest, row.value);
  return row?.value;
}

/** Makes values known to a unit of work that is about to store them. */
export function rememberDisclosures(em: Manager, disclosures: readonly Disclosure[]): void {
  for (const { digest, value } of disclosures) remember(em, digest, value);
}

function remember(em: Manager, digest: string, value: string): void {
  const read = READ.get(em) ?? new Map<string, string>();
  READ.set(em, read.set(digest, value));
}

/** What one unit of work has read: a digest names its value for ever, and the unit is short. */
const READ = new WeakMap<Manager, Map<string, string>>();
