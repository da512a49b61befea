import { z } from 'zod';
import { FactKind, type Goods, readGoods } from '../../domain/referral/totals.ts';
import { caseReference, money, name, referralReference } from './values.ts';

const text = z.string().min(1).max(20_000);
const goods = z.string().transform((words, context): Goods => {
  const read = readGoods(words);
  if (read === undefined) context.addIssue({ code: 'custom', message: 'is not a valid quantity: write for example "125 watches"' });
  return read ?? { what: '', quantity: 0 };
});

/** Arguments of the steps about referrals; `does`, time and sender are every step's. Documents are texts, kept in the vault as files are. */
export const REFERRAL_SHAPES = {
  'open-referral': { seller: name, recipient: name, profile: name.optional(), reason: text },
  appraise: {
    ...{ referral: referralReference, brand: name, appraisal: text, 'price-statement': text, contact: text },
    ...{ 'contact-mail': name.optional(), 'contact-phone': name.optional(), certificates: z.record(z.string(), text).default({}) },
  },
  'decline-appraisal': { referral: referralReference, brand: name, reason: text.optional() },
  'rebuild-packet': { referral: referralReference },
  'waive-item': { referral: referralReference, item: name, reason: text },
  'approve-referral': { referral: referralReference, packet: name.optional(), reason: text },
  'reject-referral': { referral: referralReference, packet: name.optional(), reason: text },
  'record-receipt': { referral: referralReference, reference: name },
  'record-refusal': { referral: referralReference, reason: text },
  'record-question': { referral: referralReference, question: text },
  'answer-question': { referral: referralReference, question: z.int().min(1), answer: text },
  'record-outcome': {
    ...{ referral: referralReference, outcome: z.enum(FactKind), fact: name.optional(), goods: z.array(goods).default([]) },
    ...{ values: z.array(z.strictObject({ value: money, source: name })).default([]), place: text.optional() },
    cases: z.array(caseReference).default([]),
  },
  'close-referral': { referral: referralReference, reason: text },
  'withdraw-referral': { referral: referralReference, reason: text },
} as const;
export type ReferralOperation = keyof typeof REFERRAL_SHAPES;
export const REFERRAL_STEPS = Object.keys(REFERRAL_SHAPES) as readonly ReferralOperation[];

/** A step about a referral as it is read. */
export type ReferralStep = { [K in ReferralOperation]: { readonly does: K } & z.output<z.ZodObject<(typeof REFERRAL_SHAPES)[K]>> }[ReferralOperation];

/** Whether a step is about a referral. */
export function isReferralStep(step: { readonly does: string }): step is ReferralStep {
  return REFERRAL_STEPS.some((does) => does === step.does);
}
