import { z } from 'zod';
import { fieldsByHand, schemaByHand } from '../../commands/by-hand.ts';
import { CATALOGUE } from '../../commands/catalogue.ts';
import { type ByHand, type Command, nameByHand, partsOf } from '../../commands/command.ts';
import type { Field } from '../../commands/field.ts';
import type { AggregateKind } from '../../domain/ids.ts';
import { editSchema, faultSchema } from '../../embedded/marketplace/schemas.ts';
import { checkSchema } from './check-schemas.ts';
import { registerRows } from './row-schemas.ts';
import { appealReference, caseReference, elapsed, exactInstant, name, referralReference, sanctionReference } from './values.ts';

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

const listing = { ...step, listing: name };

const counts = { counts: z.partialRecord(z.enum(['done', 'refused', 'pending', 'wrong']), z.int().min(0)).optional() };
const swept = {
  scanned: z.int().min(0).optional(),
  opened: z.int().min(0).optional(),
  joined: z.int().min(0).optional(),
  known: z.int().min(0).optional(),
};
const rows = z.array(z.record(z.string(), z.unknown())).min(1).max(10_000);
const { on, kind, retryAfterSeconds, stallMs, times, shop } = faultSchema.shape;

/** What a message says of the aggregate that it goes to. */
const TARGETS = {
  // By name, or by listing and holder.
  case: { case: caseReference.optional(), listing: name.optional(), holder: name.optional() },
  appeal: { appeal: appealReference },
  sanction: { sanction: sanctionReference },
  referral: { referral: referralReference },
} as const satisfies Record<AggregateKind, z.ZodRawShape>;

/** A command of the catalogue as a story gives it. Files are texts here, kept in the vault as files are. */
function messageSchema(command: Command, way: ByHand, does: string): z.ZodObject {
  const [kind] = partsOf(command.name);
  const asked = Object.entries(fieldsByHand(command, way)).map(([field, one]) => [nameByHand(way, field), argument(field, one)] as const);
  return z.strictObject({ ...message, ...(!command.isOpening && TARGETS[kind]), does: z.literal(does), ...Object.fromEntries(asked) });
}

function argument(name: string, field: Field): z.ZodType {
  if (field.names === 'case') return z.array(caseReference).default([]);
  // A story need not know a digest: without it, it is the packet that the referral names at that moment.
  return name === 'packet' ? schemaByHand(field).optional() : schemaByHand(field);
}

/** The command that each step gives, and how. */
export const MESSAGES: ReadonlyMap<string, { readonly command: Command; readonly way: ByHand }> = new Map(
  CATALOGUE.flatMap((command) => command.byHand.flatMap((way) => way.steps.map((does) => [does, { command, way }] as const))),
);

/** Operations that are no commands. */
const otherSchemas = {
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
  answer: z.strictObject({ ...step, who: name, does: z.literal('answer'), rows: rows.optional(), file: name.optional(), ...counts }),
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
type Other = keyof typeof otherSchemas;
export type StepOf<K extends Other> = z.output<(typeof otherSchemas)[K]>;
export type OtherStep = { [K in Other]: StepOf<K> }[Other];
/** A step that is a message from outside, with the arguments of its command. */
export type MessageStep = { readonly does: string } & z.output<z.ZodObject<typeof message>> & Readonly<Record<string, unknown>>;
export type Step = OtherStep | MessageStep;

/** Whether the step is no message. */
export function isOther(step: Step): step is OtherStep {
  return Object.hasOwn(otherSchemas, step.does);
}

/** Every operation with its arguments. */
export const stepSchemas: Readonly<Record<string, z.ZodObject>> = {
  ...otherSchemas,
  ...Object.fromEntries([...MESSAGES].map(([does, { command, way }]) => [does, messageSchema(command, way, does)])),
};

/** All operations, for explanations. */
export const OPERATIONS: readonly string[] = Object.keys(stepSchemas);

const [first, ...others] = Object.values(stepSchemas);
if (first === undefined) throw new Error('there is no operation');

/** One step. The catalogue's commands are known at run time only, so that their arguments have no type. */
export const stepSchema = z.discriminatedUnion('does', [first, ...others]) as unknown as z.ZodType<Step, unknown>;
