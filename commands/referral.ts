import { z } from 'zod';
import { FactKind } from '../domain/referral/totals.ts';
import { defineCommand } from './command.ts';
import { choice, file, goods, label, line, number, optional, personal, sourcedValues, text, vaultDigest } from './field.ts';

const reason = personal(text('Why'));

const brand = { ...line("The brand's organisation"), names: 'organisation' } as const;
const ofBrand = { operation: 'appraisal.give', tag: 'appraisals' } as const;

const DOCUMENT_KINDS = { certificate: 'certificate', appraisal: 'appraisal', priceStatement: 'price-statement' } as const;
const documents = z
  .array(
    z.strictObject({
      kind: z.enum(DOCUMENT_KINDS),
      about: line('').schema.describe('Of a certificate: the right; otherwise the brand'),
      digest: file('').schema,
    }),
  )
  .max(100)
  .default([])
  .describe('Files sent to /api/documents before');

const appraisalTexts = {
  appraisal: personal(text('What the goods are, and how it was found')),
  priceStatement: personal(text('What authentic goods cost')),
  contact: personal(line('Whom investigators may call')),
  contactMail: optional(personal(line('Mail address of the contact', 320))),
  contactPhone: optional(personal(line('Phone number of the contact', 64))),
};
const certificates = {
  schema: z.record(z.string(), z.string()).default({}),
  control: { kind: 'none' },
  sample: {},
  shape: 'pairs',
  isFile: true,
} as const;

const prepare = { operation: 'referral.prepare' } as const;

const record = { operation: 'referral.record' } as const;

const end = { operation: 'referral.end', fields: { reason } } as const;

