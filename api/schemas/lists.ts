import { z } from 'zod';
import { instantQuery, instantSchema, pageQuery } from './basics.ts';

export const lineSchema = z
  .object({
    id: z.string(),
    kind: z.enum(['case', 'appeal', 'sanction']),
    status: z.string(),
    isFinal: z.boolean(),
    marketplace: z.string(),
    listing: z.string(),
    title: z.string().nullable().describe("The listing's title as the register holds it"),
    holder: z.string(),
    holderName: z.string().nullable(),
    openedAt: instantSchema,
    changedAt: instantSchema,
    due: instantSchema.nullable().describe('The next deadline'),
    dueRule: z.string().nullable().describe('The rule whose deadline it is'),
    about: z.string().nullable().describe('Of an appeal: the case it is about'),
    measureKind: z.string().nullable().describe('Of a sanction: its measure'),
    claim: z.object({ who: z.string(), name: z.string(), until: instantSchema, isMine: z.boolean() }).nullable().describe('Who works on it just now'),
  })
  .meta({ id: 'Line', description: 'One line of a list' });
export type Line = z.output<typeof lineSchema>;

export const linesSchema = z
  .object({ lines: z.array(lineSchema), next: z.string().nullable().describe('Cursor of the next page; null at the end') })
  .meta({ id: 'Lines' });
export type Lines = z.output<typeof linesSchema>;

export const listQuery = z.object({
  status: z.string().min(1).max(32).optional(),
  open: z.enum(['true', 'false']).optional().describe('Only open, or only closed ones'),
  holder: z.string().min(1).max(256).optional().describe('Organisation id'),
  seller: z.string().min(1).max(256).optional(),
  marketplace: z.string().min(1).max(128).optional(),
  listing: z.string().min(1).max(256).optional(),
  about: z.string().min(1).max(64).optional().describe('Of appeals: the case they are about'),
  dueBefore: instantQuery.optional(),
  dueFrom: instantQuery.optional(),
  dueRule: z
    .string()
    .min(1)
    .max(64)
    .optional()
    .describe('Whose next deadline is of this rule: `effect.retry` is what failed outside and waits for its next try'),
  ...pageQuery,
});
export type ListQuery = z.output<typeof listQuery>;

export const countsSchema = z
  .object({
    at: instantSchema,
    byStatus: z.array(z.object({ kind: z.string(), status: z.string(), count: z.int() })),
    load: z
      .array(z.object({ day: z.string(), opened: z.int(), closed: z.int() }))
      .describe('Cases opened and closed in the last 14 days, by day (UTC); days without either are left out'),
    ageing: z
      .array(
        z.object({
          holder: z.string(),
          holderName: z.string().nullable(),
          overdue: z.int().describe('Due before `at`'),
          day: z.int().describe('Due within 24 hours'),
          threeDays: z.int().describe('Due after 24 and within 72 hours'),
          later: z.int(),
        }),
      )
      .describe('Open cases with a deadline, by rights holder and hours left'),
  })
  .meta({ id: 'Counts' });
