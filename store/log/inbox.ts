import { Capacity } from '../../domain/aggregate.ts';
import { isAggregateId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Disclosure } from '../../domain/salted.ts';
import type { Clock } from '../../domain/clock.ts';
import { type CommandResult, InboxRow } from '../schema/entities/log.ts';
import { WORK_CHANNEL } from '../outbox/messages.ts';
import { shareAggregate } from './locks.ts';
import type { Manager } from '../connection/orm.ts';
import { statement } from '../connection/statement.ts';

/** Messages that open something are addressed to intake: there is no aggregate yet. */
export const INTAKE = 'intake';

/** The dispatcher repeats a signal that got lost from here on, in machine milliseconds; each repetition doubles the wait. */
export const SIGNAL_AGAIN_MS = 5_000;

/** A message as its sender gives it. `content` is the command without id and instant, personal values salted. */
export interface Message {
  readonly id: string;
  readonly aggregate: string;
  readonly sender: string;
  readonly content: Readonly<Record<string, unknown>>;
  /** Digest of what the sender meant, before salting: tells a repetition from a reused id. */
  readonly fingerprint: string;
  readonly disclosures?: readonly Disclosure[];
  /** Whether whoever accepts it signals its workflow after the commit. Absent: the dispatcher does so, at once. */
  readonly isSignalled?: boolean;
}

export type Acceptance =
  | { readonly kind: 'accepted'; readonly receivedAt: Instant }
  | { readonly kind: 'duplicate'; readonly receivedAt: Instant; readonly answer?: CommandResult }
  | { readonly kind: 'id-reused' };

/**
 * Accepts a message: durable from the commit of the caller's transaction on. `receivedAt` is read from the clock while the
 * aggregate's lock is held shared, so that nothing accepted earlier can be overtaken by a decision (design.md section 2.1).
 * Must run inside a transaction.
 */
export async function acceptMessage(em: Manager, clock: Clock, message: Message): Promise<Acceptance> {
  if (!em.isInTransaction()) throw new Error('a message is accepted inside a transaction only');
  await shareAggregate(em, message.aggregate);
  const receivedAt = clock.now();
  const machine = { signalAgainAt: Date.now() + (message.isSignalled === true ? SIGNAL_AGAIN_MS : 0) };
  const [inserted] = await statement(em, ACCEPT, [
    message.id,
    message.aggregate,
    receivedAt,
    message.sender,
    JSON.stringify(message.content),
    message.fingerprint,
    machine.signalAgainAt,
    JSON.stringify(message.disclosures ?? []),
  ]);
  return inserted === undefined ? repeated(em, message) : { kind: 'accepted', receivedAt };
}

/** The row and what is behind its salted values; the notice is for messages that no workflow waits for. */
const ACCEPT = `with
  accepted as (
    insert into inbox (id, aggregate, workflow, received_at, sender, content, fingerprint, signal_again_at)
    values ($1, $2, $2, $3, $4, $5::jsonb, $6, $7) on conflict do nothing returning id ),
  told as (
    insert into disclosure (digest, salt, value)
    select digest, salt, value from jsonb_to_recordset($8::jsonb) as x(digest text, salt text, value text), accepted
    on conflict do nothing )
  select pg_notify('${WORK_CHANNEL}', '') from accepted`;

async function repeated(em: Manager, message: Message): Promise<Acceptance> {
  const known = await em.findOne(InboxRow, { id: message.id });
  if (known === null || known.fingerprint !== message.fingerprint || known.aggregate !== message.aggregate) return { kind: 'id-reused' };
  const receivedAt = known.receivedAt as Instant;
  return known.answer == null ? { kind: 'duplicate', receivedAt } : { kind: 'duplicate', receivedAt, answer: known.answer };
}

/** The answers there are to these messages, for ever; pending ones are left out. */
export async function readResults(em: Manager, ids: readonly string[]): Promise<ReadonlyMap<string, CommandResult>> {
  const rows = await statement<{ id: string; answer: CommandResult }>(em, 'select id, answer from inbox where id = any($1) and answer is not null', [
    ids,
  ]);
  return new Map(rows.map(({ id, answer }) => [id, answer]));
}

/** Whether the party may address the aggregate. Unknown and foreign ids are alike. */
export async function isAddressable(em: Manager, id: string, organisations: readonly string[], capacity: string): Promise<boolean> {
  if (!isAggregateId(id)) return false;
  const rows = await statement(em, 'select 1 from party where aggregate = $1 and capacity = $2 and organisation = any($3) limit 1', [
    id,
    capacity,
    organisations,
  ]);
  // A brand is no party to a referral: it sees its own part of it only, and may answer for that.
  return rows.length > 0 || (capacity === Capacity.rightsHolder && (await isConcerned(em, id, organisations)));
}

async function isConcerned(em: Manager, referral: string, organisations: readonly string[]): Promise<boolean> {
  const rows = await statement(em, 'select 1 from referral_brand where referral = $1 and organisation = any($2) limit 1', [referral, organisations]);
  return rows.length > 0;
}
