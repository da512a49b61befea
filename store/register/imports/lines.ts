import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { LineProblem } from './problems.ts';
import { ImportProblem } from './problems.ts';

/** No honest record is longer; a longer line is skipped without ever being held in memory. */
export const LONGEST_LINE = 1_048_576;
/** A CSV record of more lines is an unclosed quote: the reader goes back and says so. */
const MOST_LINES_OF_A_RECORD = 200;

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const QUOTE = 0x22;

/** One physical line or one CSV record, from line `line` (from 1) on. `isLast`: it ended with the file, without a newline. */
export interface RawRecord {
  readonly line: number;
  readonly bytes: Uint8Array;
  readonly isLast: boolean;
}

export interface RawProblem {
  readonly line: number;
  readonly problem: LineProblem;
}

/** The bytes of a file, unpacked when its first two bytes say gzip. */
export async function* unpacked(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const chunks = source[Symbol.asyncIterator]();
  let head: Uint8Array = new Uint8Array(0);
  let next = await chunks.next();
  while (next.done !== true) {
    head = Buffer.concat([head, next.value]);
    if (head.length >= 2) break;
    next = await chunks.next();
  }
  const all = resumed(head, chunks);
  if (head[0] === 0x1f && head[1] === 0x8b) {
    const unzip = createGunzip();
    const input = Readable.from(all);
    input.on('error', (error) => unzip.destroy(error));
    yield* input.pipe(unzip);
  } else {
    yield* all;
  }
}

async function* resumed(head: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (head.length > 0) yield head;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

/**
 * Splits bytes into lines of at most `LONGEST_LINE` bytes, without line ends: LF, CR LF, or CR alone, which is what "CSV (Macintosh)"
 * writes. A longer line is reported and skipped; broken gzip data is reported at the line where it breaks, and ends the reading.
 */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<RawRecord | RawProblem> {
  const held = new HeldLine();
  let wasReturn = false;
  try {
    for await (const chunk of chunks) {
      let from = wasReturn && chunk[0] === NEWLINE ? 1 : 0;
      for (let end = lineEnd(chunk, from); end >= 0; end = lineEnd(chunk, from)) {
        held.add(chunk.subarray(from, end));
        yield held.take(false);
        from = end + (chunk[end] === RETURN && chunk[end + 1] === NEWLINE ? 2 : 1);
      }
      if (chunk.length > 0) wasReturn = chunk.at(-1) === RETURN;
      held.add(chunk.subarray(from));
    }
  } catch (error) {
    if (!isZlibError(error)) throw error;
    yield { line: held.line, problem: ImportProblem.brokenGzip };
    return;
  }
  if (!held.isEmpty) yield held.take(true);
}

function lineEnd(chunk: Uint8Array, from: number): number {
  const newline = chunk.indexOf(NEWLINE, from);
  const before = newline < 0 ? chunk.subarray(from) : chunk.subarray(from, newline);
  const back = before.indexOf(RETURN);
  return back < 0 ? newline : from + back;
}

/** The line being read: its bytes while it is short enough, else only the fact that it is not. */
class HeldLine {
  line = 1;
  private parts: Uint8Array[] = [];
  private size = 0;

  get isEmpty(): boolean {
    return this.size === 0;
  }

  add(part: Uint8Array): void {
    this.size += part.length;
    if (this.size > LONGEST_LINE) this.parts = [];
    else this.parts.push(part);
  }

  take(isLast: boolean): RawRecord | RawProblem {
    const line = this.line;
    const bytes = Buffer.concat(this.parts);
    const isTooLong = this.size > LONGEST_LINE;
    this.line += 1;
    this.parts = [];
    this.size = 0;
    if (isTooLong) return { line, problem: ImportProblem.tooLong };
    return { line, bytes, isLast };
  }
}

/**
 * Joins lines to CSV records (line ends inside a field become \n): a record is complete when its quotes are even. A quote that never closes costs its own
 * line only: the lines after it are read again as records of their own.
 */
export async function* csvRecords(lines: AsyncIterable<RawRecord | RawProblem>): AsyncGenerator<RawRecord | RawProblem> {
  let open: RawRecord[] = [];
  for await (const line of lines) {
    if ('problem' in line) {
      yield* givenUp(open);
      open = [];
      yield line;
      continue;
    }
    open.push(line);
    yield* complete(open);
    while (isOverlong(open)) {
      const [first, ...rest] = open;
      if (first !== undefined) yield { line: first.line, problem: ImportProblem.unclosedQuote };
      open = [];
      for (const again of rest) {
        open.push(again);
        yield* complete(open);
      }
    }
  }
  yield* givenUp(open);
}

/** Yields and empties the open lines when their quotes are even. */
function* complete(open: RawRecord[]): Generator<RawRecord> {
  const odd = open.filter((line) => hasOddQuotes(line.bytes)).length % 2 === 1;
  const [first] = open;
  if (odd || first === undefined) return;
  const bytes =
    open.length === 1 ? first.bytes : Buffer.concat(open.flatMap((line, index) => (index === 0 ? [line.bytes] : [NEWLINE_BYTES, line.bytes])));
  const isLast = open.at(-1)?.isLast === true;
  open.length = 0;
  yield { line: first.line, bytes, isLast };
}

const NEWLINE_BYTES = Uint8Array.of(NEWLINE);

function* givenUp(open: readonly RawRecord[]): Generator<RawRecord | RawProblem> {
  let rest = open;
  while (rest.length > 0) {
    const [first, ...others] = rest;
    if (first !== undefined) yield { line: first.line, problem: first.isLast ? ImportProblem.halfLine : ImportProblem.unclosedQuote };
    const again: RawRecord[] = [];
    for (const line of others) {
      again.push(line);
      yield* complete(again);
    }
    rest = again;
  }
}

function isOverlong(open: readonly RawRecord[]): boolean {
  return open.length > MOST_LINES_OF_A_RECORD || open.reduce((sum, line) => sum + line.bytes.length, 0) > LONGEST_LINE;
}

function hasOddQuotes(bytes: Uint8Array): boolean {
  let count = 0;
  for (let at = bytes.indexOf(QUOTE); at >= 0; at = bytes.indexOf(QUOTE, at + 1)) count += 1;
  return count % 2 === 1;
}

/** Whether the gzip data is what broke. */
export function isZlibError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
}
