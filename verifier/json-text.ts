import { printable } from './values.ts';

/** A file that cannot be read as a history: where, what is wrong, and what to do. */
export class HistoryFileError extends Error {
  readonly cure: string;

  constructor(place: string, problem: string, cure: string) {
    // Place and problem quote the file, which is from anybody's hands.
    super(printable(`${place}: ${problem}.`, 2_000));
    this.name = 'HistoryFileError';
    this.cure = cure;
  }
}

const DEEPEST = 100;
const FOREIGN = 'This is not what an export writes: get the file again from its source.';

interface Frame {
  /** The keys so far of an object; undefined in an array. */
  readonly keys: Set<string> | undefined;
  at: string;
  index: number;
  isKeyNext: boolean;
}

/**
 * Parses JSON of which every reader sees the same value: no doubled or `__proto__` keys, no numbers that are not in their
 * shortest exact form, no half characters, not too deep. Otherwise a changed file could show one value and verify another.
 * @throws HistoryFileError
 */
export function parseStrictJson(text: string): unknown {
  const value = parse(text);
  scan(text);
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const place = placeOfSyntax(text, String(error));
    throw new HistoryFileError(place, 'not JSON, or cut off', 'Get the whole file again from its source.');
  }
}

function placeOfSyntax(text: string, message: string): string {
  const position = /at position (\d+)/.exec(message)?.[1] ?? (message.includes('end of JSON') ? text.length : undefined);
  if (position === undefined) return 'the document';
  const before = text.slice(0, Number(position));
  return `line ${before.split('\n').length}, column ${before.length - before.lastIndexOf('\n')}`;
}

/** Walks a text that is known to be JSON. */
function scan(text: string): void {
  const stack: Frame[] = [];
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char === '"') {
      const end = endOfString(text, i);
      readString(text.slice(i, end + 1), stack);
      i = end;
    } else if (char === '{' || char === '[') {
      stack.push({ keys: char === '{' ? new Set() : undefined, at: '', index: 0, isKeyNext: char === '{' });
      if (stack.length > DEEPEST) throw new HistoryFileError(placeOf(stack), `nested deeper than ${DEEPEST}`, FOREIGN);
    } else if (char === '}' || char === ']') {
      stack.pop();
    } else if (char === ',') {
      stepOver(stack.at(-1));
    } else if (char !== undefined && (char === '-' || (char >= '0' && char <= '9'))) {
      i = readNumber(text, i, stack);
    }
  }
}

function stepOver(frame: Frame | undefined): void {
  if (frame === undefined) return;
  frame.isKeyNext = frame.keys !== undefined;
  frame.index += 1;
}

function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text[end - 1 - slashes] === '\\') slashes += 1;
    if (slashes % 2 === 0) return end;
  }
}

function readString(quoted: string, stack: readonly Frame[]): void {
  const value = quoted.includes('\\') ? String(JSON.parse(quoted)) : quoted.slice(1, -1);
  const frame = stack.at(-1);
  if (!value.isWellFormed()) throw new HistoryFileError(placeOf(stack), 'a text holds half a character', FOREIGN);
  if (frame?.keys === undefined || !frame.isKeyNext) return;
  frame.at = value;
  frame.isKeyNext = false;
  if (value === '__proto__') throw new HistoryFileError(placeOf(stack), 'a field may not be called __proto__', FOREIGN);
  if (frame.keys.has(value)) throw new HistoryFileError(placeOf(stack), 'the field is there twice', FOREIGN);
  frame.keys.add(value);
}

const NUMBER = /-?\d[\d.eE+-]*/y;

/** Reads the number at `start`; returns where it ends. */
function readNumber(text: string, start: number, stack: readonly Frame[]): number {
  NUMBER.lastIndex = start;
  const [token = ''] = NUMBER.exec(text) ?? [];
  if (JSON.stringify(Number(token)) !== token) {
    throw new HistoryFileError(placeOf(stack), `the number ${token.slice(0, 40)} is not in its exact, shortest form`, FOREIGN);
  }
  return start + token.length - 1;
}

function placeOf(stack: readonly Frame[]): string {
  const path = stack.slice(-12).map((frame) => (frame.keys === undefined ? `[${frame.index}]` : `.${frame.at.slice(0, 60)}`));
  return path.join('').replace(/^\./, '') || 'the document';
}
