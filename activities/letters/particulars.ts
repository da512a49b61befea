import { z } from 'zod';
import { AppealKind, AppealStatus } from '../../domain/appeal/model.ts';
import { Verdict } from '../../domain/case/model.ts';
import { type AggregateId, AggregateKind, kindOf } from '../../domain/ids.ts';
import { instant } from '../../domain/instant.ts';
import type { ReferralLetter } from '../../domain/referral/letters.ts';
import type { SanctionLetter } from '../../domain/sanction/letters.ts';
import type { LetterRow } from '../../store/schema/entities/letters.ts';
import { ListingRow, OrganisationRow } from '../../store/schema/entities/register.ts';
import type { LogContext } from '../../store/log/context.ts';
import type { Manager } from '../../store/connection/orm.ts';
import { audienceOf } from './address.ts';
import { appealAt, caseAt, findingsOf, type Particulars } from './history.ts';
import type { LetterParams, MailKind, Matter, Silence } from '../../notifications/parameters.ts';
import { readReasons } from './reasons.ts';
import { readReferralParams } from './referral-particulars.ts';
import { readSanctionParams } from './sanction-particulars.ts';

const kindSchema = z.enum([
  'ask',
  'reminder',
  'more-asked',
  'listing-edited',
  'escalation',
  'statement-of-reasons',
  'removal-confirmed',
  'restored',
  'corrected',
  'lapsed',
  'cancelled',
  'counter-statement',
  'review-asked',
  'notice-offered',
  'appeal-ended',
] satisfies readonly Exclude<MailKind, SanctionLetter | ReferralLetter>[]);

/** What the rules put into letters (`LetterDraft.about`), read back from the store. */
const instantSchema = z.string().transform(instant);
const mayMove = z.literal(true).optional();
const lapseSchema = z.object({ lapseAt: instantSchema, mayMove });
const escalationSchema = z.object({ lapseAt: instantSchema.nullish(), mayMove });
const reminderSchema = z.object({ lapseAt: instantSchema, mayMove, number: z.int() });
const removalSchema = z.object({ provisional: z.boolean(), alreadyGone: z.boolean() });
const correctionSchema = z.object({ was: z.enum(Verdict), verdict: z.enum(Verdict) });
const offerSchema = z.object({ until: instantSchema, mayMove });
const reviewSchema = z.object({ appeal: z.enum(AppealKind) });
const endSchema = z.object({ appeal: z.enum(AppealKind), ended: z.enum(AppealStatus) });

/**
 * The content of one letter, as it was when the letter was decided; only names and the listing's title are of today.
 * Throws when the row is not a mail's or the log does not hold what it names.
 */
export async function readParams(log: LogContext, em: Manager, row: LetterRow): Promise<LetterParams> {
  // Letters are written by the log, which writes no other ids.
  if (kindOf(row.aggregate as AggregateId) === AggregateKind.sanction) return readSanctionParams(log, em, row);
  if (kindOf(row.aggregate as AggregateId) === AggregateKind.referral) return readReferralParams(log, em, row);
  const particulars = await readParticulars(log, em, row);
  const base = { matter: await readMatter(em, particulars), to: audienceOf(row.to) };
  const silence = silenceOf(particulars);
  const kind = kindSchema.parse(row.kind);
  switch (kind) {
    case 'ask':
      return { ...base, kind, ...lapseSchema.parse(row.about), silence, findings: findingsOf(particulars.of) };
    case 'reminder':
      return { ...base, kind, ...reminderSchema.parse(row.about), silence };
    case 'more-asked':
      return { ...base, kind, ...lapseSchema.parse(row.about) };
    case 'escalation': {
      const { lapseAt, mayMove: does } = escalationSchema.parse(row.about);
      // The two escalations differ in their key only: a window that starts anew after a bounce is `rearmed`.
      return {
        ...base,
        kind,
        because: row.id.endsWith('/rearmed') ? 'bounce' : 'silence',
        silence,
        ...(lapseAt != null && { lapseAt, mayMove: does }),
      };
    }
    case 'statement-of-reasons':
      return { ...base, kind, reasons: await readReasons(em, particulars, removalSchema.parse(row.about)) };
    case 'removal-confirmed':
      return { ...base, kind, reasons: await readReasons(em, particulars, { provisional: false, alreadyGone: false }) };
    case 'corrected':
      return { ...base, kind, ...correctionSchema.parse(row.about) };
    case 'notice-offered':
      return { ...base, kind, ...offerSchema.parse(row.about) };
    case 'review-asked':
      return { ...base, kind, ...reviewSchema.parse(row.about) };
    case 'appeal-ended':
      return { ...base, kind, ...endSchema.parse(row.about) };
    default:
      return { ...base, kind };
  }
}

async function readParticulars(log: LogContext, em: Manager, row: LetterRow): Promise<Particulars> {
  // Letters are written by the log, which writes no other ids.
  const id = row.aggregate as AggregateId;
  const appeal = kindOf(id) === AggregateKind.appeal ? await appealAt(em, id, row.n) : undefined;
  const caseId = appeal === undefined ? id : (appeal.state.of?.case ?? id);
  const of = appeal === undefined ? await caseAt(em, id, row.n) : await caseAt(em, caseId);
  const policy = await log.policies.values(em, of.state.policy ?? '');
  return { row, of, caseId, policy, ...(appeal !== undefined && { appeal }) };
}

async function readMatter(em: Manager, { caseId, of: { state } }: Particulars): Promise<Matter> {
  const { marketplace, market, listing, holder, calendar } = state;
  const organisation = await em.findOne(OrganisationRow, { id: holder });
  const register = await em.findOne(ListingRow, { id: listing, marketplace });
  const { title } = z.object({ title: z.string().optional() }).parse(register?.row ?? {});
  return {
    reference: caseId,
    marketplace,
    market,
    listing,
    holder: organisation?.name ?? holder,
    zone: calendar.zone,
    ...(title !== undefined && { title }),
  };
}

function silenceOf({ of: { state }, policy }: Particulars): Silence {
  const { riskClass } = state;
  return { riskClass, effect: policy.confirmation.onSilence[riskClass], removalLasts: policy.provisionalRemoval.lasts };
}
