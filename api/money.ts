import { type Money, minorDigits } from '../domain/money.ts';

/** `39.90` and `EUR` from minor units: how every view of the API shows an amount. */
export function moneyOut({ amount, currency }: Money): { amount: string; currency: string } {
  const digits = minorDigits(currency);
  return { amount: (amount / 10 ** digits).toFixed(digits), currency };
}
