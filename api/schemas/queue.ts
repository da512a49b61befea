import { z } from 'zod';
import { instantSchema } from './basics.ts';
import { caseViewSchema } from './case.ts';
import { lineSchema } from './lists.ts';

const { deadlines, actions, listingNow, captures, findings, rights, references, seller, riskClass, market, faults } = caseViewSchema.shape;

/** A case that waits for the brand, with all that a reviewer compares. */
export const queueItemSchema = z
  .object({ ...lineSchema.shape, riskClass, market, listingNow, captures, findings, rights, references, seller, deadlines, actions, faults })
  .meta({ id: 'QueueItem' });

export const queueSchema = z
  .object({
    at: instantSchema.describe('The business clock: count time left from here'),
    waiting: z.int().describe('How many cases wait for you, on all pages'),
    nextDue: instantSchema.nullable().describe('The earliest deadline of all of them'),
    items: z.array(queueItemSchema),
    faulty: z
      .array(z.object({ ...lineSchema.shape, fault: z.string().describe('Id of the fault; quote it when you ask') }))
      .describe('Cases of this page that wait for you and cannot be shown, for a fault of ours. Empty as a rule'),
    next: z.string().nullable(),
  })
  .meta({ id: 'Queue', description: 'What waits for the brand, the oldest deadline first' });
export type Queue = z.output<typeof queueSchema>;

export const queueQuery = z.object({
  holder: z.string().min(1).max(256).optional().describe('One organisation of those you act for'),
  limit: z.coerce.number().int().min(1).max(50).default(10),
  cursor: z.string().min(1).max(400).optional(),
});
export type QueueQuery = z.output<typeof queueQuery>;

export const claimSchema = z
  .object({ who: z.string(), name: z.string(), since: instantSchema, until: instantSchema, isMine: z.boolean() })
  .meta({ id: 'Claim', description: 'Who works on the case; it ends by itself after ten minutes' });
