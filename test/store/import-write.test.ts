import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AuthorisedSellerRow, ListingRow, OrganisationRow, RightRow } from '../../store/schema/entities/register.ts';
import { type ImportReport, importFile } from '../../store/register/imports/import-file.ts';
import type { RegisterKind } from '../../store/register/imports/write.ts';
import { work } from '../../store/connection/orm.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

let db: TestDatabase;
const em = () => work(db.store);
const TABLES = ['organisation', 'organisation_alias', 'person', '"right"', 'listing', 'seller', 'authorised_seller', 'reference'];

beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db?.close());

function load(kind: RegisterKind, lines: readonly object[] | string, options = {}): Promise<ImportReport> {
  const text = typeof lines === 'string' ? lines : `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`;
  return importFile(db.store, db.clock, kind, bytesOf(text), options);
}

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
}

const right = (id: string, owner: string) => ({
  right_id: id,
  jurisdiction: 'DE',
  right_type: 'trademark',
  status: 'registered',
  mark_text: 'Xy',
  owner,
  observed_at: '2025-07',
});
const listing = (id: string, more: object = {}) => ({
  listing_id: id,
  market: 'DE',
  title: `Thing ${id}`,
  price: 10,
  currency: 'EUR',
  seller_id: 'S1',
  ...more,
});

async function picture(): Promise<unknown> {
  const tables: (readonly object[])[] = [];
  for (const table of TABLES) tables.push(await em().execute<object[]>(`select * from ${table}`));
  return tables.map((rows) => rows.map((row) => JSON.stringify(row)).sort());
}

const ALL: readonly (readonly [RegisterKind, readonly object[]])[] = [
  ['organisations', [{ id: 'org-re', name: 'Re AG', aliases: ['Re Group'], mail: 'desk@re.example' }]],
  ['people', [{ id: 'p-re', name: 'P', role: 'brand-reviewer', organisations: ['org-re'] }]],
  ['rights', [right('R-re', 'Re AG'), right('R-nobody', 'Nobody Imported GmbH')]],
  ['sellers', [{ seller_id: 'S1', market: 'DE', name: 'One', mail: 's@one.example' }]],
  ['authorised-sellers', [{ seller_id: 'S1', holder: 'Re Group', market: 'DE' }]],
  ['references', [{ brand: 'Xy', part_number: '1', product: 'Thing', suggested_price: 12, currency: 'EUR' }]],
  ['listings', [listing('m:re-1'), listing('m:re-2', { seller_id: '' })]],
];

describe('import', () => {
  it('of the same files again changes nothing', async () => {
    for (const [kind, lines] of ALL) expect(await load(kind, lines), kind).toMatchObject({ imported: lines.length, wrong: 0, warnings: 0 });
    await em().nativeUpdate(ListingRow, { id: 'm:re-1' }, { scanned: 'what a sweep noted' });
    const before = await picture();
    for (const [kind, lines] of ALL) expect(await load(kind, lines), kind).toMatchObject({ imported: lines.length, wrong: 0 });
    expect(await picture()).toEqual(before);
  });

  it('of one id twice in a file keeps the last, as if they came one after the other', async () => {
    await load('listings', [listing('m:double', { title: 'first' }), listing('m:double', { title: 'second' })]);
    expect(await em().find(ListingRow, { id: 'm:double' })).toMatchObject([{ row: { title: 'second' } }]);
  });

  it('stores a batch whole or not at all, and the next import completes it', async () => {
    const lines = Array.from({ length: 1_200 }, (_, n) => listing(`m:atomic-${n}`));
    let published = 0;
    const publish = () => {
      published += 1;
      return published === 2 ? Promise.reject(new Error('the process dies here')) : Promise.resolve();
    };
    await expect(load('listings', lines, { publish })).rejects.toThrow('dies here');
    const known = await em().count(ListingRow, { id: { $like: 'm:atomic-%' } });
    expect(known % 500).toBe(0);
    expect(await load('listings', lines, { publish })).toMatchObject({ imported: 1_200, wrong: 0 });
    expect(await em().count(ListingRow, { id: { $like: 'm:atomic-%' } })).toBe(1_200);
  });

  it('leaves out the line that the database refuses, by its number, and stores the rest', async () => {
    const lines = Array.from({ length: 7 }, (_, n) => ({
      id: `org-long-${n}`,
      name: `Long ${n}`,
      country: n === 4 ? 'Bundesrepublik Deutschland' : 'DE',
    }));
    const report = await load('organisations', lines);
    expect(report).toMatchObject({ imported: 6, wrong: 1 });
    expect(report.problems).toMatchObject([{ line: 5, code: 'cannot-store', message: expect.stringContaining('too long') }]);
    expect(await em().count(OrganisationRow, { id: { $like: 'org-long-%' } })).toBe(6);
  });

  it.each<[RegisterKind, object, string]>([
    ['listings', listing(`m:${'x'.repeat(300)}`), 'listing_id'],
    ['rights', right('R'.repeat(200), 'Re AG'), 'right_id'],
    ['people', { id: 'p'.repeat(200), name: 'P', role: 'brand-reviewer', organisations: [] }, 'id'],
    ['references', { brand: 'b'.repeat(300), product: 'x' }, 'brand'],
  ])('%s: an id that is longer than its column is a wrong field', async (kind, line, field) => {
    const report = await load(kind, [line]);
    expect(report).toMatchObject({ imported: 0, wrong: 1 });
    expect(report.problems[0]?.message).toMatch(new RegExp(`${field}: is longer than \\d+ characters`));
  });
});

