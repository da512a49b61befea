import type { Command } from '../domain/aggregate.ts';
import type { AggregateId } from '../domain/ids.ts';
import { type Disclosure, isSalted } from '../domain/salted.ts';
import { DisclosedRow, DisclosureRow } from './entities/rows.ts';
import { insertMissing } from './insert.ts';
import type { Manager } from './orm.ts';

/** The digests of every salted value inside a JSON value. */
export function saltedDigests(value: unknown): readonly string[] {
  if (isSalted(value)) return [value['...']];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(saltedDigests);
}

/** Stores disclosures. The digest names salt and value, so that a repetition is the same row. */
export async function storeDisclosures(em: Manager, disclosures: readonly Disclosure[]): Promise<void> {
  if (disclosures.length === 0) return;
  const rows = disclosures.map(({ digest, salt, value }) => ({ digest, salt, value }));
  await insertMissing(em, DisclosureRow, rows);
}

/** Notes which disclosures the commands of an aggregate rest on. */
export async function keepDisclosed(em: Manager, aggregate: AggregateId, commands: readonly Command[]): Promise<void> {
  const digests = [...new Set(commands.flatMap(saltedDigests))];
  if (digests.length === 0) return;
  const rows = digests.map((digest) => ({ aggregate, digest }));
  await insertMissing(em, DisclosedRow, rows);
}
