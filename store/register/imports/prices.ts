import type { Money } from '../../../domain/money.ts';
import { isCurrency, minorDigits, parseMoney } from '../../../domain/money.ts';

/** What of a row could not be read although the row is taken; `field` is the file's name for it. */
export interface Doubt {
  readonly field: string;
  readonly message: string;
  readonly cure: string;
}

/** A price as far as it can be read, and why it cannot. */
export type Price = { readonly money?: Money } | { readonly unread: string };

/** Signs and words with the currencies they stand for; the first is meant where none is stated. */
const SIGNS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    R$: 'BRL',
    US$: 'USD',
    A$: 'AUD',
    AU$: 'AUD',
    C$: 'CAD',
    CA$: 'CAD',
    HK$: 'HKD',
    NT$: 'TWD',
    NZ$: 'NZD',
    MX$: 'MXN',
    '€': 'EUR',
    EURO: 'EUR',
    '£': 'GBP EGP GIP FKP SHP SYP LBP SSP SDG',
    '₹': 'INR',
    RS: 'INR PKR LKR NPR MUR SCR',
    RMB: 'CNY',
    人民币: 'CNY',
    円: 'JPY',
    '₩': 'KRW KPW',
    '₫': 'VND',
    '₺': 'TRY',
    TL: 'TRY',
    '₽': 'RUB',
    '₴': 'UAH',
    '₪': 'ILS',
    '฿': 'THB',
    '₱': 'PHP',
    '₦': 'NGN',
    ZŁ: 'PLN',
    KČ: 'CZK',
    FT: 'HUF',
    RP: 'IDR',
    RM: 'MYR',
    SFR: 'CHF',
  }).map(([sign, codes]) => [sign, codes.split(' ')] as const),
);

/** Signs of so many currencies that they are read where one is stated, and never guessed. */
const ANY: ReadonlySet<string> = new Set(['$', '¥', '元', 'KR', 'FR', 'R', 'LEI', 'د.إ', 'ر.س', 'د.ك']);

/**
 * A feed's price as integer minor units: a JSON number, or a text in any of the feeds' conventions (`domain/money.ts`). The currency is the
 * field's (a code of ISO 4217, or a sign that means one), else the text's own. What cannot be read says why: a range, another
 * currency than the field's, words beside the amount. Nothing is guessed.
 */
export function priceOf(price: unknown, currency: unknown): Price {
  if (price === undefined || price === null || price === '') return {};
  if (typeof price !== 'number' && typeof price !== 'string') return { unread: 'is neither a number nor a text' };
  const stated = typeof currency === 'string' ? currency.trim() : '';
  const field = stated === '' ? undefined : currenciesOf(stated)?.[0];
  if (stated !== '' && field === undefined) return { unread: `has the currency ${quoted(stated)}, which is no code of ISO 4217` };
  if (typeof price === 'number') return field === undefined ? { unread: 'has no currency' } : ofNumber(price, field);
  return ofText(price, field);
}

function ofNumber(price: number, currency: string): Price {
  // toFixed first: 1.005 * 100 is 100.49999999999999.
  const amount = Math.round(Number((price * 10 ** minorDigits(currency)).toFixed(3)));
  return Number.isSafeInteger(amount) && amount >= 0 ? { money: { amount, currency } } : { unread: 'is negative, or too large to be a price' };
}

/** What stands before and behind the digits; a dash for the cents (`19,-`) is no sign. */
const AROUND = /^(\P{Nd}*?)(\+?\p{Nd}(?:[\p{Nd}.,'’\s\u066b\u066c]*\p{Nd})?)([.,]?\s*[-–—]{0,2}\s*\P{Nd}*)$/u;

function ofText(text: string, field: string | undefined): Price {
  const parts = AROUND.exec(text.trim().normalize('NFKC'));
  if (parts === null) return { unread: `${quoted(text)} is no single amount` };
  const [, before = '', amount = '', behind = ''] = parts;
  const signs = [before, behind.replace(/^[.,]?\s*[-–—]{0,2}/, '')]
    .map((sign) => sign.trim().replace(/^\((.*)\)$/, '$1'))
    .filter((sign) => sign !== '');
  const meant: (readonly string[])[] = field === undefined ? [] : [[field]];
  for (const sign of signs) {
    const codes = currenciesOf(sign);
    if (codes !== undefined) meant.push(codes);
    else if (!ANY.has(folded(sign))) return { unread: `${quoted(text)} has words or signs beside the amount that are not known` };
  }
  const currency = meant[0]?.[0];
  if (currency === undefined) return { unread: `${quoted(text)} has no currency` };
  if (!meant.every((codes) => codes.includes(currency))) return { unread: `${quoted(text)} names another currency than ${currency}` };
  const money = parseMoney(amount, currency);
  return money === undefined ? { unread: `${quoted(text)} is no single amount` } : { money };
}

/** The currencies that a code, a sign or a word stands for. */
function currenciesOf(text: string): readonly string[] | undefined {
  const sign = folded(text);
  return isCurrency(sign) ? [sign] : SIGNS.get(sign);
}

function folded(text: string): string {
  return text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/\s/g, '')
    .replace(/(?<=\p{L})\.$/u, '')
    .replace('￥', '¥');
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}...` : text);
}
