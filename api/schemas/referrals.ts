import { z } from 'zod';
import { Stage } from '../../domain/referral/model.ts';
import { faultsSchema, instantQuery, instantSchema, pageQuery } from './basics.ts';
import { actionSchema, deadlineSchema, timelineEntrySchema } from './case.ts';

const page = <T extends z.ZodType>(line: T) => z.object({ lines: z.array(line), next: z.string().nullable() });
const range = z.object({ least: z.int(), most: z.int() });
export const moneyOutSchema = z.object({ amount: z.string(), currency: z.string() });

export const missingSchema = z
  .object({
    item: z.string(),
    where: z.string().describe('What it is missing from: a case, a right, a rights holder, an exhibit'),
    what: z.string(),
    cure: z.string(),
    refuses: z.boolean().describe('Nothing goes out without it'),
  })
  .meta({ id: 'MissingItem', description: 'Something that the recipient expects and the packet does not have' });

const lineShape = {
  id: z.string(),
  status: z.string(),
  isFinal: z.boolean(),
  actor: z.string().nullable().describe('The party behind the seller accounts'),
  recipient: z.string(),
  recipientName: z.string().nullable(),
  number: z.int().describe('Counts the referrals of this actor to this recipient'),
  openedAt: instantSchema,
  changedAt: instantSchema,
  due: instantSchema.nullable(),
  dueRule: z.string().nullable(),
};
export const referralsSchema = page(z.object(lineShape).meta({ id: 'ReferralLine' })).meta({ id: 'Referrals' });
export type ReferralsOut = z.output<typeof referralsSchema>;

export const referralQuery = z.object({
  status: z.string().min(1).max(32).optional(),
  open: z.enum(['true', 'false']).optional().describe('Only open, or only closed ones'),
  seller: z.string().min(1).max(256).optional().describe('Any account of the actor'),
  recipient: z.string().min(1).max(128).optional(),
  dueBefore: instantQuery.optional(),
  ...pageQuery,
});
export type ReferralQuery = z.output<typeof referralQuery>;

export const recipientSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    mail: z.string().nullable(),
    country: z.string(),
    markets: z.array(z.string()).describe('Where it has jurisdiction'),
    takes: z.array(z.string()).describe('Types of rights; empty: all'),
    language: z.string(),
    profiles: z.array(z.string()).describe('Packet profiles that it takes, the preferred one first'),
  })
  .meta({ id: 'Recipient', description: 'An authority that takes referrals, as the register has it now' });
export const recipientsSchema = page(recipientSchema).meta({ id: 'Recipients' });
export const recipientQuery = z.object(pageQuery);

const linkedCaseSchema = z
  .object({
    case: z.string(),
    holder: z.string(),
    listing: z.string(),
    market: z.string(),
    rightTypes: z.array(z.string()),
    sales: moneyOutSchema.nullable().describe('Price in the register times completed orders at removal'),
    root: z.string().describe("Hash of the case's last decision"),
  })
  .meta({ id: 'LinkedCase' });

const documentSchema = z.object({ kind: z.string(), about: z.string(), digest: z.string(), href: z.string().nullable() });
const wordsShape = {
  at: instantSchema,
  appraisal: z.string().nullable().describe('Null: erased'),
  priceStatement: z.string().nullable(),
  contact: z.string().nullable(),
  contactMail: z.string().nullable(),
  contactPhone: z.string().nullable(),
  documents: z.array(documentSchema),
};
const givenSchema = z.object(wordsShape).nullable().describe('What the brand said; null: nothing yet');
const brandSchema = z.object({ brand: z.string(), brandName: z.string().nullable(), given: givenSchema });
export type BrandOut = z.output<typeof brandSchema>;
export type GivenOut = BrandOut['given'];

const submissionShape = {
  submission: z.int().describe('From the second on a supplement'),
  cases: z.array(linkedCaseSchema),
  brands: z.array(brandSchema),
};
const packetShape = { packet: z.string(), href: z.string().describe('The packet, byte for byte') };

export const totalsSchema = z
  .object({
    facts: z.record(z.string(), z.int()),
    goods: z.record(z.string(), range),
    values: z.record(z.string(), range).describe('In the smallest unit of each currency; where sources disagree, a range'),
    words: z.array(z.string()),
  })
  .meta({ id: 'OutcomeTotals' });
export const totalsQuery = z.object({
  referral: z.string().min(1).max(64).optional(),
  from: instantQuery.optional(),
  until: instantQuery.optional().describe('Exclusive'),
});

export const factSchema = z
  .object({
    fact: z.string(),
    outcome: z.string(),
    at: instantSchema.describe('When it was first reported'),
    goods: z.array(z.object({ what: z.string(), quantity: z.number() })),
    values: z.array(z.object({ value: moneyOutSchema, source: z.string() })),
    places: z.array(z.string()),
    cases: z.array(z.string()).describe('Empty: all of the referral'),
  })
  .meta({ id: 'AuthorityFact', description: 'Something that the authority did, with all that was reported of it' });

