import { z } from 'zod';

/** Exporters write ids and names of digits as numbers. A safe integer is read as its text; of others digits are lost already. */
const asText = (value: unknown, context: z.RefinementCtx): unknown => {
  if (typeof value !== 'number') return value;
  if (Number.isSafeInteger(value)) return String(value);
  context.addIssue({ code: 'custom', message: 'is a number that has lost digits or is none of a text; write it in quotes' });
  return z.NEVER;
};
/** PostgreSQL text holds no NUL, and no honest text has one. */
export const plain = z
  .string()
  .trim()
  .refine((value) => !value.includes('\u0000'), 'contains a NUL character; remove it')
  .refine((value) => value.isWellFormed(), 'contains half a character; save the file as UTF-8');
export const text = z.preprocess(asText, plain);
export const required = text.pipe(z.string().min(1, 'must not be empty'));
/** As long as the column it goes into. */
export const upTo = (n: number) => required.pipe(z.string().max(n, `is longer than ${n} characters`));
export const id = upTo(256);
/** Empty and null mean absent, in CSV and JSON alike. */
export const optional = z.preprocess((value) => (value === '' || value === null ? undefined : value), text.optional());
export const market = plain
  .pipe(z.string().min(1, 'must not be empty'))
  .pipe(z.string().regex(/^(EU-)?[A-Za-z]{2}$/, 'is no ISO 3166 code such as BR or EU-FR'))
  .transform((code) => code.toUpperCase());
/** A JSON array, or one text separated by semicolons. */
export const list = z.preprocess(
  (value) => (typeof value === 'string' ? value.split(';') : typeof value === 'number' ? [value] : (value ?? [])),
  z.array(text).transform((items) => items.filter((item) => item !== '')),
);
