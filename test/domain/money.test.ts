import currencies from 'currency-codes';
import { expect, it } from 'vitest';
import { CURRENCIES } from '../../domain/currencies.ts';
import { isCurrency, minorDigits, moneyWords, readMoney } from '../../domain/money.ts';
import { currencyGroups } from '../../scripts/write-currencies.ts';

it('the list of currencies is what its library says', () => {
  expect(CURRENCIES).toEqual(currencyGroups());
});

it('every currency of the library has its minor units; metals, tests and unknown codes are none', () => {
  for (const { code, digits } of currencies.data) if (isCurrency(code)) expect(minorDigits(code), code).toBe(digits);
  expect(['BIF', 'RWF', 'XPF', 'VUV', 'IQD', 'LYD', 'CLF', 'EUR', 'XCG'].map((code) => [code, isCurrency(code), minorDigits(code)])).toEqual([
    ['BIF', true, 0],
    ['RWF', true, 0],
    ['XPF', true, 0],
    ['VUV', true, 0],
    ['IQD', true, 3],
    ['LYD', true, 3],
    ['CLF', true, 4],
    ['EUR', true, 2],
    ['XCG', true, 2],
  ]);
  expect(['XXX', 'XTS', 'XAU', 'ABC', 'RMB', '', 'eur'].filter(isCurrency)).toEqual([]);
});

it('an amount is said with as many decimals as its currency has', () => {
  expect(moneyWords({ amount: 1500, currency: 'RWF' })).toBe('1500 RWF');
  expect(moneyWords({ amount: 1500, currency: 'LYD' })).toBe('1.500 LYD');
});

it('an amount with a code that nobody knows is none', () => {
  expect(readMoney('RMB 1,200.00')).toEqual({ amount: 120000, currency: 'CNY' });
  expect(readMoney('1.200,00 EUR')).toEqual({ amount: 120000, currency: 'EUR' });
  expect(readMoney('ABC 5')).toBeUndefined();
});