export const referralViewSchema = z
  .object({
    ...lineShape,
    at: instantSchema.describe('The instant whose knowledge this is'),
    isPast: z.boolean(),
    recipientNow: recipientSchema.nullable().describe('Null: it is no longer in the register'),
    openedBy: z.string().nullable().describe('Who opened it by hand; null: the engine, at the threshold'),
    profile: z.string(),
    policy: z.string(),
    version: z.int().describe('Number of the last decision known'),
    reference: z.string().nullable().describe("The authority's own"),
    draft: z
      .object({
        ...submissionShape,
        stage: z.enum(Stage),
        remindAt: instantSchema.nullable(),
        until: instantSchema.nullable().describe('End of the time that brands have'),
        packet: z.string().nullable().describe('Digest; a decision names exactly this one'),
        href: z.string().nullable(),
        missing: z.array(missingSchema.extend({ isWaived: z.boolean() })),
        proposedBy: z.string().nullable().describe('Who is the first of the two people for sending'),
      })
      .nullable()
      .describe('The submission in preparation'),
    sent: z.array(z.object({ ...submissionShape, ...packetShape, at: instantSchema, state: z.string() })),
    leftOut: z.array(z.object({ case: z.string(), reason: z.string() })),
    waived: z.array(z.string()),
    questions: z.array(z.object({ number: z.int(), question: z.string(), answer: z.string().nullable() })),
    outcomes: z.array(factSchema),
    totals: totalsSchema,
    owes: z.array(z.object({ kind: z.string(), key: z.string(), try: z.int() })),
    deadlines: z.array(deadlineSchema),
    actions: z.array(actionSchema),
    timeline: z.array(timelineEntrySchema),
    instants: z.array(instantSchema),
    letters: z.array(z.object({ kind: z.string(), dueAt: instantSchema, state: z.string(), settledAt: instantSchema.nullable() })),
    seal: z.object({ sequence: z.int(), root: z.string(), at: instantSchema }).nullable(),
    cost: z.object({ decisions: z.int(), letters: z.int(), effects: z.int(), messages: z.int() }),
    faults: faultsSchema,
  })
  .meta({ id: 'ReferralView', description: "A referral with everything that happened in it, for the platform's people" });
export type ReferralOut = z.output<typeof referralViewSchema>;

export const candidateQuery = z.object(pageQuery);
export type CandidateQuery = z.output<typeof candidateQuery>;
const candidateSchema = z
  .object({
    actor: z.string().describe('The party behind the seller accounts'),
    seller: z.string().describe('One of its accounts: what a referral is opened with'),
    name: z.string(),
    recipients: z.array(z.object({ id: z.string(), name: z.string() })).describe('Authorities that may get at least one of the cases'),
    cases: z.array(
      z.object({
        id: z.string(),
        listing: z.string(),
        title: z.string().nullable(),
        holder: z.string(),
        holderName: z.string().nullable(),
        seller: z.string(),
        recipients: z.array(z.string()).describe('Ids of the authorities that may get it'),
      }),
    ),
  })
  .meta({ id: 'ReferralCandidate', description: 'A seller with sealed cases that a referral could be opened on now' });
export const candidatesSchema = page(candidateSchema).extend({ faults: faultsSchema }).meta({ id: 'ReferralCandidates' });
export type CandidatesOut = z.output<typeof candidatesSchema>;

const partShape = {
  referral: z.string(),
  brand: z.string(),
  brandName: z.string().nullable(),
  stage: z.string(),
  cases: z.array(z.string()).describe('Your own'),
  until: instantSchema.nullable().describe('End of the time to answer; null: nothing is asked of you now'),
};
export const appraisalsSchema = page(z.object(partShape).meta({ id: 'AppraisalLine' }))
  .extend({ faults: faultsSchema })
  .meta({ id: 'Appraisals' });
export type AppraisalsOut = z.output<typeof appraisalsSchema>;
export const appraisalQuery = z.object({ stage: z.string().min(1).max(32).optional(), ...pageQuery });
export type AppraisalQuery = z.output<typeof appraisalQuery>;

export const appraisalViewSchema = z
  .object({
    referral: z.string(),
    at: instantSchema,
    parts: z.array(
      z.object({ ...partShape, given: givenSchema, outcomes: z.array(factSchema.pick({ outcome: true, at: true, goods: true, values: true })) }),
    ),
    actions: z.array(actionSchema),
    faults: faultsSchema,
  })
  .meta({ id: 'AppraisalView', description: 'What a brand is asked for a referral of its cases, and what came of them' });
export type AppraisalOut = z.output<typeof appraisalViewSchema>;
