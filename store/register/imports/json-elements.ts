import type { RawProblem, RawRecord } from './lines.ts';
import { isZlibError, LONGEST_LINE } from './lines.ts';
import { ImportProblem } from './problems.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING: ReadonlySet<number> = new Set([0x7b, 0x5b]);
const CLOSING: ReadonlySet<number> = new Set([0x7d, 0x5d]);
const ARRAY = 0x5b;
const ARRAY_END = 0x5d;
const COMMA = 0x2c;
const LF = 0x0a;
const CR = 0x0d;

/**
 * The objects of a JSON array, or objects written one after the other over several lines, each as one record with the line it begins
 * in. They are only cut apart here: memory is bounded by the longest of them, and a wrong one costs itself. No library on the
 * shelf cuts a stream so that lines are known and one broken element is not the end.
 */
export async function* jsonElements(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<RawRecord | RawProblem> {
  const cutter = new Cutter();
  try {
    for await (const chunk of chunks) yield* cutter.feed(chunk);
  } catch (error) {
    if (!isZlibError(error)) throw error;
    yield { line: cutter.line, problem: ImportProblem.brokenGzip };
    return;
  }
  yield* cutter.end();
}

class Cutter {
  line = 1;
  private depth = 0;
  private isInString = false;
  private isEscaped = false;
  private wasCr = false;
  /** The array that encloses all; elements begin one level below it. */
  private isInArray = false;
  private isBegun = false;
  private isStray = false;
  private from = 1;
  private parts: Uint8Array[] = [];
  private size = 0;

  *feed(chunk: Uint8Array): Generator<RawRecord | RawProblem> {
    let start = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at] ?? 0;
      if (byte === LF || byte === CR) {
        // A string never runs over a line end: whatever was opened here is broken, and the next line begins anew.
        if (this.isInString) {
          yield* this.broken();
          start = at + 1;
        }
        if (!(byte === LF && this.wasCr)) this.line += 1;
        this.wasCr = byte === CR;
        continue;
      }
      this.wasCr = false;
      if (this.isInString) {
        this.inString(byte);
      } else if (byte === QUOTE) {
        this.isInString = this.depth > 0;
      } else if (OPENING.has(byte)) {
        if (this.opens(byte)) start = at;
      } else if (CLOSING.has(byte) && this.depth > 0) {
        this.depth -= 1;
        if (this.depth === 0) {
          this.hold(chunk.subarray(start, at + 1));
          yield this.taken();
        }
      } else if (this.depth === 0) {
        yield* this.between(byte);
      }
    }
    if (this.depth > 0) this.hold(chunk.subarray(start));
  }

  *end(): Generator<RawProblem> {
    if (this.depth > 0) yield { line: this.from, problem: ImportProblem.halfLine };
    else if (!this.isBegun) yield { line: 1, problem: ImportProblem.empty };
  }

  /** What stands between elements: anything but a comma, a blank or the array's end is told, once a piece. */
  private *between(byte: number): Generator<RawProblem> {
    if (byte === COMMA) this.isStray = false;
    if (byte <= 0x20 || byte === COMMA || (byte === ARRAY_END && this.isInArray) || this.isStray) return;
    this.isStray = true;
    this.isBegun = true;
    yield { line: this.line, problem: ImportProblem.notJson };
  }

  private inString(byte: number): void {
    if (this.isEscaped) this.isEscaped = false;
    else if (byte === BACKSLASH) this.isEscaped = true;
    else if (byte === QUOTE) this.isInString = false;
  }

  /** Whether an element begins here. */
  private opens(byte: number): boolean {
    if (this.depth === 0 && byte === ARRAY && !this.isInArray && !this.isBegun) {
      this.isInArray = true;
      return false;
    }
    this.depth += 1;
    if (this.depth > 1) return false;
    this.isStray = false;
    this.isBegun = true;
    this.from = this.line;
    return true;
  }

  private hold(part: Uint8Array): void {
    this.size += part.length;
    if (this.size > LONGEST_LINE) this.parts = [];
    else this.parts.push(part);
  }

  private taken(): RawRecord | RawProblem {
    const bytes = Buffer.concat(this.parts);
    const isTooLong = this.size > LONGEST_LINE;
    this.parts = [];
    this.size = 0;
    return isTooLong ? { line: this.from, problem: ImportProblem.tooLong } : { line: this.from, bytes, isLast: false };
  }

  private *broken(): Generator<RawProblem> {
    yield { line: this.from, problem: ImportProblem.notJson };
    this.depth = 0;
    this.isInString = false;
    this.isEscaped = false;
    this.parts = [];
    this.size = 0;
  }
}
