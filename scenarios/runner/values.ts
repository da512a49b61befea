import { z } from 'zod';
import { isAggregateId } from '../../domain/ids.ts';

const MS: Readonly<Record<string, number>> = { second: 1_000, minute: 60_000, hour: 3_600_000, day: 86_400_000, week: 604_800_000 };
const PART = /^(\d+(?:\.\d+)?) ?(second|minute|hour|day|week)s?(?:,? (?:and )?|$)/;
const ELAPSED = 'is no elapsed time: write for example "90 minutes", "3 hours" or "2 days"; for working time write the instant with "at"';

/** Milliseconds of an elapsed time in words (`1 hour 30 minutes`); undefined when it is none. */
export function elapsedMs(text: string): number | undefined {
  let rest = text.trim();
  let total = 0;
  if (rest === '') return undefined;
  while (rest !== '') {
    const part = PART.exec(rest);
    if (part === null) return undefined;
    total += Number(part[1]) * (MS[part[2] ?? ''] ?? 0);
    rest = rest.slice(part[0].length);
  }
  return Math.round(total);
}

/** Elapsed time between two steps: no calendar has a say in it. A day has 24 hours. */
export const elapsed = z
  .union([z.string(), z.strictObject({ n: z.number().min(0), unit: z.string() })], { error: ELAPSED })
  .transform((value, context) => {
    const ms = elapsedMs(typeof value === 'string' ? value : `${value.n} ${value.unit}`);
    if (ms === undefined) context.addIssue({ code: 'custom', message: ELAPSED });
    return ms ?? 0;
  });

/** Stories play between these years: calendars know few others, and instants are compared as texts. */
const YEARS = /^20\d\d-/;
const INSTANT = 'is not a valid instant: write 2025-10-13T09:00:00Z, or an offset such as +02:00 in place of Z';

/** An exact instant, with a zone; seconds may be left out. */
export const exactInstant = z.string().transform((text, context) => {
  const ms = /^20\d\d-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
  const iso = Number.isNaN(ms) ? '' : new Date(ms).toISOString();
  if (!YEARS.test(iso)) context.addIssue({ code: 'custom', message: INSTANT });
  return iso;
});

const PREFIX = 'is not a valid instant or the beginning of one: write 2025-10-13T09:00 (UTC), 2025-10-13, or 2025-10-13T11:00+02:00';
const PREFIX_FORM = /^(20\d\d-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)?)(Z|[+-]\d\d:\d\d)?$/;

/** The beginning of a UTC instant: `2025-10-13T09:00` is any instant of that minute. With an offset it is turned into UTC. */
export function instantPrefix(text: string): string | undefined {
  const [, local, zone] = PREFIX_FORM.exec(text) ?? [];
  if (local === undefined || Number.isNaN(Date.parse(local))) return undefined;
  if (zone === undefined || zone === 'Z') return local;
  if (!local.includes('T')) return undefined;
  return new Date(Date.parse(`${local}${zone}`)).toISOString().slice(0, local.length);
}

/** An instant as an expectation: as exact as it is written. */
export const expectedInstant = z.string({ error: PREFIX }).transform((text, context) => {
  const prefix = instantPrefix(text);
  if (prefix === undefined) context.addIssue({ code: 'custom', message: PREFIX });
  return prefix ?? '';
});

/** An instant, or that there is none. */
export const expectedInstantOrNone = z.union([z.literal('none'), expectedInstant], { error: `${PREFIX}; or "none"` });

/** An id, or a number that stands for one. */
export const name = z.string().min(1).max(300);

/** Whether a reference is an id of the log rather than a name that a step gives with `as`. */
export function isLiteralId(reference: string): boolean {
  return isAggregateId(reference) || /^[a-z]+:/.test(reference);
}

/** A case by the name that a step gave it, by its id, or by listing and holder (the newest open one, else the newest). */
export const caseReference = z.union([name, z.strictObject({ listing: name, holder: name.optional() })], {
  error: 'is no case: write the name that a step gave it with "as", or { listing: ..., holder: ... }',
});
export type CaseReference = z.output<typeof caseReference>;

/** An appeal by the name that a step gave it, by its id, or by its case, kind and number (from 1, in order of opening). */
export const appealReference = z.union(
  [
    name,
    z.strictObject({
      case: caseReference,
      kind: z.enum(['correction', 'counter-notice', 'late-verdict', 'seller-known', 'calendar-known']).optional(),
      number: z.int().min(1).optional(),
    }),
  ],
  {
    error:
      'is no appeal: write the name that a step gave it with "as", or { case: ..., kind: correction | counter-notice | late-verdict | seller-known | calendar-known }',
  },
);
export type AppealReference = z.output<typeof appealReference>;

/** A sanction by its id, or by its seller: the newest open one, else the newest; `step` and `number` (from 1, in order of opening) choose others. */
export const sanctionReference = z.union(
  [name, z.strictObject({ seller: name, step: z.int().min(1).optional(), number: z.int().min(1).optional() })],
  {
    error: 'is no sanction: write { seller: ..., step: 48 }',
  },
);
export type SanctionReference = z.output<typeof sanctionReference>;

/** A referral by the name that a step gave it, by its id, or by a seller of its actor (the newest open one, else the newest). */
export const referralReference = z.union([name, z.strictObject({ seller: name, recipient: name.optional(), number: z.int().min(1).optional() })], {
  error: 'is no referral: write the name that a step gave it with "as", or { seller: ..., recipient: ... }',
});
export type ReferralReference = z.output<typeof referralReference>;
