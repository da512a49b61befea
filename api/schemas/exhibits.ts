import { z } from 'zod';
import { faultsSchema, instantSchema } from './basics.ts';
import { actionSchema } from './case.ts';
import { missingSchema, moneyOutSchema } from './referrals.ts';

const fileSchema = z.object({ digest: z.string(), href: z.string().nullable().describe('Where it can be read; null: not by you') });

const stepSchema = z
  .object({
    at: instantSchema,
    act: z.enum(['ordered', 'received', 'transferred', 'examined', 'lost']),
    organisation: z.string().describe('Who holds it from then on'),
    person: z.string().nullable().describe('Who recorded it, as far as you may know'),
    from: z.string().nullable(),
    receiver: z.string().nullable(),
    what: z.string().nullable(),
    condition: z.string().nullable(),
    why: z.string().nullable(),
    result: z.string().nullable(),
    seal: z.string().nullable(),
    newSeal: z.string().nullable(),
    hash: z.string().nullable(),
    files: z.array(fileSchema),
  })
  .meta({ id: 'CustodyStep' });
export type StepOut = z.output<typeof stepSchema>;

export const exhibitSchema = z
  .object({
    exhibit: z.string(),
    source: z.object({ kind: z.string(), parent: z.string().nullable(), order: z.string().nullable(), price: moneyOutSchema.nullable() }),
    custodian: z.string().nullable(),
    isAtHand: z.boolean(),
    gap: z.object({ exhibit: z.string(), step: z.int(), what: z.string() }).nullable().describe('Where the chain of custody does not hold together'),
    custody: z.array(stepSchema),
    actions: z.array(actionSchema),
  })
  .meta({ id: 'Exhibit', description: 'A physical sample with everything that happened to it' });

export const exhibitsSchema = z
  .object({ case: z.string(), exhibits: z.array(exhibitSchema), actions: z.array(actionSchema), faults: faultsSchema })
  .meta({ id: 'Exhibits' });
export type ExhibitsOut = z.output<typeof exhibitsSchema>;

export const storedSchema = z.object({ digest: z.string().describe('What messages name it by'), size: z.int() }).meta({ id: 'StoredDocument' });

export const packetSchema = z
  .object({
    id: z.string(),
    profile: z.string(),
    isComplete: z.boolean(),
    isRefused: z.boolean().describe('Something that is missing keeps it from being written'),
    missing: z.array(missingSchema),
    files: z.array(z.object({ path: z.string(), size: z.int(), sha256: z.string() })).describe('Empty when it is refused'),
  })
  .meta({ id: 'PacketReport', description: 'What is missing from a packet, with the cure, and what would be in it' });
