/** An amount in integer minor units (cents, paise, whole yen) of an ISO 4217 currency. */
export interface Money {
  readonly amount: number;
  readonly currency: string;
}

/** Decimal digits of the currencies that do not have two (ISO 4217). */
const DIGITS: ReadonlyMap<string, number> = new Map([
  ['JPY', 0],
  ['KRW', 0],
  ['VND', 0],
  ['CLP', 0],
  ['ISK', 0],
  ['PYG', 0],
  ['UGX', 0],
  ['XAF', 0],
  ['XOF', 0],
  ['BHD', 3],
  ['KWD', 3],
  ['OMR', 3],
  ['JOD', 3],
  ['TND', 3],
]);

/** How many decimal digits the currency's minor unit has. */
export function minorDigits(currency: string): number {
  return DIGITS.get(currency) ?? 2;
}

/** An amount as `39.90 EUR`: the same in every language, with a point. */
export function moneyWords({ amount, currency }: Money): string {
  const digits = minorDigits(currency);
  const text = String(amount).padStart(digits + 1, '0');
  return digits === 0 ? `${text} ${currency}` : `${text.slice(0, -digits)}.${text.slice(-digits)} ${currency}`;
}

/**
 * Reads an amount written in any of the conventions of the feeds (`R$ 64,00`, `64.0`, `1,299.00`, `1.299,00`, `1 299,00`)
 * as money. The last separator is the decimal one unless three digits follow it and it could group thousands; a lone
 * separator before three digits groups (`1,299`), because no currency here but the three-digit ones has such cents.
 * `undefined` for what is no amount, negative, or beyond exact integers.
 */
export function parseMoney(text: string, currency: string): Money | undefined {
  const compact = text.replace(/[\s\u00a0\u202f]/g, '').replace(/^[^\d.,+-]+|[^\d.,]+$/gu, '');
  if (!/^\+?\d[\d.,]*$/.test(compact)) return undefined;
  const digits = minorDigits(currency);
  const parts = splitAmount(compact.replace('+', ''), digits);
  if (parts === undefined) return undefined;
  const [whole, fraction] = parts;
  // Rounding by text: 19.995 has no exact binary form, and a feed's third decimal is noise, not money.
  const kept = fraction.slice(0, digits).padEnd(digits, '0');
  const amount = Number(`${whole}${kept}`) + (Number(fraction[digits] ?? '0') >= 5 ? 1 : 0);
  return Number.isSafeInteger(amount) ? { amount, currency } : undefined;
}

function splitAmount(text: string, digits: number): readonly [string, string] | undefined {
  const comma = text.lastIndexOf(',');
  const dot = text.lastIndexOf('.');
  if (comma < 0 && dot < 0) return [text, ''];
  const last = Math.max(comma, dot);
  const decimal = text[last] ?? '';
  const before = text.slice(0, last);
  const after = text.slice(last + 1);
  const onlyOneKind = comma < 0 || dot < 0;
  if (onlyOneKind && (before.includes(decimal) || (after.length === 3 && digits !== 3 && before !== '0'))) {
    return isGrouped(text, decimal) ? [text.replaceAll(decimal, ''), ''] : undefined;
  }
  const group = decimal === ',' ? '.' : ',';
  if (before.includes(decimal) || !isGrouped(before, group)) return undefined;
  return [before.replaceAll(group, '') || '0', after];
}

/** Thousands in groups of three, or the Indian way (`1,29,900`). */
function isGrouped(text: string, separator: string): boolean {
  if (!text.includes(separator)) return true;
  const [first = '', ...groups] = text.split(separator);
  const last = groups.pop() ?? '';
  return first.length >= 1 && first.length <= 3 && last.length === 3 && groups.every((part) => part.length === 2 || part.length === 3);
}

const CODE_FIRST = /^([A-Za-z]{3})\s*(.+)$/;
const CODE_LAST = /^(.+?)\s*([A-Za-z]{3})$/;

/** Reads an amount with its currency code before or after it (`CNY 1,200.00`, `1.200,00 EUR`). `RMB` is how people write CNY. */
export function readMoney(text: string): Money | undefined {
  const first = CODE_FIRST.exec(text.trim());
  const last = CODE_LAST.exec(text.trim());
  const [code, amount] = first !== null ? [first[1], first[2]] : [last?.[2], last?.[1]];
  if (code === undefined || amount === undefined) return undefined;
  const currency = code.toUpperCase();
  return parseMoney(amount, currency === 'RMB' ? 'CNY' : currency);
}
