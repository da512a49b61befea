import { parse as parseCsv } from 'csv-parse/sync';
import type { RawProblem, RawRecord } from './lines.ts';
import { csvRecords, linesOf, unpacked } from './lines.ts';
import { present } from './present.ts';
import type { Complaint, ImportItem } from './problems.ts';
import { COMPLAINTS, ImportProblem } from './problems.ts';
import type { ImportKind } from './kinds.ts';
import type { ImportRow } from './schemas.ts';
import { knownFields, SCHEMAS } from './schemas.ts';

export interface ParseOptions {
  /** Given at import; otherwise a listing's marketplace is what stands before the first colon of its id. */
  readonly marketplace?: string;
}

/** Warnings about unknown fields stop here: a file of the wrong kind has nothing but unknown fields. */
const MOST_WARNINGS = 20;

/**
 * Reads a file of one kind: JSON lines or CSV with a header, plain or gzip (told by the bytes, not by the name), UTF-8.
 * Streams: memory stays bounded by one line of 1 MB whatever the file holds. Wrong lines are reported with number,
 * reason and cure and the rest is read; unknown fields are warned about once each. Throws only what `source` throws.
 */
export async function* parseImport<K extends ImportKind>(
  kind: K,
  source: AsyncIterable<Uint8Array>,
  options: ParseOptions = {},
): AsyncGenerator<ImportItem<ImportRow[K]>> {
  const warnings = new UnknownFields(kind);
  for await (const item of objectsOf(linesOf(unpacked(source)))) {
    if ('error' in item) {
      yield item;
      continue;
    }
    yield* warnings.of(item.line, item.object);
    yield rowOf(kind, item.line, item.object, options);
  }
}

type Fields = Readonly<Record<string, unknown>>;
type ObjectItem = { readonly line: number; readonly object: Fields } | { readonly line: number; readonly error: Complaint };
type Lines = AsyncGenerator<RawRecord | RawProblem>;

/** The file's records as objects, whichever of the two forms its first line has. */
async function* objectsOf(lines: Lines): AsyncGenerator<ObjectItem> {
  let isComplained = false;
  for (let next = await lines.next(); next.done !== true; next = await lines.next()) {
    const first = next.value;
    if ('problem' in first) {
      isComplained = true;
      yield complained(first);
      continue;
    }
    const start = withoutMark(first);
    if (isUtf16(start.bytes)) {
      yield { line: start.line, error: COMPLAINTS[ImportProblem.notUtf8] };
      return;
    }
    if (isBlank(start.bytes)) continue;
    const all = prepended(start, lines);
    yield* start.bytes.find((byte) => !isSpace(byte)) === 0x7b ? jsonObjects(all) : csvObjects(csvRecords(all));
    return;
  }
  if (!isComplained) yield { line: 1, error: COMPLAINTS[ImportProblem.empty] };
}

async function* prepended(first: RawRecord, rest: Lines): Lines {
  yield first;
  yield* rest;
}

async function* jsonObjects(lines: Lines): AsyncGenerator<ObjectItem> {
  for await (const record of lines) {
    if ('problem' in record) yield complained(record);
    else if (!isBlank(record.bytes)) yield jsonObject(record);
  }
}

function jsonObject(record: RawRecord): ObjectItem {
  const { line } = record;
  const text = decoded(record.bytes);
  if (text === undefined) return { line, error: COMPLAINTS[ImportProblem.notUtf8] };
  const object = parsedObject(text);
  if (object !== undefined) return { line, object };
  return { line, error: COMPLAINTS[record.isLast ? ImportProblem.halfLine : ImportProblem.notJson] };
}

function parsedObject(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

async function* csvObjects(records: Lines): AsyncGenerator<ObjectItem> {
  let header: readonly string[] | undefined;
  for await (const record of records) {
    if ('problem' in record) {
      yield complained(record);
      continue;
    }
    if (isBlank(record.bytes)) continue;
    const cells = cellsOf(record);
    if ('error' in cells) yield cells;
    else if (header === undefined) header = cells.cells.map((name) => name.trim());
    else yield csvObject(record, header, cells.cells);
  }
}

function cellsOf({ line, bytes }: RawRecord): { readonly cells: readonly string[] } | { readonly line: number; readonly error: Complaint } {
  const text = decoded(bytes);
  if (text === undefined) return { line, error: COMPLAINTS[ImportProblem.notUtf8] };
  try {
    const rows: string[][] = parseCsv(text, { relax_column_count: true });
    return { cells: rows[0] ?? [] };
  } catch {
    return { line, error: COMPLAINTS[ImportProblem.notCsv] };
  }
}

function csvObject(record: RawRecord, header: readonly string[], cells: readonly string[]): ObjectItem {
  const { line } = record;
  if (cells.length === header.length) return { line, object: Object.fromEntries(header.map((name, index) => [name, cells[index] ?? ''])) };
  if (record.isLast && cells.length < header.length) return { line, error: COMPLAINTS[ImportProblem.halfLine] };
  const message = `the line has ${cells.length} columns, the header ${header.length}`;
  return { line, error: { code: ImportProblem.columns, message, cure: 'quote fields that contain commas' } };
}

function rowOf<K extends ImportKind>(kind: K, line: number, object: Fields, options: ParseOptions): ImportItem<ImportRow[K]> {
  const parsed = SCHEMAS[kind].safeParse(kind === 'listings' ? withMarketplace(object, options) : object);
  // One schema per kind: the table's type cannot say that this kind's schema gives this kind's row.
  if (parsed.success) return { line, ok: present(parsed.data) as ImportRow[K] };
  const fields = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'the line'}: ${sayMissing(issue.message)}`);
  const message = [...new Set(fields)].slice(0, 5).join('; ');
  return { line, error: { code: ImportProblem.field, message, cure: 'mend the field; docs/imports.md lists every field and its form' } };
}

function sayMissing(message: string): string {
  return message.endsWith('received undefined') ? 'is missing' : message;
}

function withMarketplace(object: Fields, options: ParseOptions): Fields {
  const id = typeof object['listing_id'] === 'string' ? object['listing_id'] : '';
  const prefix = id.includes(':') ? id.slice(0, id.indexOf(':')) : undefined;
  const marketplace = options.marketplace ?? object['marketplace'] ?? prefix;
  return marketplace === undefined ? object : { ...object, marketplace };
}

class UnknownFields {
  private readonly known: ReadonlySet<string>;
  private readonly warned = new Set<string>();

  constructor(kind: ImportKind) {
    this.known = knownFields(kind);
  }

  *of(line: number, object: Fields): Generator<{ line: number; warning: Complaint }> {
    for (const name of Object.keys(object)) {
      if (this.known.has(name) || this.warned.has(name) || this.warned.size >= MOST_WARNINGS) continue;
      this.warned.add(name);
      const message = `the field ${JSON.stringify(name.slice(0, 60))} is not known and is left out wherever it occurs`;
      yield { line, warning: { code: ImportProblem.unknownField, message, cure: 'mend its name if it should be read' } };
    }
  }
}

function complained({ line, problem }: RawProblem): ObjectItem {
  return { line, error: COMPLAINTS[problem] };
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

function withoutMark(record: RawRecord): RawRecord {
  const { bytes } = record;
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return hasMark ? { ...record, bytes: bytes.subarray(3) } : record;
}

function isUtf16(bytes: Uint8Array): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
}

function isBlank(bytes: Uint8Array): boolean {
  return bytes.every(isSpace);
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d;
}
