import { writeFileSync } from 'node:fs';
import currencies from 'currency-codes';

/** Amended after the library's list: the Caribbean guilder (ISO 4217, amendment 176). */
const NEWER: readonly { readonly code: string; readonly digits: number }[] = [{ code: 'XCG', digits: 2 }];

/** Neither money nor a price: metals, units of account, testing and none. */
const NO_MONEY = /^X(A[GU]|B[ABCD]|DR|P[DT]|SU|TS|UA|XX)$/;

/** The currencies by decimal digits of their minor unit, from the library. A test compares them with `domain/currencies.ts`. */
export function currencyGroups(): [digits: number, codes: string][] {
  const known = [...currencies.data, ...NEWER].filter(({ code }) => !NO_MONEY.test(code));
  return [...Map.groupBy(known, ({ digits }) => digits)]
    .sort(([a], [b]) => a - b)
    .map(([digits, of]) => [
      digits,
      of
        .map(({ code }) => code)
        .sort()
        .join(' '),
    ]);
}

/** The module of the currencies that rules may read: the rules bundle takes no package in, so the library's list is written into it. */
function currenciesModule(): string {
  return `/** ISO 4217 by decimal digits of the minor unit, as of ${currencies.publishDate}. Written by \`scripts/write-currencies.ts\` from its library. */
export const CURRENCIES: readonly (readonly [digits: number, codes: string])[] = ${JSON.stringify(currencyGroups())};
`;
}

if (import.meta.main) writeFileSync(new URL('../domain/currencies.ts', import.meta.url), currenciesModule());
