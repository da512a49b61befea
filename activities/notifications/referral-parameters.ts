import { z } from 'zod';
import { ReferralNotification } from '../../domain/referral/notifications.ts';
import { ReferralStatus } from '../../domain/referral/model.ts';
import type { Salted } from '../../domain/salted.ts';
import type { NotificationParameters, Matter } from '../../notifications/parameters.ts';
import type { Manager } from '../../store/connection/orm.ts';
import type { LogContext } from '../../store/log/context.ts';
import { disclosed } from '../../store/log/disclosures.ts';
import type { OutboxRow } from '../../store/schema/entities/outbox.ts';
import { OrganisationRow } from '../../store/schema/entities/register.ts';
import { audienceOf } from './address.ts';
import { instantSchema, readFixed } from './fixed-parameters.ts';

const kindSchema = z.enum(ReferralNotification);
const cases = z.array(z.string());
const salted = z.object({ '...': z.string() });
const fixedSchema = z.object({
  authority: z.string(),
  zone: z.string(),
  draftCases: cases,
  legalBasis: z.string(),
  receipt: z.string().exactOptional(),
  questions: z.array(z.object({ words: salted, answer: salted.optional() })),
  brand: z.string().optional(),
});
type Fixed = z.output<typeof fixedSchema>;
const askedSchema = z.object({ cases, until: instantSchema.nullable(), reminder: z.boolean() });
const missingSchema = z.object({ missing: z.array(z.object({ item: z.string(), where: z.string(), what: z.string(), cure: z.string() })) });
const packetSchema = z.object({ packet: z.string() });
const submissionSchema = packetSchema.extend({ submission: z.int() });
const answerSchema = z.object({ question: z.int() });
const endSchema = z.object({ ended: z.enum(ReferralStatus), cases: cases.default([]) });

/** The content of a referral's notification, as its decision fixed it. */
export async function readReferralParams(log: LogContext, em: Manager, row: OutboxRow): Promise<NotificationParameters> {
  const fixed = await readFixed(log, em, row, fixedSchema);
  const base = { matter: await matterOf(em, row, fixed), to: audienceOf(row.to), authority: fixed.authority };
  const kind = kindSchema.parse(row.kind);
  switch (kind) {
    case 'appraisal-asked': {
      const { cases: own, until, reminder } = askedSchema.parse(row.about);
      return { ...base, kind, cases: own, reminder, ...(until !== null && { until }) };
    }
    case 'referral-incomplete':
      return { ...base, kind, ...missingSchema.parse(row.about) };
    case 'referral-approval':
    case 'referral-bounced':
      return { ...base, kind, ...packetSchema.parse(row.about), cases: fixed.draftCases };
    case 'referral-reminder':
      return { ...base, kind, ...z.object({ received: z.boolean() }).parse(row.about) };
    case 'referral-case-overturned':
      return { ...base, kind, ...z.object({ cases }).parse(row.about) };
    case 'referral-submission':
      return { ...base, kind, ...submissionSchema.parse(row.about), legalBasis: fixed.legalBasis, cases: fixed.draftCases };
    case 'referral-answer':
      return { ...base, kind, ...(await answerOf(em, fixed, answerSchema.parse(row.about).question)) };
    case 'referral-ended': {
      const { ended, cases: own } = endSchema.parse(row.about);
      return { ...base, kind, ended, cases: own };
    }
  }
}

async function answerOf(em: Manager, { questions, receipt }: Fixed, number: number) {
  const words = async (value: Salted | undefined) => (await disclosed(em, value)) ?? '';
  const asked = questions[number - 1];
  return { question: await words(asked?.words), answer: await words(asked?.answer), ...(receipt !== undefined && { receipt }) };
}

/** A referral is about cases of several listings: no listing and no seller stands in a mail's head. */
async function matterOf(em: Manager, { aggregate }: OutboxRow, { brand, zone }: Fixed): Promise<Matter> {
  const found = brand === undefined ? null : await em.findOne(OrganisationRow, { id: brand });
  return { reference: aggregate, marketplace: '', market: '', listing: '', holder: found?.name ?? brand ?? '', zone };
}
