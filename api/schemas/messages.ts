import { z } from 'zod';
import { Verdict, VerdictBasis } from '../../domain/case/model.ts';
import { DurationUnit } from '../../domain/instant.ts';
import { noteSchema } from './basics.ts';

const id256 = z.string().trim().min(1).max(256);

export const verdictBody = z
  .strictObject({
    verdict: z.enum(Verdict),
    reasonCode: z.string().min(1).max(64).describe('One that the pinned policy lists for the verdict'),
    basis: z.enum(VerdictBasis).default(VerdictBasis.image),
    note: noteSchema.optional(),
    isCorrection: z
      .boolean()
      .default(false)
      .describe('Meant to replace an answer that is on record; without it a first answer that comes second is refused'),
    perRight: z.record(z.string().min(1).max(128), z.enum(Verdict)).optional().describe('Where the answer differs for one right of the case'),
  })
  .meta({ id: 'VerdictMessage' });

export const openBody = z
  .strictObject({ listing: id256, holder: id256.describe('Organisation id or name'), reason: noteSchema })
  .meta({ id: 'OpenMessage' });

export const reasonBody = z.strictObject({ reason: noteSchema }).meta({ id: 'ReasonMessage' });
export const optionalReasonBody = z.strictObject({ reason: noteSchema.optional() }).meta({ id: 'OptionalReasonMessage' });

export const extendBody = z
  .strictObject({ n: z.int().min(1).max(1_000), unit: z.enum(DurationUnit) })
  .meta({ id: 'ExtendMessage', description: 'How much longer the window stays open' });

export const statementBody = z.strictObject({ statement: noteSchema }).meta({ id: 'StatementMessage' });
export const sellerBody = z.strictObject({ seller: id256 }).meta({ id: 'SellerMessage' });

export const appealDecisionBody = z
  .strictObject({ decision: z.enum(['uphold', 'overturn']), reason: noteSchema })
  .meta({ id: 'AppealDecisionMessage' });
export const sanctionDecisionBody = z
  .strictObject({ decision: z.enum(['approve', 'reject']), reason: noteSchema })
  .meta({ id: 'SanctionDecisionMessage' });
export const noticeBody = z.strictObject({ basis: z.enum(VerdictBasis) }).meta({ id: 'NoticeMessage' });
export const emptyBody = z.strictObject({}).meta({ id: 'EmptyMessage' });

/** What became of a message. */
export const answerSchema = z
  .object({
    messageId: z.string().describe('The Idempotency-Key that it was sent under'),
    state: z.enum(['done', 'pending', 'refused', 'fault']),
    aggregate: z.string().nullable().describe('What it was decided on; an appeal, where it opened one'),
    n: z.int().nullable().describe('Number of the decision'),
    events: z.array(z.string()),
    refused: z.object({ code: z.string(), message: z.string(), cure: z.string() }).nullable(),
    receivedAt: z.string().nullable(),
    href: z.string().describe('Where the answer can be read for ever'),
  })
  .meta({ id: 'Answer' });
export type AnswerBody = z.output<typeof answerSchema>;

export const idempotencyHeader = z.object({
  'idempotency-key': z
    .string({ error: 'is missing' })
    .regex(/^[\x21-\x7e]{8,128}$/, 'must be 8 to 128 visible ASCII characters')
    .describe('Your message id: sending it again changes nothing and gets the first answer'),
});
