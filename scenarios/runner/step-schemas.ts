import { z } from 'zod';
import { Verdict, VerdictBasis } from '../../domain/case/model.ts';
import { editSchema, faultSchema } from '../../embedded/marketplace/schemas.ts';
import { checkSchema } from './check-schemas.ts';
import { REFERRAL_SHAPES } from './referral-schemas.ts';
import { registerRows } from './row-schemas.ts';
import { appealReference, caseReference, sanctionReference, duration, elapsed, exactInstant, money, name } from './values.ts';

const text = z.string().min(1).max(20_000);

/** What every step may have. */
const step = {
  after: elapsed.optional(),
  at: exactInstant.optional(),
  who: name.optional(),
  comment: z.string().optional(),
  expect: z.array(checkSchema).optional(),
};

/** What every message from outside may have beside its arguments. */
const message = {
  ...step,
  who: name,
  as: z
    .string()
    .regex(/^[A-Za-z][\w-]*$/, 'is not a valid name: use letters, digits, hyphens')
    .optional(),
  'message-id': name.optional(),
  refused: name.optional(),
  events: z.array(name).optional(),
};

/** The case: by name, or by listing and holder. */
const target = { case: caseReference.optional(), listing: name.optional(), holder: name.optional() };
const appeal = { appeal: appealReference };
const sanction = { ...message, sanction: sanctionReference, reason: text };
const listing = { ...step, listing: name };
const basis = z.enum(VerdictBasis).default(VerdictBasis.image);

const answer = {
  ...message,
  ...target,
  verdict: z.enum(Verdict),
  'reason-code': name,
  basis,
  note: text.optional(),
  exhibit: name.optional(),
  'per-right': z.record(z.string(), z.enum(Verdict)).optional(),
};

const counts = { counts: z.partialRecord(z.enum(['done', 'refused', 'pending', 'wrong']), z.int().min(0)).optional() };
const swept = {
  scanned: z.int().min(0).optional(),
  opened: z.int().min(0).optional(),
  joined: z.int().min(0).optional(),
  known: z.int().min(0).optional(),
};
const rows = z.array(z.record(z.string(), z.unknown())).min(1).max(10_000);
const { on, kind, retryAfterSeconds, stallMs, times, shop } = faultSchema.shape;

const exhibit = {
  ...message,
  ...target,
  exhibit: z.string().regex(/^[\w.-]{1,64}$/, 'is not a valid exhibit number: use up to 64 letters, digits, dots, hyphens'),
};
const seal = { seal: name.optional() };

/** Test purchases and samples; media and reports are texts here, kept in the vault as files are. */
const exhibitSteps = {
  'order-test-purchase': z.strictObject({ ...exhibit, does: z.literal('order-test-purchase'), order: name, price: money }),
  'receive-exhibit': z.strictObject({
    ...{ ...exhibit, ...seal, does: z.literal('receive-exhibit'), what: text, condition: text },
    ...{ parent: name.optional(), media: z.array(text).default([]) },
  }),
  'transfer-exhibit': z.strictObject({
    ...{ ...exhibit, ...seal, does: z.literal('transfer-exhibit'), from: name.optional(), to: name, why: text },
    ...{ receiver: name.optional(), hash: name.optional() },
  }),
  'examine-exhibit': z.strictObject({
    ...{ ...exhibit, ...seal, does: z.literal('examine-exhibit'), verdict: z.enum(Verdict), report: text },
    ...{ agency: name.optional(), 'new-seal': name.optional() },
  }),
  'lose-exhibit': z.strictObject({ ...exhibit, does: z.literal('lose-exhibit'), why: text }),
} as const;

const r = REFERRAL_SHAPES;
const referralSteps = {
  'open-referral': z.strictObject({ ...message, does: z.literal('open-referral'), ...r['open-referral'] }),
  appraise: z.strictObject({ ...message, does: z.literal('appraise'), ...r.appraise }),
  'decline-appraisal': z.strictObject({ ...message, does: z.literal('decline-appraisal'), ...r['decline-appraisal'] }),
  'rebuild-packet': z.strictObject({ ...message, does: z.literal('rebuild-packet'), ...r['rebuild-packet'] }),
  'waive-item': z.strictObject({ ...message, does: z.literal('waive-item'), ...r['waive-item'] }),
  'approve-referral': z.strictObject({ ...message, does: z.literal('approve-referral'), ...r['approve-referral'] }),
  'reject-referral': z.strictObject({ ...message, does: z.literal('reject-referral'), ...r['reject-referral'] }),
  'record-receipt': z.strictObject({ ...message, does: z.literal('record-receipt'), ...r['record-receipt'] }),
  'record-refusal': z.strictObject({ ...message, does: z.literal('record-refusal'), ...r['record-refusal'] }),
  'record-question': z.strictObject({ ...message, does: z.literal('record-question'), ...r['record-question'] }),
  'answer-question': z.strictObject({ ...message, does: z.literal('answer-question'), ...r['answer-question'] }),
  'record-outcome': z.strictObject({ ...message, does: z.literal('record-outcome'), ...r['record-outcome'] }),
  'close-referral': z.strictObject({ ...message, does: z.literal('close-referral'), ...r['close-referral'] }),
  'withdraw-referral': z.strictObject({ ...message, does: z.literal('withdraw-referral'), ...r['withdraw-referral'] }),
} as const;

