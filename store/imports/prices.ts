import type { Money } from '../../domain/money.ts';
import { minorDigits, parseMoney } from '../../domain/money.ts';

/** Says that a price is there and cannot be read. */
export const noMoney = Symbol('no money');

/** Signs that mean one currency; a lone `$` means too many to guess. */
const SIGNS: readonly (readonly [RegExp, string])[] = [
  [/R\$/, 'BRL'],
  [/US\$|USD/, 'USD'],
  [/€|EUR/, 'EUR'],
  [/£|GBP/, 'GBP'],
  [/₹|\bRs\b|INR/, 'INR'],
];

/**
 * A feed's price as integer minor units: a JSON number, or a text in any of the feeds' conventions (`domain/money.ts`).
 * The currency is the field's, else the text's own sign. `undefined` when there is no price.
 */
export function moneyOf(price: number | string | undefined, currency: string | undefined): Money | undefined | typeof noMoney {
  if (price === undefined || price === '') return undefined;
  const known = currency?.toUpperCase() ?? signOf(price);
  if (known === undefined || !/^[A-Z]{3}$/.test(known)) return noMoney;
  if (typeof price === 'string') return parseMoney(price, known) ?? noMoney;
  const factor = 10 ** minorDigits(known);
  // toFixed first: 1.005 * 100 is 100.49999999999999.
  const amount = Math.round(Number((price * factor).toFixed(3)));
  return Number.isSafeInteger(amount) && amount >= 0 ? { amount, currency: known } : noMoney;
}

function signOf(price: number | string): string | undefined {
  return SIGNS.find(([sign]) => sign.test(String(price)))?.[1];
}
