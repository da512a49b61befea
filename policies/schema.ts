import { z } from 'zod';
import { isHours } from '../calendars/resolve-duration.ts';
import { Capacity } from '../domain/aggregate.ts';
import { DurationUnit } from '../domain/instant.ts';
import { POLICY_SCHEMA } from '../domain/policy/growth.ts';
import { Measure, SilenceEffect } from '../domain/policy/policy.ts';
import { detectionSchema } from './detection-schema.ts';
import { sourced } from './sourced.ts';

const WHOLE_UNITS: readonly string[] = [DurationUnit.calendarDays, DurationUnit.businessDays, DurationUnit.workingDays];

/** `{ n: 3, unit: working-days }`: positive, whole when counted in days. */
const duration = z
  .strictObject({
    n: z.number({ error: 'n is a number' }).positive('a duration is longer than nothing').max(100_000),
    unit: z.enum(DurationUnit, { error: `unit is one of ${Object.values(DurationUnit).join(', ')}` }),
  })
  .refine(({ n, unit }) => Number.isInteger(n) || !WHOLE_UNITS.includes(unit), 'days are counted whole');

/** Retries are machine patience: minutes or hours, never a calendar. */
const retries = z.array(duration.refine(({ unit }) => unit === 'minutes' || unit === 'hours', 'a retry waits minutes or hours')).min(1);

const plainDays = duration.refine(({ unit }) => unit === 'calendar-days', 'count this in calendar-days');

const hours = z.string().refine(isHours, 'hours are written 09:00-18:00, the opening hour first');

const calendar = z.strictObject({ country: z.string().min(1), zone: z.string().min(1), hours: hours.optional() });

const effect = z.strictObject({ acts: sourced(z.boolean()), points: sourced(z.int().min(0)) });
const verdictKind = z.enum(['counterfeit', 'genuine', 'unauthorised', 'other-infringement', 'not-ours', 'cannot-tell']);

const confirmation = z.strictObject({
  remindAfter: sourced(z.array(duration)),
  escalateAfter: sourced(duration),
  lapseAfter: sourced(duration),
  onSilence: z.strictObject({ standard: sourced(z.enum(SilenceEffect)), high: sourced(z.enum(SilenceEffect)) }),
  cannotTellWindow: sourced(duration),
  /** Of schemas 1 and 2. */
  extensionAtMost: sourced(duration).optional(),
  extensions: z.partialRecord(z.enum(Capacity, 'an extension is for one of the capacities'), sourced(duration)),
  rearmsAfterBounce: sourced(z.int().min(0)),
  digestEveryMinutes: sourced(z.int().min(1)),
  defaultHours: sourced(hours),
});

const ledger = z.strictObject({
  countsAfter: sourced(duration),
  calendar: sourced(calendar),
  expiresAfter: sourced(plainDays),
  expiryCalendar: sourced(calendar),
  steps: sourced(z.array(z.strictObject({ points: z.int().min(1), measure: z.enum(Measure) })).min(1)),
});

const measure = z.strictObject({ needsApproval: sourced(z.boolean()), lasts: sourced(plainDays).optional() });

const sanctions = z.strictObject({
  measures: z.strictObject({ 'severe-warning': measure, restrict: measure, freeze: measure, 'close-shop': measure }),
  retryAfter: sourced(retries),
  remindOfficerAfter: sourced(plainDays),
});

const money = z.strictObject({ amount: z.int().positive(), currency: z.string().regex(/^[A-Z]{3}$/, 'a currency is an ISO 4217 code') });

const profile = z.strictObject({ cases: sourced(z.int().min(1)), value: sourced(money).optional(), legalBasis: sourced(z.string().min(1)) });

const referrals = z.strictObject({
  profiles: z.record(z.string().regex(/^[a-z][a-z0-9-]*$/), profile),
  appraisalWithin: sourced(plainDays),
  remindBrandAfter: sourced(plainDays),
  remindApproverAfter: sourced(plainDays),
  remindReceiptAfter: sourced(plainDays),
  remindOutcomeAfter: sourced(plainDays),
  supplementsNeedApproval: sourced(z.boolean()),
  retryAfter: sourced(retries),
});

/**
 * The shape of a policy document of the newest schema; an older one has it once its defaults are in (`domain/policy/growth.ts`).
 * What one value says about another is in `checks.ts`.
 */
export const policySchema = z.strictObject({
  schema: z.int('a schema is a whole number').min(1).max(POLICY_SCHEMA, `this version reads schemas 1 to ${POLICY_SCHEMA}`),
  name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'a name has lower-case letters, digits and hyphens'),
  version: z.int().min(1),
  counting: sourced(z.string().min(1)),
  confirmation,
  provisionalRemoval: z.strictObject({ lasts: sourced(duration) }),
  riskClasses: z.strictObject({
    high: z.strictObject({
      niceClasses: sourced(z.array(z.string().regex(/^\d{3}$/, 'a Nice class is written with three digits'))),
      categoryWords: sourced(z.array(z.string().min(1))),
    }),
  }),
  verdicts: z.strictObject({
    counterfeit: effect,
    genuine: effect,
    unauthorised: effect,
    'other-infringement': effect,
    'not-ours': effect,
    'cannot-tell': effect,
  }),
  reasonCodes: z.record(z.string().regex(/^[a-z][a-z-]*$/), sourced(z.array(verdictKind).min(1))),
  corrections: z.strictObject({ window: sourced(duration) }),
  takedown: z.strictObject({ retryAfter: sourced(retries) }),
  putBack: z.strictObject({ retryAfter: sourced(retries) }),
  capture: z.strictObject({ retryAfter: sourced(retries) }),
  ledger,
  sanctions,
  referrals,
  appeals: z.strictObject({
    counterStatementRounds: sourced(z.int().min(1)),
    counterStatementRemindOfficerAfter: sourced(duration),
    lateVerdictOfferLasts: sourced(duration),
    contestWindow: sourced(plainDays),
  }),
  rights: z.strictObject({ freshness: sourced(plainDays) }),
  detection: detectionSchema,
});