/** Every operation with its arguments. Those that the command line has too carry its names. */
export const stepSchemas = {
  import: z.strictObject({
    ...step,
    does: z.literal('import'),
    kind: z.enum(registerRows),
    rows: rows.optional(),
    file: name.optional(),
    marketplace: name.optional(),
    ...counts,
  }),
  'load-calendar': z.strictObject({ ...step, does: z.literal('load-calendar'), notice: z.record(z.string(), z.unknown()) }),
  sweep: z.strictObject({ ...step, does: z.literal('sweep'), marketplace: name.optional(), ...swept }),
  open: z.strictObject({ ...message, does: z.literal('open'), listing: name, holder: name, reason: text }),
  verdict: z.strictObject({ ...answer, does: z.literal('verdict') }),
  correct: z.strictObject({ ...answer, does: z.literal('correct') }),
  answer: z.strictObject({ ...step, who: name, does: z.literal('answer'), rows: rows.optional(), file: name.optional(), ...counts }),
  cancel: z.strictObject({ ...message, ...target, does: z.literal('cancel'), reason: text.optional() }),
  extend: z.strictObject({ ...message, ...target, does: z.literal('extend'), by: duration }),
  contest: z.strictObject({ ...message, ...target, does: z.literal('contest'), statement: text }),
  'identify-seller': z.strictObject({ ...message, ...target, does: z.literal('identify-seller'), seller: name }),
  ...exhibitSteps,
  'decide-appeal': z.strictObject({
    ...message,
    ...appeal,
    does: z.literal('decide-appeal'),
    decision: z.enum(['uphold', 'overturn']),
    reason: text,
  }),
  'withdraw-appeal': z.strictObject({ ...message, ...appeal, does: z.literal('withdraw-appeal') }),
  'file-notice': z.strictObject({ ...message, ...appeal, does: z.literal('file-notice'), basis }),
  'approve-sanction': z.strictObject({ ...sanction, does: z.literal('approve-sanction') }),
  'reject-sanction': z.strictObject({ ...sanction, does: z.literal('reject-sanction') }),
  'lift-sanction': z.strictObject({ ...sanction, does: z.literal('lift-sanction') }),
  ...referralSteps,
  revoke: z.strictObject({ ...step, does: z.literal('revoke'), person: name }),
  wait: z.strictObject({ ...step, does: z.literal('wait') }),
  'edit-listing': z.strictObject({ ...listing, does: z.literal('edit-listing'), changes: editSchema }),
  'sell-out': z.strictObject({ ...listing, does: z.literal('sell-out') }),
  'remove-listing': z.strictObject({ ...listing, does: z.literal('remove-listing') }),
  order: z.strictObject({ ...listing, does: z.literal('order'), n: z.int().min(1).default(1) }),
  'marketplace-fault': z.strictObject({
    ...step,
    does: z.literal('marketplace-fault'),
    on,
    kind,
    listing: name.optional(),
    shop,
    times,
    for: elapsed.optional(),
    'retry-after-seconds': retryAfterSeconds,
    'stall-ms': stallMs.optional(),
  }),
  'mail-fault': z.strictObject({
    ...step,
    does: z.literal('mail-fault'),
    kind: z.enum(['4xx', '5xx', 'drop']),
    recipient: name.optional(),
    times,
    for: elapsed.optional(),
  }),
  'end-faults': z.strictObject({ ...step, does: z.literal('end-faults') }),
} as const;
export type Operation = keyof typeof stepSchemas;
export type StepOf<K extends Operation> = z.output<(typeof stepSchemas)[K]>;

const o = stepSchemas;

/** One step. */
export const stepSchema = z.discriminatedUnion('does', [
  ...([o.import, o['load-calendar'], o.sweep, o.open, o.verdict, o.correct, o.answer, o.cancel, o.extend, o.contest, o['identify-seller']] as const),
  ...([
    o['decide-appeal'],
    o['withdraw-appeal'],
    o['file-notice'],
    o['approve-sanction'],
    o['reject-sanction'],
    o['lift-sanction'],
    o.revoke,
    o.wait,
    o['edit-listing'],
    o['sell-out'],
  ] as const),
  ...([o['order-test-purchase'], o['receive-exhibit'], o['transfer-exhibit'], o['examine-exhibit'], o['lose-exhibit']] as const),
  ...([o['open-referral'], o.appraise, o['decline-appraisal'], o['rebuild-packet'], o['waive-item'], o['approve-referral']] as const),
  ...([o['reject-referral'], o['record-receipt'], o['record-refusal'], o['record-question'], o['answer-question']] as const),
  ...([o['record-outcome'], o['close-referral'], o['withdraw-referral']] as const),
  ...([o['remove-listing'], o.order, o['marketplace-fault'], o['mail-fault'], o['end-faults']] as const),
]);
export type Step = z.output<typeof stepSchema>;

/** All operations, for explanations. */
export const OPERATIONS: readonly Operation[] = Object.keys(stepSchemas).filter((key): key is Operation => key in stepSchemas);

/** Steps about test purchases and samples: messages to the open case that they belong to. */
export type ExhibitStep = StepOf<'order-test-purchase' | 'receive-exhibit' | 'transfer-exhibit' | 'examine-exhibit' | 'lose-exhibit'>;
export const EXHIBIT_STEPS: readonly ExhibitStep['does'][] = [
  'order-test-purchase',
  'receive-exhibit',
  'transfer-exhibit',
  'examine-exhibit',
  'lose-exhibit',
];
