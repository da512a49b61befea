import { expect, test } from 'vitest';
import { parseImport } from '../../store/register/imports/parse.ts';
import type { ImportItem } from '../../store/register/imports/problems.ts';
import type { ImportRow } from '../../store/register/imports/schemas.ts';

async function read(line: object): Promise<ImportItem<ImportRow['listings']>[]> {
  const items: ImportItem<ImportRow['listings']>[] = [];
  async function* source(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(JSON.stringify({ listing_id: 'wish:1', market: 'FR', title: 'A shoe', ...line }));
  }
  for await (const item of parseImport('listings', source())) items.push(item);
  return items;
}

const prices: [price: unknown, currency: unknown, amount: number | 'wrong' | 'none'][] = [
  [64.0, 'EUR', 6400],
  ['64.0', 'EUR', 6400],
  ['R$ 64,00', undefined, 6400],
  ['1,299.00', 'USD', 129900],
  ['1.299,00', 'EUR', 129900],
  ['1 299,00 €', undefined, 129900],
  ['1,299', 'USD', 129900],
  ['1,29,900', 'INR', 12990000],
  ['₹1,29,900.50', undefined, 12990050],
  ['0,5', 'EUR', 50],
  [19.99, 'GBP', 1999],
  [1.005, 'EUR', 101],
  ['1500', 'JPY', 1500],
  [0, 'EUR', 0],
  ['', 'EUR', 'none'],
  [null, undefined, 'none'],
  ['$ 5', undefined, 'wrong'],
  ['free', 'EUR', 'wrong'],
  [-1, 'EUR', 'wrong'],
  ['-1,00', 'EUR', 'wrong'],
  ['1,2,3', 'EUR', 'wrong'],
  ["1'299.00", 'CHF', 129900],
  ['CHF 1’299.–', undefined, 129900],
  ['1 299', 'EUR', 129900],
  ['10 20', 'EUR', 'wrong'],
  ['19.99 - 29.99', 'EUR', 'wrong'],
  ['19.99–29.99', 'EUR', 'wrong'],
  ['19,-', 'EUR', 1900],
  ['١٬٢٩٩٫٥٠', 'AED', 129950],
  ['۱۲۹۹', 'IRR', 129900],
  ['१,२९,९००', 'INR', 12990000],
  ['１２９９円', undefined, 1299],
  ['RMB 1,200.00', undefined, 120000],
  ['1200', 'RMB', 120000],
  ['1200', 'rmb', 120000],
  ['¥1,200', 'CNY', 120000],
  ['¥1,200', 'JPY', 1200],
  ['¥1,200', undefined, 'wrong'],
  ['Rs. 500', 'PKR', 50000],
  ['12.500', 'KWD', 12500],
  ['12.500', 'IQD', 12500],
  ['1234', 'ISK', 1234],
  ['1500', 'CLF', 15000000],
  ['3万', 'CNY', 'wrong'],
  ['1.2k', 'USD', 'wrong'],
  ['from 19.99', 'USD', 'wrong'],
  ['€ 5', 'USD', 'wrong'],
  [5, 'XYZ', 'wrong'],
  [5, 'XXX', 'wrong'],
  [{ value: 5 }, 'EUR', 'wrong'],
  [true, 'EUR', 'wrong'],
  ['5\u0000', 'EUR', 'wrong'],
  [5, 7, 'wrong'],
  [1e300, 'EUR', 'wrong'],
];
test.each(prices)('price %j %j', async (price, currency, amount) => {
  const [item] = await read({ price, currency });
  if (amount === 'wrong') {
    // A price that cannot be read is told and never drops the listing.
    const told = await read({ price, currency });
    expect(told).toMatchObject([
      { line: 1, warning: { message: expect.stringContaining('price: ') } },
      { line: 1, ok: { listing: 'wish:1' } },
    ]);
    expect(told[1]).not.toHaveProperty('ok.price');
  } else if (amount === 'none') expect(item).toMatchObject({ ok: { images: [] } });
  else expect(item).toMatchObject({ ok: { price: { amount } } });
});
