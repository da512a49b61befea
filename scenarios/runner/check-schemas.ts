import { z } from 'zod';
import { Language } from '../../domain/packet/facts.ts';
import { PacketItem, profileIds } from '../../domain/packet/profile.ts';
import {
  appealReference,
  caseReference,
  referralReference,
  sanctionReference,
  expectedInstant,
  expectedInstantOrNone,
  instantPrefix,
  name,
} from './values.ts';

const count = z.int().min(0);

/** `CaseOpened`, `CaseOpened at 2025-10-13T09:00`, or { type, at, with: fields that the event must have }. */
const expectedEvent = z.union([
  z.string().transform((text, context) => {
    const [, type, at] = /^(\w+)(?: at (\S+))?$/.exec(text) ?? [];
    const prefix = at === undefined ? undefined : instantPrefix(at);
    if (type === undefined || (at !== undefined && prefix === undefined)) {
      context.addIssue({ code: 'custom', message: `"${text}" is no expected event: write "CaseOpened" or "CaseOpened at 2025-10-13T09:00"` });
    }
    return { type: type ?? '', ...(prefix !== undefined && { at: prefix }) };
  }),
  z.strictObject({ type: name, at: expectedInstant.optional(), with: z.record(z.string(), z.unknown()).optional() }),
]);
export type ExpectedEvent = z.output<typeof expectedEvent>;

const chain = {
  exists: z.boolean().optional(),
  status: z.string().optional(),
  decisions: count.optional(),
  events: z.array(expectedEvent).optional(),
  includes: z.array(expectedEvent).optional(),
  excludes: z.array(name).optional(),
  refusals: z.array(name).optional(),
  deadline: z.union([z.literal('none'), z.strictObject({ rule: name.optional(), at: expectedInstant.optional() })]).optional(),
};

/** All instants in order, or the one that all share. */
const instants = z.union([expectedInstant, z.array(expectedInstant)]);
/** Texts that each must contain. */
const contained = z.union([z.string(), z.array(z.string())]).transform((texts) => (typeof texts === 'string' ? [texts] : texts));
const lettersAbout = { case: caseReference.optional(), kind: name.optional(), to: name.optional() };
const marketplaceCounts = z.record(z.string(), count);

/** Every subject that an expectation can be about: what stands under its name says which, the fields beside it what is expected. */
export const checkSchemas = {
  case: z.strictObject({
    case: caseReference,
    ...chain,
    appeals: count.optional(),
    versions: count.optional(),
    'risk-class': z.enum(['standard', 'high']).optional(),
    'linked-to': z.union([z.literal('none'), caseReference]).optional(),
    detectors: z.array(name).optional(),
  }),
  appeal: z.strictObject({ appeal: appealReference, ...chain }),
  sanction: z.strictObject({ sanction: sanctionReference, ...chain }),
  sanctions: z.strictObject({
    sanctions: z.strictObject({ seller: name, status: name.optional(), step: count.optional() }),
    count: count.optional(),
  }),
  packet: z.strictObject({
    packet: z
      .strictObject({
        case: caseReference.optional(),
        referral: referralReference.optional(),
        profile: z.enum(profileIds()).optional(),
        language: z.enum(Language).optional(),
        disclose: z.array(name).optional(),
      })
      .refine((of) => (of.case === undefined) !== (of.referral === undefined), 'names neither or both: write case: or referral:'),
    missing: z.array(z.enum(PacketItem)).optional(),
    refused: z.array(z.enum(PacketItem)).optional(),
    has: z.array(name).optional(),
    lacks: z.array(name).optional(),
  }),
  referral: z.strictObject({
    referral: referralReference,
    ...chain,
    reference: name.optional(),
    stage: name.optional(),
    missing: z.array(name).optional(),
    sent: count.optional(),
    cases: count.optional(),
    'left-out': count.optional(),
    brands: z.record(z.string(), name).optional(),
    totals: z.array(name).optional(),
  }),
  referrals: z.strictObject({
    referrals: z.strictObject({ seller: name.optional(), recipient: name.optional(), status: name.optional() }),
    count: count.optional(),
  }),
  totals: z.strictObject({ totals: z.array(name) }),
  shop: z.strictObject({
    shop: name,
    status: z.enum(['open', 'closed']).optional(),
    measure: z.enum(['restrict', 'freeze', 'none']).optional(),
    effects: marketplaceCounts.optional(),
  }),
  cases: z.strictObject({
    cases: z.strictObject({
      status: name.optional(),
      holder: name.optional(),
      listing: name.optional(),
      seller: name.optional(),
      marketplace: name.optional(),
    }),
    count: count.optional(),
    listings: z.array(name).optional(),
  }),
  queue: z.strictObject({ queue: name, count: count.optional(), listings: z.array(name).optional() }),
  mails: z.strictObject({
    mails: z.strictObject({ to: name.optional(), kind: name.optional(), subject: name.optional(), text: name.optional() }),
    count: count.optional(),
    at: instants.optional(),
    subject: contained.optional(),
    text: contained.optional(),
  }),
  'shop-messages': z.strictObject({
    'shop-messages': z.strictObject({ shop: name, subject: name.optional(), text: name.optional() }),
    count: count.optional(),
    at: instants.optional(),
    subject: contained.optional(),
    text: contained.optional(),
  }),
  letters: z.strictObject({
    letters: z.strictObject({ ...lettersAbout, state: name.optional() }),
    count: count.optional(),
    state: name.optional(),
    due: instants.optional(),
    at: instants.optional(),
  }),
  listing: z.strictObject({
    listing: name,
    status: z.enum(['live', 'removed', 'sold-out', 'gone']).optional(),
    orders: count.optional(),
    grounds: count.optional(),
    effects: marketplaceCounts.optional(),
    answers: marketplaceCounts.optional(),
    requests: marketplaceCounts.optional(),
    at: instants.optional(),
  }),
  ledger: z.strictObject({
    ledger: z.strictObject({ seller: name.optional(), listing: name.optional(), holder: name.optional() }),
    count: count.optional(),
    points: z.int().min(0).optional(),
    'counts-from': expectedInstantOrNone.optional(),
    'expires-at': expectedInstant.optional(),
    voided: z.boolean().optional(),
  }),
} as const;
export type CheckSubject = keyof typeof checkSchemas;
export type CheckOf<K extends CheckSubject> = z.output<(typeof checkSchemas)[K]>;

const s = checkSchemas;

/** One expectation. */
export const checkSchema = z.union([
  s.case,
  s.appeal,
  s.sanction,
  s.sanctions,
  s.packet,
  s.referral,
  s.referrals,
  s.totals,
  s.shop,
  s.cases,
  s.queue,
  s.mails,
  s['shop-messages'],
  s.letters,
  s.listing,
  s.ledger,
]);
export type Check = z.output<typeof checkSchema>;

/** All subjects, for explanations. */
export const CHECK_SUBJECTS: readonly CheckSubject[] = Object.keys(checkSchemas).filter((key): key is CheckSubject => key in checkSchemas);
