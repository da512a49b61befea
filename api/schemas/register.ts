import { z } from 'zod';
import { faultsSchema, instantSchema, pageQuery } from './basics.ts';
import { referenceSchema, rightSchema } from './case.ts';

const page = <T extends z.ZodType>(line: T) => z.object({ lines: z.array(line), next: z.string().nullable() });

export const registerQuery = z.object({ holder: z.string().min(1).max(256).optional().describe('Organisation id'), ...pageQuery });
export const sellerQuery = z.object({ text: z.string().min(1).max(256).optional().describe('A part of the id'), ...pageQuery });

export const rightsSchema = page(rightSchema).extend({ faults: faultsSchema }).meta({ id: 'Rights' });
export const referencesSchema = page(referenceSchema).extend({ faults: faultsSchema }).meta({ id: 'References' });
export const authorisedSchema = page(
  z.object({
    seller: z.string(),
    organisation: z.string(),
    market: z.string().nullable().describe('Null: in every market'),
    from: z.string().nullable(),
    until: z.string().nullable(),
  }),
).meta({ id: 'AuthorisedSellers' });

const ledgerLineSchema = z.object({
  case: z.string(),
  seller: z.string(),
  listing: z.string(),
  holder: z.string(),
  points: z.int(),
  countsFrom: instantSchema.nullable().describe('Null while a counter-notice holds the points back'),
  expiresAt: instantSchema,
  voided: z.boolean(),
  counts: z.boolean().describe('Counts now'),
  enteredAt: instantSchema,
});

const sellerLineSchema = z.object({ id: z.string(), name: z.string().nullable(), market: z.string().nullable(), siteStatus: z.string().nullable() });
export const sellersSchema = page(sellerLineSchema).meta({ id: 'Sellers' });

export const sellerViewSchema = z
  .object({
    ...sellerLineSchema.shape,
    accounts: z.array(z.string()).describe('All accounts of the party behind this one, for staff; for a seller its own'),
    at: instantSchema,
    points: z.int().describe('Points that count now'),
    step: z.object({ points: z.int(), measure: z.string() }).nullable().describe('The highest step of the ladder reached'),
    ladder: z.array(z.object({ points: z.int(), measure: z.string() })),
    ledger: z.array(ledgerLineSchema),
    policy: z.string().describe('Digest of the policy in force'),
  })
  .meta({ id: 'SellerView' });
export type SellerView = z.output<typeof sellerViewSchema>;

const policyLineSchema = z.object({ digest: z.string(), name: z.string(), version: z.int(), since: instantSchema, isInForce: z.boolean() });
export const policiesSchema = z.object({ lines: z.array(policyLineSchema) }).meta({ id: 'Policies' });
export const policySchema = z
  .object({ ...policyLineSchema.shape, document: z.record(z.string(), z.unknown()).describe('Every value with its source') })
  .meta({ id: 'Policy' });
export const policyDiffSchema = z
  .object({
    from: z.string(),
    to: z.string(),
    changes: z.array(
      z.object({
        path: z.string(),
        was: z.string().nullable(),
        is: z.string().nullable(),
        wasSource: z.string().nullable(),
        isSource: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'PolicyDiff' });

export const detectorsSchema = z
  .object({
    source: z.string().nullable().describe('Who stopped what and why'),
    lines: z.array(z.object({ detector: z.string(), isStopped: z.boolean() })),
  })
  .meta({ id: 'Detectors' });
export const detectorBody = z.strictObject({ isStopped: z.boolean(), reason: z.string().trim().min(1).max(1_000) }).meta({ id: 'DetectorMessage' });

export const policyTextBody = z.strictObject({ text: z.string().min(1).max(200_000).describe('YAML or JSON') }).meta({ id: 'PolicyText' });
export const digestSchema = z.object({ digest: z.string() }).meta({ id: 'Digest' });

export const importReportSchema = z
  .object({
    kind: z.string(),
    imported: z.int().describe('Rows that are stored: new, changed and unchanged ones'),
    new: z.int(),
    changed: z.int(),
    unchanged: z.int(),
    wrong: z.int(),
    warnings: z.int(),
    problems: z
      .array(z.object({ line: z.int(), code: z.string(), message: z.string(), cure: z.string() }))
      .describe('The first thousand wrong lines and the first thousand warnings, by line'),
    adopted: z
      .array(z.object({ owner: z.string(), name: z.string(), organisation: z.string(), cases: z.int() }))
      .describe('Owners of rights that turned out to be organisations of this file'),
  })
  .meta({ id: 'ImportReport' });
