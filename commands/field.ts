import { z } from 'zod';
import { VerdictBasis } from '../domain/case/model.ts';
import { DurationUnit, readDuration } from '../domain/instant.ts';
import { isCurrency, minorDigits, moneyWords, readMoney } from '../domain/money.ts';
import { readGoods } from '../domain/referral/totals.ts';

/** Kinds of ids that a field can name. The entry points check that the sender reaches what is named. */
export type NamedKind = 'case' | 'organisation' | 'seller' | 'recipient';

/** How a form asks for a value. */
export type Control =
  | { readonly kind: 'text' | 'line' | 'number' }
  /** `family`: under which key the languages name the values. A preset choice starts on its first value. */
  | { readonly kind: 'choice'; readonly family: string; readonly values: readonly string[]; readonly isPreset?: true }
  /** A value with parts. `many`: the value is a list, and the form asks for one entry of it. */
  | { readonly kind: 'parts'; readonly parts: Readonly<Record<string, Control>>; readonly many?: true }
  | { readonly kind: 'none' };

/** One field of a command's body. */
export interface Field<S extends z.ZodType = z.ZodType> {
  /** The value as JSON carries it; its description says what it is. */
  readonly schema: S;
  readonly control: Control;
  /** A valid value, for tests and to ask the rules what they would say. */
  readonly sample: unknown;
  /** Salted on its way in: the log keeps a digest, and the value apart from it. */
  readonly personal?: true;
  readonly names?: NamedKind;
  /** The value, or each value in it, is the digest of a file in the vault; on a command line it is the file. */
  readonly isFile?: true;
  /** Each of its values is a button of its own, not a question in the form. */
  readonly isButton?: true;
  readonly shape?: 'list' | 'pairs';
  /** What people write on a command line or in a story, read into the value as JSON carries it; absent: the same. */
  readonly written?: z.ZodType;
  /** What the log keeps of a valid value; absent: the value. */
  readonly kept?: (value: never) => unknown;
  /** Its name in the log, where that is another. */
  readonly as?: string;
}

export type Fields = Readonly<Record<string, Field>>;

const LONGEST_TEXT = 4_000;
const BAD_CHARACTERS = 'contains characters that no text has';
const isText = (text: string) => !text.includes('\u0000') && text.isWellFormed();
const ofLength = (most: number) => z.string().trim().min(1, 'is empty').max(most, `is longer than ${most} characters`).refine(isText, BAD_CHARACTERS);

/** Free text of up to 4,000 characters. */
export const text = (what: string) => ({ schema: ofLength(LONGEST_TEXT).describe(what), control: { kind: 'text' }, sample: 'A text.' }) as const;

/** A short text: a name, a number, an id. */
export const line = (what: string, most = 256) => ({ schema: ofLength(most).describe(what), control: { kind: 'line' }, sample: 'A-1' }) as const;

/** Letters, digits, dots and hyphens, up to 64. */
export const label = (what: string, noun: string) => {
  const schema = z.string().regex(/^[\w.-]{1,64}$/, `is not a valid ${noun}: use up to 64 letters, digits, dots, hyphens`);
  return { schema: schema.describe(what), control: { kind: 'line' }, sample: 'E-1' } as const;
};

/** One of a closed set. `family`: under which key the languages name its values. */
export const choice = <const V extends Readonly<Record<string, string>>>(what: string, values: V, family: string) => {
  const known = Object.values(values);
  const schema = z.enum(values, { error: `is not one of ${known.join(', ')}` }).describe(what);
  return { schema, control: { kind: 'choice', family, values: known }, sample: known[0] } as const;
};

/** What a verdict rests on. */
export const basis = choice('What the verdict rests on', VerdictBasis, 'basis');

/** A whole number from 1 on. */
export const number = (what: string, most: number) => {
  const schema = z.int('is not a whole number').min(1, 'is not a whole number of 1 or more').max(most, `is more than ${most}`).describe(what);
  const digits = z
    .string()
    .regex(/^[1-9]\d{0,8}$/, 'is not a whole number of 1 or more')
    .transform(Number);
  return {
    schema,
    control: { kind: 'number' },
    sample: 1,
    written: z.union([schema, digits], { error: 'is not a whole number of 1 or more' }),
  } as const;
};

/** A length of time as a policy states it. By hand: `8 working-hours`. */
export const duration = (what: string) => {
  const schema = z.strictObject({ n: z.int().min(1).max(1_000), unit: z.enum(DurationUnit) }).describe(what);
  const wrong = `is not a valid duration: write a number and one of ${Object.values(DurationUnit).join(', ')}`;
  const offered = [DurationUnit.workingHours, DurationUnit.hours, DurationUnit.workingDays, DurationUnit.calendarDays];
  const parts = { n: { kind: 'number' }, unit: { kind: 'choice', family: 'unit', isPreset: true, values: offered } } as const;
  const written = z.union([schema, byHand(readDuration, wrong)], { error: wrong });
  return { schema, control: { kind: 'parts', parts }, sample: { n: 8, unit: DurationUnit.workingHours }, written } as const;
};

const moneySchema = z
  .strictObject({
    amount: z.string().regex(/^\d{1,12}(\.\d{1,3})?$/, 'is not a valid amount, for example 39.90'),
    currency: z.string().trim().toUpperCase().refine(isCurrency, 'is not an ISO 4217 currency code, for example EUR'),
  })
  .refine(({ amount, currency }) => (amount.split('.')[1] ?? '').length <= minorDigits(currency), 'has more decimals than the currency');
