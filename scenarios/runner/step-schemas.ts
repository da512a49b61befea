import { z } from 'zod';
import { Verdict, VerdictBasis } from '../../domain/case/model.ts';
import { editSchema, faultSchema } from '../../embedded/marketplace/schemas.ts';
import { checkSchema } from './check-schemas.ts';
import { registerRows } from './row-schemas.ts';
import { appealReference, caseReference, sanctionReference, duration, elapsed, exactInstant, name } from './values.ts';

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
    .regex(/^[A-Za-z][\w-]*$/, 'is no name: letters, digits, hyphens')
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
  sweep: z.strictObject({ ...step, does: z.literal('sweep'), marketplace: name.optional(), ...swept }),
  open: z.strictObject({ ...message, does: z.literal('open'), listing: name, holder: name, reason: text }),
  verdict: z.strictObject({ ...answer, does: z.literal('verdict') }),
  correct: z.strictObject({ ...answer, does: z.literal('correct') }),
  answer: z.strictObject({ ...step, who: name, does: z.literal('answer'), rows: rows.optional(), file: name.optional(), ...counts }),
  cancel: z.strictObject({ ...message, ...target, does: z.literal('cancel'), reason: text.optional() }),
  extend: z.strictObject({ ...message, ...target, does: z.literal('extend'), by: duration }),
  contest: z.strictObject({ ...message, ...target, does: z.literal('contest'), statement: text }),
  'identify-seller': z.strictObject({ ...message, ...target, does: z.literal('identify-seller'), seller: name }),
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
  ...([o.import, o.sweep, o.open, o.verdict, o.correct, o.answer, o.cancel, o.extend, o.contest, o['identify-seller']] as const),
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
  ...([o['remove-listing'], o.order, o['marketplace-fault'], o['mail-fault'], o['end-faults']] as const),
]);
export type Step = z.output<typeof stepSchema>;

/** All operations, for explanations. */
export const OPERATIONS: readonly Operation[] = Object.keys(stepSchemas).filter((key): key is Operation => key in stepSchemas);
