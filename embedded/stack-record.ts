import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { processMark } from '../scripts/owner-lock.js';

/** Where the parts of a running stack are. `databaseUrl` holds a password: never print it. */
const addressesSchema = z.object({
  databaseUrl: z.string().optional(),
  /** host:port */
  temporal: z.string().optional(),
  temporalUi: z.string().optional(),
  smtpUrl: z.string().optional(),
  mailbox: z.string().optional(),
  /** Where the mailbox brings mail to the address that replies go to. */
  inboundMail: z.object({ address: z.string(), host: z.string(), port: z.number().int() }).optional(),
  marketplace: z.string().optional(),
});
export type StackAddresses = z.output<typeof addressesSchema>;

const recordSchema = z.object({
  v: z.literal(1),
  basePort: z.number().int(),
  owner: z.object({ pid: z.number().int(), mark: z.string().optional() }).optional(),
  addresses: addressesSchema.optional(),
});

/** What `stack.json` in the data folder says; other processes find the stack through it. */
export type StackRecord = z.output<typeof recordSchema>;

/** The stack of a data folder as it is now. */
export type StackState =
  | { readonly state: 'running'; readonly pid: number; readonly basePort: number; readonly addresses: StackAddresses }
  | { readonly state: 'starting'; readonly pid: number; readonly basePort: number }
  | { readonly state: 'stopped'; readonly basePort?: number | undefined };

function pathOf(data: string): string {
  return join(data, 'stack.json');
}

/** Reads the state of a stack; a record whose owner is dead counts as stopped. */
export function readStack(data: string): StackState {
  const record = readRecord(data);
  if (record?.owner === undefined || processMark(record.owner.pid) !== record.owner.mark) return { state: 'stopped', basePort: record?.basePort };
  const {
    owner: { pid },
    basePort,
    addresses,
  } = record;
  return addresses === undefined ? { state: 'starting', pid, basePort } : { state: 'running', pid, basePort, addresses };
}

function readRecord(data: string): StackRecord | undefined {
  try {
    return recordSchema.parse(JSON.parse(readFileSync(pathOf(data), 'utf8')));
  } catch {
    // Absent, or from a power cut: the stack chooses its ports anew.
    return undefined;
  }
}

/** Writes the record, readable by its user only, whole or not at all. */
export function writeRecord(data: string, record: StackRecord): void {
  const draft = `${pathOf(data)}.${randomBytes(4).toString('hex')}.tmp`;
  writeFileSync(draft, `${JSON.stringify(record, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(draft, pathOf(data));
}
