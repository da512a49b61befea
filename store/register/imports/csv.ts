import { parse as parseCsv } from 'csv-parse/sync';
import { unmarked } from './inert.ts';
import type { RawProblem, RawRecord } from './lines.ts';
import { csvRecords } from './lines.ts';
import type { Complaint } from './problems.ts';
import { COMPLAINTS, ImportProblem } from './problems.ts';
import { complained, decoded, isBlank, type ObjectItem } from './records.ts';

/** What spreadsheet programs separate cells with; the first wins where the header leaves it open. */
const SEPARATORS = [',', ';', '\t', '|'] as const;
/** A first line that spreadsheet programs read and write: which separator follows. */
const STATED = /^"?sep=([^"\r\n])"?$/i;

/**
 * Rows of a CSV file as objects by its header. The separator is what a first line `sep=;` says, else the one that cuts the header
 * into most of the known names. What an export of ours marked as text for spreadsheet programs is unmarked.
 */
export async function* csvObjects(lines: AsyncGenerator<RawRecord | RawProblem>, known: ReadonlySet<string>): AsyncGenerator<ObjectItem> {
  let header: readonly string[] | undefined;
  let separator: string | undefined;
  for await (const record of csvRecords(lines)) {
    if ('problem' in record) {
      yield complained(record);
      continue;
    }
    if (isBlank(record.bytes)) continue;
    if (separator === undefined) {
      const first = decoded(record.bytes) ?? '';
      const stated = STATED.exec(first.trim())?.[1];
      separator = stated ?? separatorOf(first, known);
      if (stated !== undefined) continue;
    }
    const cells = cellsOf(record, separator);
    if ('error' in cells) yield cells;
    else if (header === undefined) header = cells.cells.map((name) => name.trim());
    // Sheets end in rows of nothing but separators.
    else if (cells.cells.some((cell) => cell.trim() !== '')) yield csvObject(record, header, cells.cells);
  }
}

function separatorOf(header: string, known: ReadonlySet<string>): string {
  const score = (separator: string): number => {
    const names = cut(header, separator) ?? [];
    // Known names tell; where there are none, the number of pieces does.
    return names.filter((name) => known.has(name.trim())).length * 1_000 + names.length;
  };
  return SEPARATORS.reduce<string>((best, next) => (score(next) > score(best) ? next : best), SEPARATORS[0]);
}

function cut(text: string, separator: string): readonly string[] | undefined {
  try {
    const rows: string[][] = parseCsv(text, { relax_column_count: true, delimiter: separator });
    return rows[0] ?? [];
  } catch {
    return undefined;
  }
}

function cellsOf(
  { line, bytes }: RawRecord,
  separator: string,
): { readonly cells: readonly string[] } | { readonly line: number; readonly error: Complaint } {
  const text = decoded(bytes);
  if (text === undefined) return { line, error: COMPLAINTS[ImportProblem.notUtf8] };
  const cells = cut(text, separator);
  return cells === undefined ? { line, error: COMPLAINTS[ImportProblem.notCsv] } : { cells };
}

function csvObject(record: RawRecord, header: readonly string[], cells: readonly string[]): ObjectItem {
  const { line } = record;
  if (cells.length === header.length) {
    return { line, object: Object.fromEntries(header.map((name, index) => [name, unmarked(cells[index] ?? '')])) };
  }
  if (record.isLast && cells.length < header.length) return { line, error: COMPLAINTS[ImportProblem.halfLine] };
  const message = `the line has ${cells.length} columns, the header ${header.length}`;
  return { line, error: { code: ImportProblem.columns, message, cure: 'quote fields that contain the separator' } };
}
