import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseImport } from '../../store/register/imports/parse.ts';
import type { ImportItem } from '../../store/register/imports/problems.ts';
import type { ImportKind } from '../../store/register/imports/kinds.ts';
import type { ImportRow } from '../../store/register/imports/schemas.ts';

async function* chunked(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read<K extends ImportKind>(
  kind: K,
  content: string | Uint8Array,
  size = 7,
  marketplace?: string,
): Promise<ImportItem<ImportRow[K]>[]> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const items: ImportItem<ImportRow[K]>[] = [];
  for await (const item of parseImport(kind, chunked(bytes, size), marketplace === undefined ? {} : { marketplace })) items.push(item);
  return items;
}

const briefly = (items: readonly ImportItem<unknown>[]): [number, string][] =>
  items.map((item) => [item.line, 'ok' in item ? 'ok' : 'error' in item ? item.error.code : item.warning.code]);

const listing = (more: object = {}): string => JSON.stringify({ listing_id: 'wish:1', market: 'FR', title: 'A shoe', ...more });

describe('listings', () => {
  test('a row of the feed', async () => {
    const row = {
      source: 'wish',
      description: '',
      brand: null,
      price: 64,
      currency: 'EUR',
      seller_id: 'S-1',
      image_url: '/images/a.png',
      rating: 5,
    };
    expect(await read('listings', listing(row))).toEqual([
      {
        line: 1,
        ok: {
          listing: 'wish:1',
          marketplace: 'wish',
          market: 'FR',
          title: 'A shoe',
          seller: 'S-1',
          price: { amount: 6400, currency: 'EUR' },
          images: ['/images/a.png'],
        },
      },
    ]);
  });

  test('the marketplace is the one given, else the prefix, else missing', async () => {
    expect(await read('listings', listing(), 7, 'bazaar')).toMatchObject([{ ok: { marketplace: 'bazaar', images: [] } }]);
    expect(briefly(await read('listings', listing({ listing_id: 'no-prefix' })))).toEqual([[1, 'wrong-field']]);
  });

  test('an outside suspicion is kept apart', async () => {
    const suspicion = { label: 'suspect', basis: 'rule', score: '', signals: '{}' };
    expect(await read('listings', listing({ suspicion }))).toMatchObject([{ ok: { suspicion: { label: 'suspect', basis: 'rule' } } }]);
  });
});

describe('lines', () => {
  test('wrong lines are numbered and the rest is read', async () => {
    const nul = listing({ title: 'nul\u0000' });
    const content = [listing(), '', '[1]', 'nonsense', listing({ title: '' }), nul, listing({ market: 'Nowhere' }), listing()].join('\n');
    expect(briefly(await read('listings', `${content}\n`))).toEqual([
      [1, 'ok'],
      [3, 'not-json'],
      [4, 'not-json'],
      [5, 'wrong-field'],
      [6, 'wrong-field'],
      [7, 'wrong-field'],
      [8, 'ok'],
    ]);
    expect(await read('listings', nul)).toMatchObject([{ error: { message: 'title: contains a NUL character; remove it' } }]);
    expect(await read('listings', '{"title":"x","listing_id":"a:1"}\n')).toMatchObject([{ error: { message: 'market: is missing' } }]);
  });

  test('a wrong encoding names line and cure', async () => {
    const latin = Buffer.concat([
      Buffer.from(`${listing()}\n{"listing_id":"wish:2","market":"FR","title":"Caf`),
      Uint8Array.of(0xe9),
      Buffer.from('"}\n'),
    ]);
    expect(await read('listings', latin)).toMatchObject([
      { line: 1 },
      { line: 2, error: { code: 'not-utf-8', cure: expect.stringContaining('UTF-8') } },
    ]);
    expect(briefly(await read('listings', Buffer.from(`\ufeff${listing()}`, 'utf16le')))).toEqual([[1, 'ok']]);
    expect(briefly(await read('listings', `\ufeff${listing()}`))).toEqual([[1, 'ok']]);
  });

  test('a half last line is called that; a whole one without newline is read', async () => {
    expect(briefly(await read('listings', `${listing()}\n${listing().slice(0, 30)}`))).toEqual([
      [1, 'ok'],
      [2, 'half-line'],
    ]);
    expect(briefly(await read('sellers', 'seller_id,market\nS-1,BR\nS-2'))).toEqual([
      [2, 'ok'],
      [3, 'half-line'],
    ]);
    expect(briefly(await read('sellers', 'seller_id,market\nS-1,BR\n"S-2,B'))).toEqual([
      [2, 'ok'],
      [3, 'half-line'],
    ]);
  });

  test('a line of ten megabytes costs no memory and no other line', async () => {
    async function* source(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(`${listing()}\n{"title":"`);
      const filler = Buffer.alloc(65_536, 0x78);
      for (let n = 0; n < 160; n += 1) yield filler;
      yield Buffer.from(`"}\n${listing()}\n`);
    }
    const items = [];
    for await (const item of parseImport('listings', source())) items.push(item);
    expect(briefly(items)).toEqual([
      [1, 'ok'],
      [2, 'line-too-long'],
      [3, 'ok'],
    ]);
  });

  test('gzip is told by its bytes, and broken gzip by its line', async () => {
    const many = Array.from({ length: 500 }, (_, n) => listing({ title: `${n}-${Math.sin(n)}` })).join('\n');
    const packed = gzipSync(`${many}\n`);
    expect(await read('listings', packed, 1_000)).toHaveLength(500);
    const broken = briefly(await read('listings', packed.subarray(0, packed.length / 2), 1_000));
    expect(broken.at(-1)?.[1]).toBe('broken-gzip');
    expect(broken.length).toBeGreaterThan(50);
  });

  test('unknown fields are warned about once', async () => {
    expect(briefly(await read('listings', `${listing({ colour: 'red' })}\n${listing({ colour: 'blue' })}\n`))).toEqual([
      [1, 'unknown-field'],
      [1, 'ok'],
      [2, 'ok'],
    ]);
  });

  test('an empty file says so', async () => {
    expect(briefly(await read('listings', ''))).toEqual([[1, 'empty-file']]);
    expect(briefly(await read('listings', ' \n\n'))).toEqual([[1, 'empty-file']]);
  });

  test('bytes of any kind never throw, whatever the size of the chunks', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.integer({ min: 1, max: 50 }), async (bytes, size) => {
        for (const item of await read('listings', bytes, size)) expect(item.line).toBeGreaterThan(0);
      }),
      { numRuns: 100 },
    );
  });
});