describe('owners of rights', () => {
  it('who are not known become new organisations by their exact name, never a fuzzy merge', async () => {
    await load('rights', [right('R-a1', 'Alpha Tools GmbH'), right('R-a2', 'Alpha Tools GmbH'), right('R-a3', 'Alpha Toys GmbH')]);
    const rows = await em().find(RightRow, { id: { $in: ['R-a1', 'R-a2', 'R-a3'] } }, { orderBy: { id: 'asc' } });
    const [first, second, third] = rows.map((row) => row.organisation);
    expect(first).toMatch(/^org:[0-9a-f]{16}$/);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
    expect(await em().findOneOrFail(OrganisationRow, { id: first ?? '' })).toMatchObject({
      name: 'Alpha Tools GmbH',
      kind: 'owner-of-record',
    });
  });

  it('are adopted by an organisation that is imported afterwards, by name or alias', async () => {
    await load('rights', [right('R-b1', 'Beta Holding Ltd'), right('R-b2', 'Beta Brands Inc.'), right('R-b3', 'Gamma Ltd')]);
    await load('organisations', [{ id: 'org-beta', name: 'Beta Holding Ltd', aliases: ['Beta Brands Inc.'] }]);
    const rows = await em().find(RightRow, { id: { $like: 'R-b%' } }, { orderBy: { id: 'asc' } });
    expect(rows.map((row) => row.organisation)).toEqual(['org-beta', 'org-beta', expect.stringMatching(/^org:/)]);
    // Rights that come later find it as well.
    await load('rights', [right('R-b4', 'BETA BRANDS INC')]);
    expect(await em().findOneOrFail(RightRow, { id: 'R-b4' })).toMatchObject({ organisation: 'org-beta' });
  });

  it('an authorised seller of a holder nobody knows is reported by line; the others are stored', async () => {
    const report = await load('authorised-sellers', 'seller_id,holder,market\nS1,Re AG,DE\nS2,Nowhere Corp,DE\nS3,org-beta,\n');
    expect(report).toMatchObject({ imported: 2, wrong: 1 });
    expect(report.problems).toMatchObject([
      { line: 3, message: expect.stringContaining('"Nowhere Corp"'), cure: expect.stringContaining('organisations') },
    ]);
    expect(await em().count(AuthorisedSellerRow, { seller: 'S3', organisation: 'org-beta' })).toBe(1);
  });
});

