import { z } from 'zod';
import { isCurrency, minorDigits } from '../../domain/money.ts';
import { Verdict } from '../../domain/case/model.ts';
import { FactKind } from '../../domain/referral/totals.ts';
import { noteSchema } from './basics.ts';

const name = (most: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(most)
    .refine((text) => !text.includes('\u0000') && text.isWellFormed(), 'contains characters that no text has');
export const digestSchema = z.string().regex(/^sha256:[0-9a-f]{64}$/, 'is not a valid vault digest');

/** `39.90` and `EUR`, handed on in the smallest unit. */
export const moneyBody = z
  .strictObject({
    amount: z.string().regex(/^\d{1,12}(\.\d{1,3})?$/, 'is not a valid amount, for example 39.90'),
    currency: z.string().refine(isCurrency, 'is not an ISO 4217 currency code, for example EUR'),
  })
  .refine(({ amount, currency }) => (amount.split('.')[1] ?? '').length <= minorDigits(currency), 'has more decimals than the currency')
  .transform(({ amount, currency }) => {
    const [whole = '', cents = ''] = amount.split('.');
    return { amount: Number(`${whole}${cents.padEnd(minorDigits(currency), '0')}`), currency };
  });

export const openReferralBody = z
  .strictObject({
    seller: name(256).describe('Any account of the actor'),
    recipient: name(128),
    profile: name(64).optional().describe("Without it the recipient's preferred one"),
    reason: noteSchema,
  })
  .meta({ id: 'OpenReferralMessage' });

export const appraisalBody = z
  .strictObject({
    brand: name(256).describe('Organisation id'),
    appraisal: noteSchema,
    priceStatement: noteSchema,
    contact: name(256).describe('Whom investigators may call'),
    contactMail: name(320).optional(),
    contactPhone: name(64).optional(),
    documents: z
      .array(
        z.strictObject({
          kind: z.enum(['certificate', 'appraisal', 'price-statement']),
          about: name(256).describe('Of a certificate: the right; else the brand'),
          digest: digestSchema,
        }),
      )
      .max(100)
      .default([])
      .describe('Files sent to /api/documents before'),
  })
  .meta({ id: 'AppraisalMessage' });

export const declineBody = z.strictObject({ brand: name(256), reason: noteSchema.optional() }).meta({ id: 'DeclineAppraisalMessage' });
export const waiveBody = z.strictObject({ item: name(64), reason: noteSchema }).meta({ id: 'WaiveMessage' });
export const referralDecisionBody = z
  .strictObject({
    decision: z.enum(['approve', 'reject']),
    packet: digestSchema.describe('Exactly the packet that was looked at'),
    reason: noteSchema,
  })
  .meta({ id: 'ReferralDecisionMessage' });
export const receiptBody = z.strictObject({ reference: name(256).describe("The authority's own") }).meta({ id: 'ReceiptMessage' });
export const questionBody = z.strictObject({ question: noteSchema }).meta({ id: 'QuestionMessage' });
export const answerBody = z.strictObject({ question: z.int().min(1).max(10_000), answer: noteSchema }).meta({ id: 'AnswerMessage' });

export const outcomeBody = z
  .strictObject({
    outcome: z.enum(FactKind),
    fact: z
      .string()
      .regex(/^[\w.-]{1,64}$/, 'is not a valid name: use up to 64 letters, digits, dots, hyphens')
      .optional()
      .describe('Name of the fact: reports on one fact add their sources; without it the kind of outcome'),
    goods: z
      .array(z.strictObject({ what: name(100), quantity: z.int().min(0).max(999_999_999) }))
      .max(100)
      .default([]),
    values: z
      .array(z.strictObject({ value: moneyBody, source: name(256) }))
      .max(100)
      .default([]),
    place: noteSchema.optional(),
    cases: z.array(z.string().min(1).max(64)).max(200).default([]).describe('The cases concerned; none: all'),
  })
  .meta({ id: 'OutcomeMessage' });

const exhibit = z.string().regex(/^[\w.-]{1,64}$/, 'is not a valid exhibit number: use up to 64 letters, digits, dots, hyphens');
const seal = name(64).optional();

export const testPurchaseBody = z
  .strictObject({ exhibit, order: name(128).describe("The marketplace's order number; shown to nobody outside"), price: moneyBody })
  .meta({ id: 'TestPurchaseMessage' });
export const receivedBody = z
  .strictObject({
    exhibit,
    parent: exhibit.optional().describe('The exhibit that it was taken out of'),
    what: noteSchema,
    condition: noteSchema,
    seal,
    media: z.array(digestSchema).max(100).default([]).describe('Photos and film sent to /api/documents before'),
  })
  .meta({ id: 'ExhibitMessage' });
export const transferBody = z
  .strictObject({
    exhibit,
    from: name(256).optional().describe('Without it whoever holds it'),
    to: name(256).describe('Organisation'),
    receiver: name(256).optional(),
    why: noteSchema,
    seal,
    hash: name(128).optional(),
  })
  .meta({ id: 'TransferMessage' });
export const lossBody = z.strictObject({ exhibit, why: noteSchema }).meta({ id: 'LossMessage' });
export const examinationBody = z
  .strictObject({
    exhibit,
    verdict: z.enum(Verdict),
    report: digestSchema.describe('Sent to /api/documents before'),
    agency: name(256).optional().describe('Who examined it, when an officer records the report'),
    seal,
    newSeal: seal,
  })
  .meta({ id: 'ExaminationMessage' });
