import { z } from 'zod';
import { faultsSchema, instantQuery, instantSchema, refusalSchema } from './basics.ts';
import { lineSchema } from './lists.ts';

const policyValueSchema = z
  .object({ path: z.string(), value: z.string(), source: z.string().nullable() })
  .meta({ id: 'PolicyLine', description: 'A value of the pinned policy, with where it comes from' });

export const happeningSchema = z
  .object({
    type: z.string(),
    words: z.string().describe('The event as an English sentence'),
    values: z.record(z.string(), z.unknown()).describe('What the sentence names: with it the sentence can be written in another language'),
  })
  .meta({ id: 'Happening', description: 'One event' });
export type Happening = z.output<typeof happeningSchema>;

export const timelineEntrySchema = z
  .object({
    n: z.int(),
    at: instantSchema,
    by: z.string().describe('Capacity: governance, rights-holder, account-manager, seller, detector, engine ...'),
    who: z.string().describe('In words, as far as the reader may know'),
    organisation: z.string().nullable(),
    person: z.string().nullable().describe('Null also where it is withheld'),
    command: z.string(),
    said: z.string().describe('What was asked, in words'),
    events: z.array(happeningSchema),
    refused: refusalSchema.nullable(),
    policy: z.array(policyValueSchema).describe('Policy values that it rests on'),
    instants: z.array(z.string()).describe('How each due instant came about'),
    rules: z.string().nullable().describe('Digest of the rules that decided'),
    hash: z.string().nullable(),
  })
  .meta({ id: 'TimelineEntry', description: 'One decision in words' });
export type TimelineEntry = z.output<typeof timelineEntrySchema>;

export const deadlineSchema = z
  .object({
    at: instantSchema,
    rule: z.string(),
    provisional: z.boolean().describe('Counted beyond the published holidays: it may become later, never earlier'),
    /** What follows when nobody does anything. */
    silence: z.array(happeningSchema).describe('What will happen then if nobody answers'),
    policy: z.array(policyValueSchema),
  })
  .meta({ id: 'Deadline' });

const triedFields = {
  isAllowed: z.boolean(),
  refused: refusalSchema.nullable().describe('Why not, where it is not allowed'),
  fault: z.string().nullable().describe('It could not be found out: a fault of ours, under this id in the log. The others stand'),
};

export const actionSchema = z
  .object({
    command: z.string(),
    verdict: z.string().nullable(),
    reasonCodes: z.array(z.string()),
    decisions: z
      .array(z.object({ decision: z.string(), ...triedFields }))
      .describe('Of a command that decides: each decision apart. The command is allowed when one of them is'),
    ...triedFields,
  })
  .meta({ id: 'Action', description: 'What the reader can do now, as the rules decide it' });

const imageSchema = z.object({
  url: z.string(),
  digest: z.string().nullable(),
  href: z.string().nullable().describe('Where the captured bytes are'),
});

export const captureSchema = z
  .object({
    digest: z.string().describe('Vault digest of the manifest'),
    version: z.string(),
    at: instantSchema.nullable(),
    images: z.array(imageSchema),
    isMissing: z.boolean().describe('The vault does not hold the manifest'),
  })
  .meta({ id: 'Capture' });

const listingSchema = z
  .object({
    id: z.string(),
    version: z.string(),
    title: z.string().nullable(),
    brand: z.string().nullable(),
    description: z.string().nullable(),
    category: z.string().nullable(),
    price: z.object({ amount: z.string(), currency: z.string() }).nullable(),
    seller: z.string().nullable(),
    url: z.string().nullable(),
    images: z.array(z.string()),
  })
  .meta({ id: 'Listing', description: 'The newest version that the register holds; the captures are what was decided on' });

export const rightSchema = z
  .object({
    id: z.string(),
    type: z.string(),
    jurisdiction: z.string(),
    status: z.string(),
    mark: z.string().nullable(),
    registration: z.string().nullable(),
    classes: z.array(z.string()),
    owner: z.string().nullable(),
  })
  .meta({ id: 'Right' });

export const referenceSchema = z
  .object({
    brand: z.string(),
    partNumber: z.string(),
    product: z.string(),
    price: z.object({ amount: z.string(), currency: z.string() }).nullable(),
    images: z.array(z.string()),
  })
  .meta({ id: 'Reference' });

const findingSchema = z
  .object({ detector: z.string(), version: z.int(), score: z.number(), reasons: z.array(z.string()) })
  .meta({ id: 'Finding', description: "A detector's reasons" });

export const caseViewSchema = z
  .object({
    ...lineSchema.shape,
    at: instantSchema.describe('The instant whose knowledge this is'),
    isPast: z.boolean().describe('Asked for with `at`: later facts are absent'),
    market: z.string().nullable(),
    riskClass: z.string().nullable(),
    policy: z.string().nullable().describe('Digest of the pinned policy version'),
    version: z.int().describe('Number of the last decision known'),
    owes: z.array(z.object({ kind: z.string(), key: z.string(), try: z.int() })).describe('Effects under way outside'),
    deadlines: z.array(deadlineSchema).describe('What runs, in order, and what silence will do'),
    actions: z.array(actionSchema),
    contestUntil: instantSchema.nullable(),
    listingNow: listingSchema.nullable(),
    captures: z.array(captureSchema),
    findings: z.array(findingSchema),
    rights: z.array(rightSchema),
    references: z.array(referenceSchema),
    seller: z
      .object({ id: z.string().nullable(), history: z.array(z.object({ status: z.string(), count: z.int() })) })
      .nullable()
      .describe('The seller, and how many cases it has in which status, among those the reader may see'),
    verdict: z.object({ verdict: z.string(), reasonCode: z.string(), basis: z.string(), at: instantSchema }).nullable(),
    measure: z
      .object({ measure: z.string(), points: z.int(), threshold: z.int(), until: instantSchema.nullable(), cases: z.array(z.string()) })
      .nullable()
      .describe('Of a sanction: what it does and on which grounds'),
    timeline: z.array(timelineEntrySchema),
    instants: z.array(instantSchema).describe('Every instant of the time slider, oldest first'),
    letters: z.array(z.object({ kind: z.string(), dueAt: instantSchema, state: z.string(), settledAt: instantSchema.nullable() })),
    ledger: z.array(z.object({ points: z.int(), countsFrom: instantSchema.nullable(), expiresAt: instantSchema, voided: z.boolean() })),
    appeals: z.array(lineSchema),
    related: z.array(lineSchema).describe('Other cases on the listing or with the seller that the reader may see'),
    seal: z.object({ sequence: z.int(), root: z.string(), at: instantSchema }).nullable(),
    cost: z
      .object({ decisions: z.int(), letters: z.int(), effects: z.int(), messages: z.int() })
      .nullable()
      .describe('What the case has cost so far, counted from its log'),
    faults: faultsSchema,
  })
  .meta({ id: 'CaseView', description: 'A case, appeal or sanction with everything that the reader may know of it' });
export type CaseView = z.output<typeof caseViewSchema>;

export const caseQuery = z.object({ at: instantQuery.optional().describe('Show what was known at this instant') });
