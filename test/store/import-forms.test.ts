import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csvCell, inert, unmarked, UTF8_MARK } from '../../store/register/imports/inert.ts';
import type { ImportKind } from '../../store/register/imports/kinds.ts';
import { objectsOf } from '../../store/register/imports/objects.ts';
import { parseImport } from '../../store/register/imports/parse.ts';
import type { ImportItem } from '../../store/register/imports/problems.ts';
import type { ImportRow } from '../../store/register/imports/schemas.ts';

async function* chunked(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** The same whatever the size of the chunks. */
async function read<K extends ImportKind>(kind: K, content: string | Uint8Array): Promise<ImportItem<ImportRow[K]>[]> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const bySize: ImportItem<ImportRow[K]>[][] = [];
  for (const size of [1, 3, 1_000_000]) {
    const items: ImportItem<ImportRow[K]>[] = [];
    for await (const item of parseImport(kind, chunked(bytes, size))) items.push(item);
    bySize.push(items);
  }
  expect(bySize[1]).toEqual(bySize[0]);
  expect(bySize[2]).toEqual(bySize[0]);
  return bySize[0] ?? [];
}

const briefly = (items: readonly ImportItem<unknown>[]): [number, string][] =>
  items.map((item) => [item.line, 'ok' in item ? 'ok' : 'error' in item ? item.error.code : item.warning.code]);
const rowsOf = (items: readonly ImportItem<unknown>[]): unknown[] => items.flatMap((item) => ('ok' in item ? [item.ok] : []));

const TABLE = 'listing_id,market,title\nw:1,FR,"A shoe, blue"\nw:2,DE,Ein Schuh\n';
const ROWS = [
  { listing: 'w:1', marketplace: 'w', market: 'FR', title: 'A shoe, blue', images: [] },
  { listing: 'w:2', marketplace: 'w', market: 'DE', title: 'Ein Schuh', images: [] },
];
const swapped = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();
const separated = (by: string): string => `listing_id${by}market${by}title\nw:1${by}FR${by}"A shoe, blue"\nw:2${by}DE${by}Ein Schuh\n`;

describe('one table in every form that spreadsheet programs write', () => {
  const forms: [string, string | Uint8Array, firstLine: number][] = [
    ['LF', TABLE, 2],
    ['CR LF', TABLE.replaceAll('\n', '\r\n'), 2],
    ['CR only, "CSV (Macintosh)"', TABLE.replaceAll('\n', '\r'), 2],
    ['CR only, no last line end', TABLE.replaceAll('\n', '\r').trimEnd(), 2],
    ['semicolons', separated(';'), 2],
    ['tabs', separated('\t'), 2],
    ['bars', separated('|'), 2],
    ['a first line sep=;', `sep=;\r\n${separated(';')}`, 3],
    ['a first line "sep=,", whatever the header looks like', `"sep=,"\n${TABLE}`, 3],
    ['a first line sep= with a sign that is not guessed', `sep=^\n${separated('^')}`, 3],
    ['a mark for UTF-8', `\ufeff${TABLE}`, 2],
    ['a mark and sep=', `\ufeffsep=;\r${separated(';').replaceAll('\n', '\r')}`, 3],
    ['UTF-16 LE with a mark', Buffer.from(`\ufeff${TABLE}`, 'utf16le'), 2],
    ['UTF-16 BE with a mark', swapped(`\ufeff${TABLE}`), 2],
    ['UTF-16 LE without', Buffer.from(TABLE, 'utf16le'), 2],
    ['UTF-16 BE without', swapped(TABLE), 2],
    ['"Unicode text": UTF-16 with tabs', Buffer.from(`\ufeff${separated('\t')}`, 'utf16le'), 2],
    ['UTF-16, packed', gzipSync(Buffer.from(`\ufeff${TABLE}`, 'utf16le')), 2],
    ['rows of nothing but separators at the end', `${separated(';')};;\n;;\n`, 2],
  ];
  test.each(forms)('%s', async (_, content, firstLine) => {
    const items = await read('listings', content);
    expect(rowsOf(items)).toEqual(ROWS);
    expect(briefly(items)).toEqual([
      [firstLine, 'ok'],
      [firstLine + 1, 'ok'],
    ]);
  });

  test('line ends may be mixed, and CR in a quoted field is none of a row', async () => {
    const items = await read('listings', 'listing_id,market,title,description\rw:1,FR,A,"one\rtwo"\r\nw:2,FR,B,\nw:3,FR,C,\r');
    expect(items).toMatchObject([{ line: 2, ok: { description: 'one\ntwo' } }, { line: 4 }, { line: 5 }]);
  });

  test('a comma in a header of semicolons is no separator, nor are semicolons in a list', async () => {
    const semicolons = 'right_id;jurisdiction;right_type;status;observed_at;mark, as we call it\nR;DE;trademark;Live / Registered;2025-07;x\n';
    expect(rowsOf(await read('rights', semicolons))).toMatchObject([{ right: 'R' }]);
    expect(rowsOf(await read('organisations', 'id,name,aliases\no,O,a;b;c\n'))).toMatchObject([{ aliases: ['a', 'b', 'c'] }]);
  });

  test('an emoji and a broken half of one in UTF-16', async () => {
    const lines = Buffer.from('listing_id,market,title\nw:1,FR,👟\nw:2,FR,\ud83d\nw:3,FR,B\n', 'utf16le');
    const items = await read('listings', lines);
    expect(briefly(items)).toEqual([
      [2, 'ok'],
      [3, 'not-utf-8'],
      [4, 'ok'],
    ]);
    expect(rowsOf(items)).toMatchObject([{ title: '👟' }, { title: 'B' }]);
  });

  test.each<[string, Uint8Array, string]>([
    ['a workbook', Buffer.from('PK\u0003\u0004\u0014\u0000', 'latin1'), 'spreadsheet'],
    ['an old workbook', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1]), 'spreadsheet'],
    ['a page that asks for a sign-in', Buffer.from('<!doctype html><title>Sign in</title>'), 'no-table'],
    ['zstandard', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x04]), 'packed-otherwise'],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x6c, 0, 0, 0]), 'utf-32'],
  ])('%s is called what it is', async (_, bytes, code) => {
    expect(briefly(await read('listings', bytes))).toEqual([[1, code]]);
  });
});

