import { z } from 'zod';

/** The 24-character UTC form `2025-10-01T00:00:00.000Z`. */
export const instantSchema = z
  .string()
  .describe('UTC instant, always of the form 2025-10-01T09:00:00.000Z')
  .meta({ examples: ['2025-10-01T09:00:00.000Z'] });

/** A problem document. */
export const problemSchema = z
  .object({
    type: z.string().describe('urn:interdict:problem:<code>'),
    title: z.string(),
    status: z.int(),
    code: z.string().describe('From a closed set; refusals of the rules keep their own codes'),
    detail: z.string().describe('What failed, in a sentence'),
    cure: z.string().describe('What would cure it'),
    instance: z.string().describe('Names this request; quote it when you ask'),
    places: z.array(z.object({ place: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem document' });

/** Ids in paths: of what form is checked, whether they are known or foreign is answered alike. */
export const aggregateParam = z.object({ id: z.string().min(1).max(64).describe('Opaque id, such as case:0123456789abcdef0123456789abcdef') });

/** Reads any ISO 8601 instant with a zone, and hands on the one form. */
export const instantQuery = z.iso
  .datetime({ offset: true, error: 'is not a valid instant, for example 2025-10-01T08:00:00Z' })
  .transform((text) => new Date(text).toISOString());

export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('Lines of a page'),
  cursor: z.string().min(1).max(400).optional().describe('`next` of the page before'),
};

export const refusalSchema = z
  .object({ code: z.string(), message: z.string(), cure: z.string() })
  .meta({ id: 'Refusal', description: 'Why the rules refuse something, and what would cure it' });

export const faultsSchema = z
  .array(
    z
      .object({
        part: z.string().describe('The field that is empty for it, or holds fewer rows'),
        row: z.string().nullable().describe('Of a list: which row is missing'),
        id: z.string().describe('Quote it when you ask'),
      })
      .meta({ id: 'Fault' }),
  )
  .describe('What could not be shown for a fault of ours; everything else stands. Empty as a rule');

/** A digest of the vault. */
export const vaultDigest = z.string().regex(/^sha256:[0-9a-f]{64}$/, 'is not a valid vault digest');
