import { csvObjects } from './csv.ts';
import { textOf } from './encoding.ts';
import { jsonElements } from './json-elements.ts';
import type { RawProblem, RawRecord } from './lines.ts';
import { linesOf, unpacked } from './lines.ts';
import { COMPLAINTS, ImportProblem } from './problems.ts';
import { complained, decoded, type Fields, isBlank, type ObjectItem } from './records.ts';

/**
 * The records of a file as objects, whatever it is: JSON lines, one JSON array, objects over several lines, or CSV with a header (comma,
 * semicolon, tab or bar); UTF-8 or UTF-16, with or without a mark; plain or gzip; any line ends. All told by the bytes. `known`
 * are the names that the header of a CSV file may have. Throws only what `source` throws.
 */
export async function* objectsOf(source: AsyncIterable<Uint8Array>, known: ReadonlySet<string>): AsyncGenerator<ObjectItem> {
  const text = await textOf(unpacked(source));
  if ('problem' in text) {
    yield { line: 1, error: COMPLAINTS[text.problem] };
    return;
  }
  if (isOfElements(text.head)) {
    for await (const element of jsonElements(text.chunks)) yield 'problem' in element ? complained(element) : jsonObject(element);
    return;
  }
  yield* ofLines(linesOf(text.chunks), known);
}

/** An array, or an object whose first line holds nothing but its brace. */
function isOfElements(head: Uint8Array): boolean {
  const begin = decodedHead(head).trimStart();
  return begin.startsWith('[') || /^\{[ \t]*[\r\n]/.test(begin);
}

function decodedHead(head: Uint8Array): string {
  return new TextDecoder('utf-8').decode(head.subarray(0, 4_096));
}

async function* ofLines(lines: AsyncGenerator<RawRecord | RawProblem>, known: ReadonlySet<string>): AsyncGenerator<ObjectItem> {
  let isComplained = false;
  for (let next = await lines.next(); next.done !== true; next = await lines.next()) {
    const first = next.value;
    if ('problem' in first) {
      isComplained = true;
      yield complained(first);
      continue;
    }
    if (isBlank(first.bytes)) continue;
    const all = prepended(first, lines);
    yield* first.bytes.find((byte) => byte > 0x20) === 0x7b ? jsonLines(all) : csvObjects(all, known);
    return;
  }
  if (!isComplained) yield { line: 1, error: COMPLAINTS[ImportProblem.empty] };
}

async function* prepended(first: RawRecord, rest: AsyncGenerator<RawRecord | RawProblem>): AsyncGenerator<RawRecord | RawProblem> {
  yield first;
  yield* rest;
}

async function* jsonLines(lines: AsyncGenerator<RawRecord | RawProblem>): AsyncGenerator<ObjectItem> {
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
