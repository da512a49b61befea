import { CURRENCIES } from './currencies.ts';

/** An amount in integer minor units (cents, paise, whole yen) of an ISO 4217 currency. */
export interface Money {
  readonly amount: number;
  readonly currency: string;
}

const DIGITS: ReadonlyMap<string, number> = new Map(CURRENCIES.flatMap(([digits, codes]) => codes.split(' ').map((code) => [code, digits] as const)));

/** Whether the code is one of ISO 4217. */
export function isCurrency(code: string): boolean {
  return DIGITS.has(code);
}

/** How many decimal digits the currency's minor unit has (ISO 4217); 2 for a code that the standard does not know. */
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
 * Reads an amount written in any of the conventions of the feeds (`64.0`, `1,299.00`, `1.299,00`, `1 299,00`, `1'299.00`, in the digits of
 * any script) as money. The last separator is the decimal one unless three digits follow it and it could group thousands; a lone
 * separator before three digits groups (`1,299`), because no currency here but the three-digit ones has such cents. Blanks and
 * apostrophes only ever group. `undefined` for what is no single amount, negative, or beyond exact integers.
 */
export function parseMoney(text: string, currency: string): Money | undefined {
  const compact = withAsciiDigits(text.trim()).replace(/^\p{Sc}\s*|\s*\p{Sc}$/gu, '');
  if (!/^\+?\d[\d.,\s'\u2019\u066c]*$/.test(compact)) return undefined;
  const digits = minorDigits(currency);
  const parts = ungrouped(compact.replace('+', ''), digits);
  if (parts === undefined) return undefined;
  const [whole, fraction] = parts;
  // Rounding by text: 19.995 has no exact binary form, and a feed's third decimal is noise, not money.
  const kept = fraction.slice(0, digits).padEnd(digits, '0');
  const amount = Number(`${whole}${kept}`) + (Number(fraction[digits] ?? '0') >= 5 ? 1 : 0);
  return Number.isSafeInteger(amount) ? { amount, currency } : undefined;
}

/** Digits of all scripts as 0 to 9 (they stand in the code table in tens, from zero on), the Arabic decimal separator as a point. */
function withAsciiDigits(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/\u066b/g, '.')
    .replace(/(?![0-9])\p{Nd}/gu, (digit) => String(digitValue(digit.codePointAt(0) ?? 0)));
}

function digitValue(code: number): number {
  let before = 0;
  while (/\p{Nd}/u.test(String.fromCodePoint(code - before - 1))) before += 1;
  return before % 10;
}

/** Blanks and apostrophes group thousands of the whole part, and nothing else. */
function ungrouped(text: string, digits: number): readonly [string, string] | undefined {
  const even = text.replace(/[\s\u2019\u066c]/g, "'");
  if (!even.includes("'")) return splitAmount(even, digits);
  const [, whole = '', rest = ''] = /^([\d']+)([.,]\d*)?$/.exec(even) ?? [];
  return isGrouped(whole, "'") ? [whole.replaceAll("'", ''), rest.slice(1)] : undefined;
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
  if (onlyOneKind && (before.includes(decimal) || (after.length === 3 && digits < 3 && before !== '0'))) {
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
  const currency = code.toUpperCase() === 'RMB' ? 'CNY' : code.toUpperCase();
  return isCurrency(currency) ? parseMoney(amount, currency) : undefined;
}