describe('JSON', () => {
  const a = { listing_id: 'w:1', market: 'FR', title: 'A shoe, blue', description: 'a "quoted" {brace} [and] more\\' };
  const b = { listing_id: 'w:2', market: 'DE', title: 'Ein Schuh', suspicion: { label: 'x', basis: 'y' } };
  const arrays: [string, string | Uint8Array, lines: number[]][] = [
    ['on one line', JSON.stringify([a, b]), [1, 1]],
    ['pretty', JSON.stringify([a, b], null, 2), [2, 8]],
    ['pretty, CR LF', JSON.stringify([a, b], null, 2).replaceAll('\n', '\r\n'), [2, 8]],
    ['pretty, CR', JSON.stringify([a, b], null, 2).replaceAll('\n', '\r'), [2, 8]],
    ['a line each', `[\n${JSON.stringify(a)},\n${JSON.stringify(b)}\n]\n`, [2, 3]],
    ['UTF-16', Buffer.from(JSON.stringify([a, b]), 'utf16le'), [1, 1]],
    ['a mark', `\ufeff ${JSON.stringify([a, b])}`, [1, 1]],
    ['pretty objects one after the other', `${JSON.stringify(a, null, 2)}\n${JSON.stringify(b, null, 2)}\n`, [1, 7]],
  ];
  test.each(arrays)('an array, %s', async (_, content, lines) => {
    const items = await read('listings', content);
    expect(rowsOf(items)).toMatchObject([
      { listing: 'w:1', description: a.description },
      { listing: 'w:2', suspicion: { label: 'x' } },
    ]);
    expect(items.map(({ line }) => line)).toEqual(lines);
  });

  test('a wrong element costs itself', async () => {
    const [x, y] = [JSON.stringify(a), JSON.stringify(b)];
    expect(briefly(await read('listings', `[${x},\n7,\n"text",\n[1],\n{"market":},\n${y}]`))).toEqual([
      [1, 'ok'],
      [2, 'not-json'],
      [3, 'not-json'],
      [4, 'not-json'],
      [5, 'not-json'],
      [6, 'ok'],
    ]);
    expect(briefly(await read('listings', `[\n{"title": "no end,\n"market": "FR"},\n${x}\n]`))).toEqual([
      [2, 'not-json'],
      [3, 'not-json'],
      [4, 'ok'],
    ]);
  });

  test('an array that is cut off says so; an empty one is an empty file', async () => {
    expect(briefly(await read('listings', `[\n${JSON.stringify(a)},\n{"listing_id":`))).toEqual([
      [2, 'ok'],
      [3, 'half-line'],
    ]);
    expect(briefly(await read('listings', '[]'))).toEqual([[1, 'empty-file']]);
  });

  test('an array on one line is longer than a line may be, an element may not', async () => {
    const long = JSON.stringify({ ...a, description: 'x'.repeat(1_100_000) });
    const many = Array.from({ length: 3_000 }, () => JSON.stringify({ ...a, description: 'x'.repeat(600) }));
    const items: ImportItem<unknown>[] = [];
    for await (const item of parseImport('listings', chunked(Buffer.from(`[${many.join(',')},${long}]`), 65_536))) items.push(item);
    expect(items.filter((item) => 'ok' in item)).toHaveLength(3_000);
    expect(briefly(items).at(-1)).toEqual([1, 'line-too-long']);
  });

  test('ids that an exporter wrote as numbers are texts; numbers that have lost digits are refused', async () => {
    const row = { listing_id: 4711, marketplace: 'w', market: 'FR', title: 501, seller_id: 7 };
    expect(rowsOf(await read('listings', JSON.stringify(row)))).toMatchObject([{ listing: '4711', title: '501', seller: '7' }]);
    const lost =
      '{"listing_id":12345678901234567890,"marketplace":"w","market":"FR","title":"x"}\n{"listing_id":1.5,"marketplace":"w","market":"FR","title":"x"}\n';
    expect(await read('listings', lost)).toMatchObject([
      { line: 1, error: { message: expect.stringContaining('listing_id: is a number that has lost digits') } },
      { line: 2, error: { message: expect.stringContaining('listing_id: is a number') } },
    ]);
    const right = {
      right_id: 88,
      jurisdiction: 'DE',
      right_type: 'trademark',
      status: 'Live / Registered',
      observed_at: '2025-07',
      application_no: 5,
      nice_classes: [25],
    };
    expect(rowsOf(await read('rights', JSON.stringify(right)))).toMatchObject([{ right: '88', applicationNo: '5' }]);
  });

  test('cut anywhere, whatever the bytes, nothing throws and lines are told', async () => {
    const piece = fc.constantFrom('[', ']', '{', '}', '"', '\\', ',', ':', '\n', '\r', ' ', 'a', '1', '{"a":1}', '\u0000', 'é');
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 40 }), async (pieces) => {
        for (const item of await read('listings', `[${pieces.join('')}`)) expect(item.line).toBeGreaterThan(0);
      }),
      { numRuns: 200 },
    );
  });
});