/** Commands to a referral. */
export const referralCommands = {
  openReferral: defineCommand({
    name: 'referral.openReferral',
    summary: 'opens a referral, or returns the open one',
    operation: 'referral.open',
    isOpening: true,
    hasForm: false,
    fields: {
      seller: { ...personal(line('Any account of the actor')), names: 'seller' },
      recipient: { ...line('The authority', 128), names: 'recipient' },
      profile: optional(line("The profile of the packet; default: the authority's", 64)),
      reason,
    },
    byHand: [{ cli: 'referral open' }],
  }),
  giveAppraisal: defineCommand({
    name: 'referral.giveAppraisal',
    summary: "gives the brand's appraisal, price statement and contact; given again, it replaces what was said",
    ...ofBrand,
    path: '/api/appraisals/:id/answer',
    fields: { brand, ...appraisalTexts, documents: { schema: documents, control: { kind: 'none' }, sample: [], isFile: true } },
    handFields: {
      ...{ brand, ...appraisalTexts, certificates },
      appraisalFile: optional(file('The appraisal as a file')),
      priceFile: optional(file('The price statement as a file')),
    },
    joined: ({ certificates: rights = {}, appraisalFile, priceFile, ...rest }) => {
      const own = [
        { kind: DOCUMENT_KINDS.appraisal, digest: appraisalFile },
        { kind: DOCUMENT_KINDS.priceStatement, digest: priceFile },
      ];
      const given = Object.entries(Object(rights)).map(([about, digest]) => ({ kind: DOCUMENT_KINDS.certificate, about, digest }));
      return { ...rest, documents: [...given, ...own.flatMap((one) => (one.digest === undefined ? [] : [{ ...one, about: rest['brand'] }]))] };
    },
    byHand: [{ cli: 'referral appraise', steps: ['appraise'], options: { certificates: 'certificate' } }],
  }),
  declineAppraisal: defineCommand({
    name: 'referral.declineAppraisal',
    summary: 'declines the appraisal: the cases of the brand are left out',
    ...ofBrand,
    path: '/api/appraisals/:id/decline',
    fields: { brand, reason: optional(reason) },
    byHand: [{ cli: 'referral decline' }],
  }),
  rebuildPacket: defineCommand({
    name: 'referral.rebuildPacket',
    summary: 'builds the packet again',
    ...prepare,
    at: 'rebuild',
    fields: {},
    byHand: [{ cli: 'referral rebuild' }],
  }),
  waiveItem: defineCommand({
    name: 'referral.waiveItem',
    summary: 'waives a missing item that cannot be obtained',
    ...prepare,
    at: 'waiver',
    fields: { item: { ...line('The missing item', 64), control: { kind: 'choice', family: 'missing', values: [] } }, reason },
    byHand: [{ cli: 'referral waive', positional: ['item'] }],
  }),
  decideReferral: defineCommand({
    name: 'referral.decideReferral',
    summary: 'approves sending exactly this packet, which takes two people, or rejects it',
    operation: 'referral.decide',
    at: 'decision',
    fields: {
      decision: { ...choice('Whether the packet is sent', { approve: 'approve', reject: 'reject' }, 'decision'), isButton: true },
      packet: vaultDigest('Digest of exactly the packet that was looked at'),
      reason,
    },
    byHand: [
      {
        ...{ cli: 'referral approve', steps: ['approve-referral'], positional: ['packet'], fixed: { decision: 'approve' } },
        summary: 'approves sending exactly this packet; two people must approve',
      },
      { cli: 'referral reject', steps: ['reject-referral'], positional: ['packet'], fixed: { decision: 'reject' }, summary: 'rejects the packet' },
    ],
  }),
  recordReceipt: defineCommand({
    name: 'referral.recordReceipt',
    summary: 'records that the authority has received it',
    ...record,
    at: 'receipt',
    fields: { reference: line("The authority's own reference") },
    byHand: [{ cli: 'referral receipt', positional: ['reference'] }],
  }),
  recordQuestion: defineCommand({
    name: 'referral.recordQuestion',
    summary: 'records a question from the authority',
    ...record,
    at: 'questions',
    fields: { question: personal(text('What the authority asks')) },
    byHand: [{ cli: 'referral question', options: { question: 'text' } }],
  }),
  answerQuestion: defineCommand({
    name: 'referral.answerQuestion',
    summary: "answers one of the authority's questions by mail",
    ...record,
    at: 'answers',
    fields: { question: number('The number of the question, from 1', 10_000), answer: personal(text('The answer')) },
    byHand: [{ cli: 'referral answer', positional: ['question'], options: { answer: 'text' } }],
  }),
  recordAuthorityAction: defineCommand({
    name: 'referral.recordAuthorityAction',
    summary: 'records what the authority has done; reports on one fact add their sources',
    ...record,
    at: 'outcomes',
    fields: {
      outcome: choice('What was done', FactKind, 'outcome'),
      fact: optional(label('Name of the fact, shared by all reports on it; default: the kind of outcome', 'name')),
      goods: goods('Goods that were found'),
      values: sourcedValues('What they are worth, and who says so'),
      place: optional(personal({ ...text('Where it happened'), control: { kind: 'line' } })),
      cases: {
        schema: z.array(z.string().min(1).max(64)).max(200).default([]).describe('The cases concerned; none: all'),
        ...{ control: { kind: 'none' }, sample: [], shape: 'list', names: 'case' },
      },
    },
    completed: ({ fact, ...rest }) => ({ fact: fact ?? rest['outcome'], ...rest }),
    byHand: [{ cli: 'referral outcome', steps: ['record-outcome'], positional: ['outcome'], options: { values: 'value', cases: 'case' } }],
  }),
  recordRefusal: defineCommand({
    name: 'referral.recordRefusal',
    summary: 'records that the authority declines the referral',
    ...end,
    at: 'refusal',
    byHand: [{ cli: 'referral refuse' }],
  }),
  closeReferral: defineCommand({
    name: 'referral.closeReferral',
    summary: 'ends it, with whatever came of it',
    ...end,
    at: 'closing',
    byHand: [{ cli: 'referral close' }],
  }),
  withdrawReferral: defineCommand({
    name: 'referral.withdrawReferral',
    summary: 'takes it back',
    ...end,
    at: 'withdrawal',
    byHand: [{ cli: 'referral withdraw' }],
  }),
};
