import { z } from 'zod';

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
