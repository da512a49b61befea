import { z } from 'zod';
import { instantSchema, pageQuery } from './basics.ts';

const placeSchema = z.object({ aggregate: z.string(), n: z.int() });
const brokenSchema = z.object({ what: z.string(), at: placeSchema.optional() }).nullable();
const checkSchema = z.object({ ok: z.boolean(), what: z.string(), at: placeSchema.optional() });

const unprovedSchema = z.array(z.string()).describe('What stays unproved although nothing is broken, a sentence each');

export const verificationSchema = z
  .object({ ok: z.boolean(), broken: brokenSchema, checks: z.array(checkSchema), unproved: unprovedSchema })
  .meta({ id: 'Verification' });

export const replaySchema = z
  .object({
    ok: z.boolean(),
    broken: brokenSchema,
    checks: z.array(checkSchema),
    unproved: unprovedSchema,
    decisions: z.array(
      z.object({
        aggregate: z.string(),
        n: z.int(),
        at: instantSchema,
        who: z.string(),
        input: z.string(),
        policy: z.array(z.object({ path: z.string(), value: z.string(), source: z.string().optional() })),
        instants: z.array(z.string()),
        outcome: z.array(z.string()),
        next: z.array(z.string()),
        rules: z.string(),
        same: z.boolean(),
        undecided: z.literal(true).optional().describe('No rules ran for it, so nothing can be said of it'),
        why: z.string().optional(),
      }),
    ),
  })
  .meta({ id: 'Replay', description: 'Every decision decided again with the recorded rules, in words' });

export const findQuery = z.object({
  text: z.string().trim().min(1).max(256).describe('Id, listing, name or id of a holder or seller, root or number of a seal, message id'),
});
export const foundSchema = z
  .object({
    found: z.array(
      z.object({
        id: z.string(),
        as: z.enum(['id', 'listing', 'holder', 'seller', 'seal', 'message']).describe('By what it was found'),
        kind: z.string(),
        title: z.string().nullable().describe("The listing's title as the register holds it"),
        status: z.string(),
        isFinal: z.boolean(),
        listing: z.string(),
        holder: z.string(),
        holderName: z.string().nullable(),
        openedAt: instantSchema,
        measureKind: z.string().nullable().describe('Of a sanction: its measure'),
      }),
    ),
  })
  .meta({ id: 'Found', description: 'What a text names, the newest first' });
export type FoundOut = z.output<typeof foundSchema>['found'];

export const accessLogQuery = z.object({
  aggregate: z.string().min(1).max(64).optional(),
  who: z.string().min(1).max(256).optional(),
  ...pageQuery,
});
export const accessLogSchema = z
  .object({
    lines: z.array(
      z.object({
        id: z.int(),
        at: instantSchema,
        who: z.string(),
        capacity: z.string(),
        how: z.string(),
        operation: z.string(),
        aggregate: z.string(),
      }),
    ),
    next: z.string().nullable(),
  })
  .meta({ id: 'AccessLog', description: 'Who read which case, the newest first' });
