import { z } from 'zod';
import { instant } from '../../domain/instant.ts';
import { ReferralLetter } from '../../domain/referral/letters.ts';
import { type ReferralState, ReferralStatus } from '../../domain/referral/model.ts';
import type { Salted } from '../../domain/salted.ts';
import { disclosed } from '../../store/log/disclosures.ts';
import type { LetterRow } from '../../store/schema/entities/letters.ts';
import { OrganisationRow } from '../../store/schema/entities/register.ts';
import type { LogContext } from '../../store/log/context.ts';
import type { Manager } from '../../store/connection/orm.ts';
import { audienceOf } from './address.ts';
import { referralAt } from './history.ts';
import type { LetterParams, Matter } from '../../notifications/parameters.ts';

const kindSchema = z.enum(ReferralLetter);
const cases = z.array(z.string());
const askedSchema = z.object({ brand: z.string(), cases, until: z.string().transform(instant).nullable(), reminder: z.boolean() });
const missingSchema = z.object({ missing: z.array(z.object({ item: z.string(), where: z.string(), what: z.string(), cure: z.string() })) });
const packetSchema = z.object({ packet: z.string() });
const submissionSchema = packetSchema.extend({ submission: z.int() });
const answerSchema = z.object({ question: z.int() });
const endSchema = z.object({ ended: z.enum(ReferralStatus), brand: z.string().optional(), cases: cases.default([]) });

/** The content of a referral's letter, as it was when the letter was decided. */
export async function readReferralParams(log: LogContext, em: Manager, row: LetterRow): Promise<LetterParams> {
  const state = await referralAt(em, row.aggregate, row.n);
  const policy = await log.policies.values(em, state.policy ?? '');
  const { brand } = z.object({ brand: z.string().optional() }).parse(row.about);
  const matter = await matterOf(em, row, brand, policy.ledger.calendar.zone);
  const base = { matter, to: audienceOf(row.to), authority: state.recipient?.name ?? '' };
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
      return { ...base, kind, ...packetSchema.parse(row.about), cases: (state.draft?.cases ?? []).map((one) => one.case) };
    case 'referral-reminder':
      return { ...base, kind, ...z.object({ received: z.boolean() }).parse(row.about) };
    case 'referral-case-overturned':
      return { ...base, kind, ...z.object({ cases }).parse(row.about) };
    case 'referral-submission': {
      const { legalBasis } = policy.referrals.profiles[state.profile] ?? { legalBasis: '' };
      return { ...base, kind, ...submissionSchema.parse(row.about), legalBasis, cases: (state.draft?.cases ?? []).map((one) => one.case) };
    }
    case 'referral-answer':
      return { ...base, kind, ...(await answerOf(em, state, answerSchema.parse(row.about).question)) };
    case 'referral-ended': {
      const { ended, cases: own } = endSchema.parse(row.about);
      return { ...base, kind, ended, cases: own };
    }
  }
}

async function answerOf(em: Manager, { questions, reference }: ReferralState, number: number) {
  const words = async (salted: Salted | undefined) => (await disclosed(em, salted)) ?? '';
  const asked = questions[number - 1];
  return { question: await words(asked?.words), answer: await words(asked?.answer), ...(reference !== undefined && { receipt: reference }) };
}

/** A referral is about cases of several listings: no listing and no seller stands in a letter's head. */
async function matterOf(em: Manager, { aggregate }: LetterRow, brand: string | undefined, zone: string): Promise<Matter> {
  const found = brand === undefined ? null : await em.findOne(OrganisationRow, { id: brand });
  return { reference: aggregate, marketplace: '', market: '', listing: '', holder: found?.name ?? brand ?? '', zone };
}