describe('csv', () => {
  test('quotes, line breaks in fields, CRLF', async () => {
    const content = 'listing_id,market,title,description\r\nw:1,FR,"A ""good"" shoe, blue","two\r\nlines"\r\nw:2,FR,B,\r\n';
    expect(await read('listings', content)).toMatchObject([
      { line: 2, ok: { title: 'A "good" shoe, blue', description: 'two\nlines' } },
      { line: 4, ok: { title: 'B' } },
    ]);
  });

  test('a quote that never closes costs its own line only', async () => {
    const rows = Array.from({ length: 300 }, (_, n) => `w:${n},FR,Title ${n}`);
    rows[10] = 'w:10,FR,"Title 10';
    const items = briefly(await read('listings', `listing_id,market,title\n${rows.join('\n')}\n`, 997));
    expect(items.filter(([, code]) => code === 'ok')).toHaveLength(299);
    expect(items.filter(([, code]) => code !== 'ok')).toEqual([[12, 'unclosed-quote']]);
    expect(items.map(([line]) => line)).toEqual([...items.map(([line]) => line)].sort((a, b) => a - b));
  });

  test('a wrong number of columns is named', async () => {
    expect(await read('sellers', 'seller_id,market\nS-1,BR,x\nS-2,BR\n')).toMatchObject([
      { line: 2, error: { message: 'the line has 3 columns, the header 2' } },
      { line: 3, ok: { seller: 'S-2' } },
    ]);
  });
});

describe('the other kinds', () => {
  test('rights', async () => {
    const header = 'right_id,office,jurisdiction,right_type,mark_text,status,nice_classes,owner,observed_at';
    expect(
      await read(
        'rights',
        `${header}\nR-1,X,DE,trademark,VELORIX,Live / Registered,003;025,Velorix,2025-09\nR-2,X,DE,trademark,,opposed,,,2023-11-25\n`,
      ),
    ).toMatchObject([
      { ok: { right: 'R-1', markText: 'VELORIX', niceClasses: ['003', '025'], owner: 'Velorix', observedAt: '2025-09' } },
      { ok: { right: 'R-2', niceClasses: [] } },
    ]);
  });

  test('organisations, with unknown zone and hours named', async () => {
    const row = (more: object) =>
      JSON.stringify({
        id: 'o',
        name: 'Velorix',
        aliases: ['Velorix', 'VX'],
        zone: 'Europe/Berlin',
        hours: '09:00-18:00',
        account_manager: 'm',
        ...more,
      });
    expect(
      await read('organisations', `${row({})}\n${row({ zone: 'Europe/Atlantis' })}\n${row({ hours: 'nine to five' })}\n${row({ mail: 'no' })}\n`),
    ).toMatchObject([
      { ok: { id: 'o', aliases: ['Velorix', 'VX'], accountManager: 'm' } },
      { error: { message: expect.stringContaining('zone: is no zone') } },
      { error: { message: expect.stringContaining('hours:') } },
      { error: { message: expect.stringContaining('mail:') } },
    ]);
  });

  test('people with duty', async () => {
    const duty = [{ from: '2025-10-01T00:00:00Z', until: '2025-10-08T00:00:00Z' }];
    const row = (more: object) =>
      JSON.stringify({ id: 'p', name: 'Ada', mail: 'ada@x.test', role: 'account-manager', organisations: ['o'], duty, ...more });
    expect(await read('people', `${row({})}\n${row({ role: 'king' })}\n${row({ duty: [{ from: 'today' }] })}\n`)).toMatchObject([
      { ok: { role: 'account-manager', duty } },
      { error: { message: expect.stringContaining('role: is none of governance-officer') } },
      { error: { message: expect.stringContaining('duty.0.from') } },
    ]);
  });

  test('authorised sellers, references, answers', async () => {
    expect(
      await read('authorised-sellers', 'seller_id,holder,market,from,until,note\nS-1,HP,BR,2024-01-01,,x\nS-2,HP,,01.01.2024,,\n'),
    ).toMatchObject([{ ok: { seller: 'S-1', from: '2024-01-01' } }, { error: { message: expect.stringContaining('from:') } }]);
    expect(await read('references', 'brand,part_number,product,suggested_price,currency\nKJ,7QX41,Ink,"74,90",BRL\nKJ,,Ink,,\n')).toMatchObject([
      { ok: { price: { amount: 7490, currency: 'BRL' } } },
      { ok: { brand: 'KJ' } },
    ]);
    expect(await read('answers', 'listing_id,holder,verdict,reason_code,basis,note\nw:1,KJ,genuine,checked,image,\n')).toMatchObject([
      { ok: { listing: 'w:1', reasonCode: 'checked', basis: 'image' } },
    ]);
  });
});
