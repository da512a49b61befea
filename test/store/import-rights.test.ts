import { expect, test } from 'vitest';
import { coversMarket, LIVE } from '../../domain/detection/rights.ts';
import { parseImport } from '../../store/register/imports/parse.ts';
import type { ImportItem } from '../../store/register/imports/problems.ts';
import type { ImportRow } from '../../store/register/imports/schemas.ts';

async function read(...rows: object[]): Promise<ImportItem<ImportRow['rights']>[]> {
  const items: ImportItem<ImportRow['rights']>[] = [];
  const base = { right_id: 'R', jurisdiction: 'DE', right_type: 'trademark', status: LIVE, observed_at: '2025-07' };
  async function* source(): AsyncGenerator<Uint8Array> {
    for (const row of rows) yield Buffer.from(`${JSON.stringify({ ...base, ...row })}\n`);
  }
  for await (const item of parseImport('rights', source())) items.push(item);
  return items;
}

const territories: [given: object, jurisdiction: string, covers: string[], not: string[]][] = [
  [{ jurisdiction: 'EM' }, 'EU', ['EU-FR', 'DE'], ['GB', 'US']],
  [{ jurisdiction: '', office: 'EUIPO' }, 'EU', ['EU-FR'], ['GB']],
  [{ jurisdiction: undefined, office: 'EM' }, 'EU', ['DE'], ['CH']],
  [{ jurisdiction: 'BX' }, 'BX', ['NL', 'BE', 'EU-LU'], ['DE', 'FR']],
  [{ jurisdiction: 'Benelux' }, 'BX', ['NL'], ['DE']],
  [{ jurisdiction: '', office: 'USPTO' }, 'US', ['US'], ['CA']],
  [{ jurisdiction: 'uk' }, 'GB', ['UK', 'GB'], ['US']],
  [{ jurisdiction: 'OA' }, 'OA', ['SN', 'CI'], ['NG']],
];
test.each(territories)('%j is in force there', async (given, jurisdiction, covers, not) => {
  const items = await read(given);
  expect(items).toMatchObject([{ ok: { jurisdiction } }]);
  expect(covers.filter((market) => !coversMarket(jurisdiction, market))).toEqual([]);
  expect(not.filter((market) => coversMarket(jurisdiction, market))).toEqual([]);
});

test.each([
  ['Registered', LIVE],
  ['REGISTERED', LIVE],
  ['Live/Registered', LIVE],
  ['LIVE/REGISTRATION/Issued and Active', LIVE],
  ['Registration renewed', LIVE],
  ['eingetragen', LIVE],
  ['注册', LIVE],
  ['opposed', 'opposed'],
  ['Registered, opposition pending', 'Registered, opposition pending'],
  ['Live / Pending', 'Live / Pending'],
  ['as of 2020-05-26', 'as of 2020-05-26'],
  ['Registration cancelled', 'Registration cancelled'],
])('status %s is read as %s, without a word', async (status, expected) => {
  expect(await read({ status })).toMatchObject([{ ok: { status: expected } }]);
});

test.each([
  [['25'], ['025']],
  ['25,35', ['025', '035']],
  ['IC 025', ['025']],
  ['IC 025; IC 035', ['025', '035']],
  ['Class 25 and Class 35', ['025', '035']],
  ['Int. Cl. 9', ['009']],
  [
    [25, 9],
    ['025', '009'],
  ],
  [25, ['025']],
  ['003;025', ['003', '025']],
  ['第25类', ['025']],
  ['', []],
])('classes %j', async (given, expected) => {
  expect(await read({ nice_classes: given })).toMatchObject([{ ok: { niceClasses: expected } }]);
});

test.each(['Trademark', 'TRADE MARK', 'trade_mark', 'EUTM', 'Word mark', '商标'])('type %s is a trade mark', async (type) => {
  expect(await read({ right_type: type })).toMatchObject([{ ok: { rightType: 'trademark' } }]);
});

test.each<[object, string]>([
  [{ jurisdiction: 'WO' }, 'jurisdiction: "WO": an international registration is in force where it is designated'],
  [{ jurisdiction: 'XX' }, 'jurisdiction: "XX": is no country'],
  [{ jurisdiction: 'DX' }, 'jurisdiction: "DX": is no country'],
  [{ status: 'Sleeping' }, 'status: "Sleeping": is no known state'],
  [{ right_type: 'design' }, 'right_type: "design": is a type of right that no detector reads'],
  [{ nice_classes: '25;99' }, 'nice_classes: "25;99": has 99'],
  [{ nice_classes: 'A' }, 'nice_classes: "A": has A'],
])('%j is kept, with a warning by its line', async (given, message) => {
  expect(await read({}, given)).toMatchObject([
    { line: 1, ok: { right: 'R' } },
    { line: 2, warning: { code: 'left-out', message: expect.stringContaining(message), cure: expect.any(String) } },
    { line: 2, ok: { right: 'R' } },
  ]);
});

test('a class that is none does not make the right one for all goods', async () => {
  expect(await read({ nice_classes: '99' })).toMatchObject([{ warning: {} }, { ok: { niceClasses: ['99'] } }]);
});

test('neither jurisdiction nor an office that names one', async () => {
  expect(await read({ jurisdiction: '', office: 'INPI' })).toMatchObject([
    { error: { message: expect.stringContaining('jurisdiction: is missing') } },
  ]);
  expect(await read({ jurisdiction: 'Atlantis' })).toMatchObject([{ error: { message: expect.stringContaining('jurisdiction: is no code') } }]);
});
