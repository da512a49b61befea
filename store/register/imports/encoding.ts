import type { FileProblem } from './problems.ts';
import { ImportProblem } from './problems.ts';

/** So much of a file is looked at before it is read: what it is written in, and which form it has. */
const HEAD = 65_536;

/** A file's text as UTF-8 without a mark, and its beginning; or why it is no text that can be read. */
export type Text = { readonly head: Uint8Array; readonly chunks: AsyncGenerator<Uint8Array> } | { readonly problem: FileProblem };

/**
 * Reads UTF-8 and UTF-16 (either order of bytes), with and without a mark. What a spreadsheet or a packer made is named
 * for what it is. UTF-16 that is broken becomes bytes that are no UTF-8, so that the line is reported.
 */
export async function textOf(source: AsyncIterable<Uint8Array>): Promise<Text> {
  const { head, rest } = await peeked(source);
  const foreign = FOREIGN.find(({ bytes }) => bytes.every((byte, at) => head[at] === byte));
  if (foreign !== undefined) return { problem: foreign.problem };
  const order = utf16Order(head);
  if (order === undefined) {
    const plain = hasMark(head, UTF8_MARK) ? head.subarray(UTF8_MARK.length) : head;
    return { head: plain, chunks: joined(plain, rest) };
  }
  const again = await peeked(fromUtf16(joined(head, rest), order));
  return { head: again.head, chunks: joined(again.head, again.rest) };
}

const UTF8_MARK = [0xef, 0xbb, 0xbf];
const LITTLE_MARK = [0xff, 0xfe];
const BIG_MARK = [0xfe, 0xff];

/** First bytes of what people send by mistake. */
const FOREIGN: readonly { readonly bytes: readonly number[]; readonly problem: FileProblem }[] = [
  { bytes: [0x50, 0x4b, 0x03, 0x04], problem: ImportProblem.spreadsheet },
  { bytes: [0xd0, 0xcf, 0x11, 0xe0], problem: ImportProblem.spreadsheet },
  { bytes: [0x28, 0xb5, 0x2f, 0xfd], problem: ImportProblem.otherPacker },
  { bytes: [0x42, 0x5a, 0x68], problem: ImportProblem.otherPacker },
  { bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a], problem: ImportProblem.otherPacker },
  { bytes: [0x37, 0x7a, 0xbc, 0xaf], problem: ImportProblem.otherPacker },
  { bytes: [0x25, 0x50, 0x44, 0x46], problem: ImportProblem.document },
  { bytes: [0x3c], problem: ImportProblem.document },
  { bytes: [...UTF8_MARK, 0x3c], problem: ImportProblem.document },
  { bytes: [0xff, 0xfe, 0x00, 0x00], problem: ImportProblem.utf32 },
  { bytes: [0x00, 0x00, 0xfe, 0xff], problem: ImportProblem.utf32 },
];

function hasMark(head: Uint8Array, mark: readonly number[]): boolean {
  return mark.every((byte, at) => head[at] === byte);
}

/** Without a mark the first characters tell: a header or a brace is ASCII, and every other byte of it is zero. */
function utf16Order(head: Uint8Array): 'little' | 'big' | undefined {
  if (hasMark(head, LITTLE_MARK)) return 'little';
  if (hasMark(head, BIG_MARK)) return 'big';
  const [a, b, c, d] = head;
  if (a === undefined || b === undefined || (a === 0) === (b === 0)) return undefined;
  if (a !== 0) return d === undefined || (c !== 0 && d === 0) ? 'little' : undefined;
  return c === undefined || (c === 0 && d !== 0) ? 'big' : undefined;
}

async function* fromUtf16(chunks: AsyncIterable<Uint8Array>, order: 'little' | 'big'): AsyncGenerator<Uint8Array> {
  let held = Buffer.alloc(0);
  let isFirst = true;
  for await (const chunk of chunks) {
    const all = Buffer.concat([held, chunk]);
    let end = all.length - (all.length % 2);
    // A pair of surrogates stays together.
    if (end >= 2 && isHighSurrogate(unitAt(all, end - 2, order))) end -= 2;
    // A copy: swapping must not touch what is held.
    const whole = Buffer.from(all.subarray(0, end));
    held = Buffer.from(all.subarray(end));
    const text = (order === 'big' ? whole.swap16() : whole).toString('utf16le');
    yield inUtf8(isFirst && text.startsWith('\ufeff') ? text.slice(1) : text);
    isFirst = isFirst && text === '';
  }
  if (held.length > 0) yield NO_UTF8;
}

function unitAt(bytes: Buffer, at: number, order: 'little' | 'big'): number {
  return order === 'little' ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at);
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

const NO_UTF8 = Uint8Array.of(0xff);

function inUtf8(text: string): Uint8Array {
  if (text.isWellFormed()) return Buffer.from(text);
  return Buffer.concat(text.split(/\p{Surrogate}/u).flatMap((part, at) => (at === 0 ? [Buffer.from(part)] : [NO_UTF8, Buffer.from(part)])));
}

interface Peeked {
  readonly head: Uint8Array;
  readonly rest: AsyncIterable<Uint8Array>;
}

/** What breaks while the head is read breaks again behind it, so that the lines before it are read. */
async function peeked(source: AsyncIterable<Uint8Array>): Promise<Peeked> {
  const chunks = source[Symbol.asyncIterator]();
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    while (size < HEAD) {
      const next = await chunks.next();
      if (next.done === true) return { head: Buffer.concat(parts), rest: none() };
      parts.push(next.value);
      size += next.value.length;
    }
  } catch (error) {
    return { head: Buffer.concat(parts), rest: broken(error) };
  }
  return { head: Buffer.concat(parts), rest: remaining(chunks) };
}

function none(): AsyncIterable<Uint8Array> {
  return { [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve({ done: true, value: undefined }) }) };
}

function broken(error: unknown): AsyncIterable<Uint8Array> {
  return { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(error) }) };
}

async function* remaining(chunks: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value;
  } finally {
    await chunks.return?.();
  }
}

async function* joined(head: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (head.length > 0) yield head;
  yield* rest;
}