type WrittenMoney = z.output<typeof moneySchema>;

const MONEY_CONTROLS = { amount: { kind: 'line' }, currency: { kind: 'line' } } as const;
const NO_MONEY = 'is not a valid amount of money: write for example "CNY 1,200.00"';

/** `39.90` and `EUR` as the log keeps it: in the smallest unit. */
function minorMoney({ amount, currency }: WrittenMoney) {
  const [whole = '', cents = ''] = amount.split('.');
  return { amount: Number(`${whole}${cents.padEnd(minorDigits(currency), '0')}`), currency };
}

function moneyOf(words: string): WrittenMoney | undefined {
  const read = readMoney(words);
  const [amount = '', currency = ''] = read === undefined ? [] : moneyWords(read).split(' ');
  return read === undefined ? undefined : { amount, currency };
}

const writtenMoney = z.union([moneySchema, byHand(moneyOf, NO_MONEY)], { error: NO_MONEY });

/** An amount of money. By hand: `CNY 1,200.00`. */
export const money = (what: string) =>
  ({
    schema: moneySchema.describe(what),
    control: { kind: 'parts', parts: MONEY_CONTROLS },
    sample: { amount: '1200.00', currency: 'CNY' },
    written: writtenMoney,
    kept: minorMoney,
  }) as const;

const goodsSchema = z.strictObject({ what: ofLength(100), quantity: z.int().min(0).max(999_999_999) });
const NO_GOODS = 'is not a valid quantity: write for example "125 watches"';

/** Kinds of goods with their quantities. By hand: `125 watches`. */
export const goods = (what: string) =>
  ({
    schema: z.array(goodsSchema).max(100).default([]).describe(what),
    control: { kind: 'parts', parts: { what: { kind: 'line' }, quantity: { kind: 'number' } }, many: true },
    sample: [],
    shape: 'list',
    written: z.array(z.union([goodsSchema, byHand(readGoods, NO_GOODS)], { error: NO_GOODS })).optional(),
  }) as const;

const sourced = z.strictObject({ value: moneySchema, source: ofLength(256) });
const NO_VALUE = 'is not a valid amount with its source: write for example "CNY 2,000,000=press release"';

/** Amounts of money, each with where it was said. By hand: `CNY 2,000,000=press release`. */
export const sourcedValues = (what: string) =>
  ({
    schema: z.array(sourced).max(100).default([]).describe(what),
    control: { kind: 'parts', parts: { value: { kind: 'parts', parts: MONEY_CONTROLS }, source: { kind: 'line' } }, many: true },
    sample: [],
    shape: 'list',
    written: z
      .array(z.union([z.strictObject({ value: writtenMoney, source: ofLength(256) }), byHand(sourcedOf, NO_VALUE)], { error: NO_VALUE }))
      .optional(),
    kept: (values: readonly z.output<typeof sourced>[]) => values.map(({ value, source }) => ({ value: minorMoney(value), source })),
  }) as const;

function sourcedOf(words: string): z.output<typeof sourced> | undefined {
  const at = words.indexOf('=');
  const value = moneyOf(words.slice(0, at));
  return at < 1 || value === undefined || at === words.length - 1 ? undefined : { value, source: words.slice(at + 1) };
}

const digest = () => z.string().regex(/^sha256:[0-9a-f]{64}$/, 'is not a valid vault digest');
const SOME_DIGEST = `sha256:${'0'.repeat(64)}`;

/** The digest of something in the vault that nobody sends: it is there already. */
export const vaultDigest = (what: string) => ({ schema: digest().describe(what), control: { kind: 'none' }, sample: SOME_DIGEST }) as const;

/** A file, sent to `/api/documents` before; by hand its path. */
export const file = (what: string) =>
  ({ schema: digest().describe(what), control: { kind: 'none' }, sample: SOME_DIGEST, isFile: true, written: z.string().min(1) }) as const;

/** Files, sent to `/api/documents` before; by hand their paths. */
export const files = (what: string) =>
  ({
    schema: z.array(digest()).max(100).default([]).describe(what),
    control: { kind: 'none' },
    sample: [],
    shape: 'list',
    isFile: true,
    written: z.array(z.string().min(1)).optional(),
  }) as const;

/** A field that may be left out. */
export function optional<F extends Field>(field: F): Omit<F, 'schema'> & { readonly schema: z.ZodOptional<F['schema']> } {
  // The generic type of the inner schema is lost in the call.
  return { ...field, schema: field.schema.optional() as z.ZodOptional<F['schema']>, ...(field.written && { written: field.written.optional() }) };
}

/** A field that is salted on its way in. */
export const personal = <F extends Field>(field: F) => ({ ...field, personal: true }) as const;

/** A text that people write, read into a value; undefined from `read` is the problem `wrong`. */
function byHand<T>(read: (words: string) => T | undefined, wrong: string): z.ZodType<T, string> {
  return z.string().transform((words, context): T => {
    const value = read(words);
    if (value === undefined) {
      context.addIssue({ code: 'custom', message: wrong });
      return z.NEVER;
    }
    return value;
  });
}