describe('what a file changed', () => {
  const line = (n: number, more: object = {}) => listing(`m:count-${n}`, more);

  it('is counted: new, changed, unchanged; what is the same is not written', async () => {
    const first = Array.from({ length: 1_200 }, (_, n) => line(n));
    expect(await load('listings', first)).toMatchObject({ imported: 1_200, new: 1_200, changed: 0, unchanged: 0 });
    const stamps = () => em().execute<object[]>("select id, xmin::text from listing where id like 'm:count-%' order by id");
    const before = await stamps();
    expect(await load('listings', first)).toMatchObject({ imported: 1_200, new: 0, changed: 0, unchanged: 1_200 });
    expect(await stamps()).toEqual(before);
    const next = first.map((row, n) => (n % 400 === 0 ? { ...row, title: 'Other' } : row));
    expect(await load('listings', [...next, line(1_200)])).toMatchObject({ imported: 1_201, new: 1, changed: 3, unchanged: 1_197 });
  });

  it.each<[RegisterKind, object, object]>([
    ['organisations', { id: 'org-count', name: 'Count AG' }, { mail: 'a@count.example' }],
    ['people', { id: 'p-count', name: 'P', role: 'brand-reviewer', organisations: ['org-count'] }, { mail: 'p@count.example' }],
    ['rights', right('R-count', 'Count AG'), { status: 'expired' }],
    ['sellers', { seller_id: 'S-count', market: 'DE' }, { mail: 's@count.example' }],
    ['authorised-sellers', { seller_id: 'S-count', holder: 'Count AG', market: 'DE' }, { until: '2030-01-01' }],
    ['references', { brand: 'Count', part_number: '1', product: 'Thing', suggested_price: 12, currency: 'EUR' }, { suggested_price: 13 }],
    ['recipients', { id: 'police-count', name: 'Police', country: 'DE', profiles: ['general'] }, { mail: 'desk@police.example' }],
  ])('%s', async (kind, row, more) => {
    expect(await load(kind, [row])).toMatchObject({ imported: 1, new: 1, changed: 0, unchanged: 0 });
    expect(await load(kind, [row])).toMatchObject({ imported: 1, new: 0, changed: 0, unchanged: 1 });
    expect(await load(kind, [{ ...row, ...more }])).toMatchObject({ imported: 1, new: 0, changed: 1, unchanged: 0 });
  });

  it('of two rows with one id is told by both lines, in a batch and across batches; the later one counts', async () => {
    const rows = Array.from({ length: 700 }, (_, n) => listing(`m:twice-${n}`));
    const file = [...rows, listing('m:twice-3', { title: 'later' }), listing('m:twice-699', { title: 'later' })];
    const report = await load('listings', file);
    expect(report).toMatchObject({ imported: 702, new: 700, changed: 2, unchanged: 0, wrong: 0, warnings: 2 });
    expect(report.problems).toMatchObject([
      { line: 701, code: 'twice-in-the-file', message: 'm:twice-3 stands in line 4 already; the later line counts' },
      { line: 702, code: 'twice-in-the-file', message: 'm:twice-699 stands in line 700 already; the later line counts' },
    ]);
    expect(await em().findOneOrFail(ListingRow, { id: 'm:twice-3' })).toMatchObject({ row: { title: 'later' } });
  });

  it('many warnings hide no wrong line', async () => {
    const doubtful = Array.from({ length: 1_100 }, (_, n) => listing(`m:doubt-${n}`, { price: 'ask us' }));
    const report = await load('listings', [...doubtful, listing('m:wrong', { title: '' })]);
    expect(report).toMatchObject({ imported: 1_100, wrong: 1, warnings: 1_100 });
    expect(report.problems.at(-1)).toMatchObject({ line: 1_101, code: 'wrong-field' });
  });
});

describe('the language in which somebody is written to', () => {
  it('comes with a file, and stays where a later file does not name it', async () => {
    const person = { id: 'p-lang', name: 'P', role: 'brand-reviewer', organisations: ['o-lang'] };
    await load('organisations', [{ id: 'o-lang', name: 'Organisation with a language', language: 'zh-CN' }]);
    await load('people', [{ ...person, language: 'zh' }]);
    await load('sellers', [{ seller_id: 's-lang', language: 'zh' }]);
    expect(await load('people', [person])).toMatchObject({ new: 0, changed: 0, unchanged: 1 });
    await load('sellers', [{ seller_id: 's-lang', name: 'S' }]);
    await load('organisations', [{ id: 'o-lang', name: 'Organisation with a language', mail: 'ip@o.test' }]);
    const rows = await em().execute<{ language: string | null }[]>(
      `select language from organisation where id = 'o-lang' union all select language from person where id = 'p-lang'
       union all select language from seller where id = 's-lang'`,
    );
    expect(rows.map(({ language }) => language)).toEqual(['zh-CN', 'zh', 'zh']);
    expect((await load('people', [{ ...person, language: 'Chinese, please' }])).problems).toMatchObject([
      { message: expect.stringContaining('is not a valid language') },
    ]);
  });
});
