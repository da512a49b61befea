import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { PersonRow } from '../../store/schema/entities/register.ts';
import { type ParseOptions, parseImport } from '../../store/register/imports/parse.ts';
import type { ImportKind } from '../../store/register/imports/kinds.ts';
import type { ImportRow } from '../../store/register/imports/schemas.ts';
import { type RegisterKind, writeRows } from '../../store/register/imports/write.ts';
import { type Manager, work } from '../../store/connection/orm.ts';
import type { Outside } from './outside.ts';
import { DEFAULT_MARKETPLACE } from './row-schemas.ts';
import type { Stage } from './stage.ts';

/** Rows of a story or a file beside it. */
export interface Source {
  readonly rows?: readonly Readonly<Record<string, unknown>>[] | undefined;
  readonly file?: string | undefined;
}

export interface Read<K extends ImportKind> {
  readonly rows: readonly ImportRow[K][];
  /** Lines that were left out, in words. */
  readonly wrong: readonly string[];
}

/** Reads rows exactly as an import reads a file. */
export async function readRows<K extends ImportKind>(kind: K, { rows, file }: Source, options: ParseOptions = {}): Promise<Read<K>> {
  const lines = (rows ?? []).map((row) => `${JSON.stringify(kind === 'listings' ? withDefault(row) : row)}\n`);
  const source: AsyncIterable<Uint8Array> = file === undefined ? Readable.from(lines.map((line) => Buffer.from(line))) : createReadStream(file);
  const read: ImportRow[K][] = [];
  const wrong: string[] = [];
  for await (const item of parseImport(kind, source, options)) {
    if ('ok' in item) read.push(item.ok);
    else if ('error' in item) wrong.push(`line ${item.line}: ${item.error.message}; ${item.error.cure}`);
  }
  return { rows: read, wrong };
}

function withDefault(row: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const isNamed = 'marketplace' in row || String(row['listing_id'] ?? '').includes(':');
  return isNamed ? row : { ...row, marketplace: DEFAULT_MARKETPLACE };
}

/** Imports rows: into the register, and listings also onto the marketplace, which shows what its feed says. */
export async function importRows(
  stack: Stage,
  outside: Outside,
  kind: RegisterKind,
  source: Source,
  options: ParseOptions = {},
): Promise<Read<RegisterKind>> {
  const { rows, wrong } = await readRows(kind, source, options);
  const { wrong: unstorable } = await work(stack.store).transactional((em) => writeRows(em as Manager, kind, rows, stack.clock));
  // The reader was asked for listings, so these are.
  if (kind === 'listings') await outside.putListings(rows as readonly ImportRow['listings'][]);
  return { rows, wrong: [...wrong, ...unstorable.map(({ index, message, cure }) => `row ${index + 1}: ${message}; ${cure}`)] };
}

/** Ends a person's mandates at an instant. Returns whether the person is known. */
export async function revokePerson(stack: Stage, person: string, at: string): Promise<boolean> {
  return (await work(stack.store).nativeUpdate(PersonRow, { id: person }, { revokedAt: at })) > 0;
}
