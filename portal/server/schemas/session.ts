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

export const linkRequestBody = z
  .strictObject({
    mail: z
      .string()
      .trim()
      .regex(/^[^\s@]+@[^\s@]+$/, 'is no mail address')
      .max(320),
  })
  .meta({ id: 'LinkRequest' });
export const tokenBody = z.strictObject({ token: z.string().min(1).max(200) }).meta({ id: 'Token' });
