import { z } from 'zod';
import { AppealKind, AppealStatus } from '../../domain/appeal/model.ts';
import type { AppealParameters } from '../../domain/appeal/notification-parameters.ts';
import { Verdict } from '../../domain/case/model.ts';
import { type CaseParameters, caseParameters } from '../../domain/case/notification-parameters.ts';
import { type AggregateId, AggregateKind, kindOf } from '../../domain/ids.ts';
import type { NotificationParameters, Matter } from '../../notifications/parameters.ts';
import type { Manager } from '../../store/connection/orm.ts';
import type { LogContext } from '../../store/log/context.ts';
import type { OutboxRow } from '../../store/schema/entities/outbox.ts';
import { ListingRow, OrganisationRow } from '../../store/schema/entities/register.ts';
import { audienceOf } from './address.ts';
import { durationSchema, instantSchema, parametersFromLog, readFixed, sealedCase } from './fixed-parameters.ts';
import { answerSchema, groundsSchema, type Reading, reasonsOf } from './reasons.ts';
import { readReferralParams } from './referral-parameters.ts';
import { readSanctionParams } from './sanction-parameters.ts';

const mayMove = z.literal(true).optional();

const matterSchema = z.object({ marketplace: z.string(), market: z.string(), listing: z.string(), holder: z.string(), zone: z.string() });
const silenceSchema = z.object({
  riskClass: z.enum(['standard', 'high']),
  effect: z.enum(['lapse-under-watch', 'remove-provisionally']),
  removalLasts: durationSchema,
});
/** A case as a notification says it, with what a kind must have. */
const ofCase = z.object({ matter: matterSchema });
const warning = ofCase.extend({ silence: silenceSchema });
const reasoned = ofCase.extend({ grounds: groundsSchema });

const appealSchema: z.ZodType<AppealParameters> = z.object({
  case: z.custom<AggregateId>((value) => typeof value === 'string'),
  appeal: z.enum(AppealKind),
  answer: answerSchema.exactOptional(),
  isNotice: z.boolean(),
});

/** What each kind of a case's or appeal's notification says. */
const saidSchema = z.discriminatedUnion('kind', [
  warning.extend({ kind: z.literal('ask'), lapseAt: instantSchema, mayMove, findings: z.array(z.string()) }),
  warning.extend({ kind: z.literal('reminder'), lapseAt: instantSchema, mayMove, number: z.int() }),
  warning.extend({ kind: z.literal('escalation'), lapseAt: instantSchema.nullish(), mayMove, because: z.enum(['silence', 'bounce']).optional() }),
  reasoned.extend({ kind: z.literal('statement-of-reasons'), provisional: z.boolean(), alreadyGone: z.boolean() }),
  reasoned.extend({ kind: z.literal('removal-confirmed') }),
  ofCase.extend({ kind: z.literal('event'), event: z.looseObject({ type: z.string() }) }),
  ofCase.extend({ kind: z.literal('more-asked'), lapseAt: instantSchema, mayMove }),
  ofCase.extend({ kind: z.literal('corrected'), was: z.enum(Verdict), verdict: z.enum(Verdict) }),
  ofCase.extend({ kind: z.literal('notice-offered'), until: instantSchema, mayMove }),
  ofCase.extend({ kind: z.literal('review-asked'), appeal: z.enum(AppealKind) }),
  ofCase.extend({ kind: z.literal('appeal-ended'), appeal: z.enum(AppealKind), ended: z.enum(AppealStatus) }),
  ...(['listing-edited', 'restored', 'lapsed', 'cancelled', 'counter-notice'] as const).map((kind) => ofCase.extend({ kind: z.literal(kind) })),
]);

/**
 * The content of one notification as its decision fixed it; only names and the listing's title are of today.
 * Throws when the row is not a mail's or the store does not hold what it names.
 */
export async function readParams(log: LogContext, em: Manager, row: OutboxRow): Promise<NotificationParameters> {
  // Notifications are written by the log, which writes no other ids.
  const aggregate = kindOf(row.aggregate as AggregateId);
  if (aggregate === AggregateKind.sanction) return readSanctionParams(log, em, row);
  if (aggregate === AggregateKind.referral) return readReferralParams(log, em, row);
  const appeal = aggregate === AggregateKind.appeal ? await readFixed(log, em, row, appealSchema) : undefined;
  const about = appeal === undefined ? row : { ...row, about: { ...row.about, ...(await ofSealedCase(log, em, appeal.case, row.kind)) } };
  return read({ log, em, row: about, caseId: appeal?.case ?? row.aggregate, ...(appeal && { appeal }) });
}

async function read(reading: Reading): Promise<NotificationParameters> {
  const { log, em, row, caseId } = reading;
  const { matter: fixed, ...said } = await readFixed(log, em, row, saidSchema);
  const head = { matter: await withNames(em, caseId, fixed), to: audienceOf(row.to) };
  switch (said.kind) {
    case 'escalation': {
      // Before the reason was kept, the two escalations differed in their key only.
      const { lapseAt, because = row.id.endsWith('/rearmed') ? 'bounce' : 'silence', ...rest } = said;
      return { ...head, ...rest, because, ...(lapseAt != null && { lapseAt }) };
    }
    case 'statement-of-reasons':
      return { ...head, kind: said.kind, reasons: await reasonsOf(reading, said.grounds, said) };
    case 'removal-confirmed':
      return { ...head, kind: said.kind, reasons: await reasonsOf(reading, said.grounds, { provisional: false, alreadyGone: false }) };
    default:
      return { ...head, ...said };
  }
}

async function ofSealedCase(log: LogContext, em: Manager, id: AggregateId, kind: string): Promise<object | undefined> {
  const { state, n, policy } = await sealedCase(log, em, id);
  return caseParameters(kind, state, policy) ?? (await parametersFromLog(log, em, { aggregate: id, n, kind }));
}

async function withNames(em: Manager, reference: string, matter: CaseParameters['matter']): Promise<Matter> {
  const { marketplace, listing, holder } = matter;
  const organisation = await em.findOne(OrganisationRow, { id: holder });
  const register = await em.findOne(ListingRow, { id: listing, marketplace });
  const { title } = z.object({ title: z.string().optional() }).parse(register?.row ?? {});
  return { reference, ...matter, holder: organisation?.name ?? holder, ...(title !== undefined && { title }) };
}
