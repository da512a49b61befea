import { z } from 'zod';
import { instantSchema } from './basics.ts';

export const sessionSchema = z
  .object({
    who: z.string(),
    name: z.string(),
    capacity: z.string(),
    organisations: z.array(z.object({ id: z.string(), name: z.string() })),
    csrf: z.string().nullable().describe('Send it as X-CSRF-Token with every write; null for machine keys'),
    now: instantSchema.describe('The business clock'),
    may: z.array(z.string()).describe('Operations of the access table that this capacity has'),
  })
  .meta({ id: 'Session' });
export type Session = z.output<typeof sessionSchema>;

/** A page of the portal that shows one thing; nothing else may follow a sign-in, or a link of ours would lead anywhere. */
export const pageSchema = z
  .string()
  .regex(
    /^\/(?:cases|appeals|sanctions|referrals|appraisals)\/[a-z]{1,16}:[0-9a-f]{32}$/,
    'is not a valid page, for example /cases/case:0123456789abcdef0123456789abcdef',
  );

export const linkRequestBody = z
  .strictObject({
    mail: z
      .string()
      .trim()
      .regex(/^[^\s@]+@[^\s@]+$/, 'is not a valid email address')
      .max(320),
    page: pageSchema.optional().describe('Shown after signing in; absent: the first page'),
  })
  .meta({ id: 'LinkRequest' });
export const tokenBody = z.strictObject({ token: z.string().min(1).max(200) }).meta({ id: 'Token' });
/** The form of the page behind a link. */
export const signInForm = z.strictObject({ token: z.string().min(1).max(200), page: pageSchema.optional() });
/** What the address of a link carries; a page that is none is left out: the link is good all the same. */
export const signInQuery = z.object({ page: pageSchema.optional().catch(undefined) });