describe('CSV that goes out', () => {
  const PARTS = ['=', '+', '-', '@', '＝', "'", '"', ';', ',', '\t', '\r', '\n', ' ', 'a', '1', 'shoe'];
  const text = fc.array(fc.constantFrom(...PARTS), { maxLength: 12 }).map((parts) => parts.join(''));
  /** What a program shows in its cells when it cuts there and knows no quotes. */
  const cellsOf = (written: string): string[] => written.split(/[;\t\r\n]/).map((cell) => cell.replace(/^[\s"]+/, ''));

  test.each(['=1+1', 'shoe;=1+1', '@SUM(A1)', '\t=1+1', '\r=1+1', '+1', '-1', '＝1+1', 'shoe; "=1+1;x', 'a\n=1+1', "'=1", 'x\t@A1'])(
    '%j is inert',
    (title) => {
      for (const cell of cellsOf(csvCell(title))) expect(cell).not.toMatch(/^[=+\-@＝＋－＠]/);
      expect(csvCell(title)).not.toMatch(/^"?[\t\r]/);
      expect(unmarked(inert(title))).toBe(title);
    },
  );

  test('no text calculates, and every text comes back', () => {
    fc.assert(
      fc.property(text, (title) => {
        for (const cell of cellsOf(csvCell(title))) expect(cell).not.toMatch(/^[=+\-@＝＋－＠]/);
        expect(unmarked(inert(title))).toBe(title);
      }),
      { numRuns: 5_000 },
    );
  });

  test('plain words stay as they are', () => {
    for (const title of ['A shoe, size 42 - blue', "Men's shoe", 'a+b', '5 x 5; blue', '50% off']) expect(inert(title)).toBe(title);
  });

  test('a row comes back through the reader of imports', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 2, maxLength: 2 }), async (titles) => {
        // Line ends inside a field are one kind of line end to the reader.
        const even = titles.map((title) => title.replace(/\r\n?/g, '\n'));
        const file = `${UTF8_MARK}id,first,second\r\nx,${even.map(csvCell).join(',')}\r\n`;
        const items = [];
        for await (const item of objectsOf(chunked(Buffer.from(file), 5), new Set(['id', 'first', 'second']))) items.push(item);
        expect(items).toEqual([{ line: 2, object: { id: 'x', first: even[0], second: even[1] } }]);
      }),
      { numRuns: 300 },
    );
  });
});
