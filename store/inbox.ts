import { isAggregateId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { Disclosure } from '../domain/salted.ts';
import type { Clock } from '../activities/ports.ts';
import { storeDisclosures } from './disclosures.ts';
import { AggregateRow, type Answer, InboxRow } from './entities/log.ts';
import { PartyRow } from './entities/rows.ts';
import { shareAggregate } from './locks.ts';
import type { Manager } from './orm.ts';

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
}

export type Acceptance =
  | { readonly kind: 'accepted'; readonly receivedAt: Instant }
  | { readonly kind: 'duplicate'; readonly receivedAt: Instant; readonly answer?: Answer }
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
  const row = {
    id: message.id,
    aggregate: message.aggregate,
    workflow: message.aggregate,
    receivedAt,
    sender: message.sender,
    content: JSON.stringify(message.content),
    fingerprint: message.fingerprint,
    signalAgainAt: Date.now() + SIGNAL_AGAIN_MS,
  };
  const inserted = await em.execute<{ id: string }[]>(
    `insert into inbox (id, aggregate, workflow, received_at, sender, content, fingerprint, signal_again_at)
     values (?, ?, ?, ?, ?, ?::jsonb, ?, ?) on conflict do nothing returning id`,
    [row.id, row.aggregate, row.workflow, row.receivedAt, row.sender, row.content, row.fingerprint, row.signalAgainAt],
  );
  if (inserted.length === 0) return repeated(em, message);
  await storeDisclosures(em, message.disclosures ?? []);
  return { kind: 'accepted', receivedAt };
}

async function repeated(em: Manager, message: Message): Promise<Acceptance> {
  const known = await em.findOne(InboxRow, { id: message.id }, { disableIdentityMap: true });
  if (known === null || known.fingerprint !== message.fingerprint || known.aggregate !== message.aggregate) return { kind: 'id-reused' };
  const receivedAt = known.receivedAt as Instant;
  return known.answer == null ? { kind: 'duplicate', receivedAt } : { kind: 'duplicate', receivedAt, answer: known.answer };
}

/** The answer to a message, for ever; undefined while it is pending. */
export async function readAnswer(em: Manager, id: string): Promise<Answer | undefined> {
  const row = await em.findOne(InboxRow, { id }, { fields: ['answer'], disableIdentityMap: true });
  return row?.answer ?? undefined;
}

/** The aggregate if the party may address it. Unknown and foreign ids are alike: undefined. */
export async function addressable(em: Manager, id: string, organisations: readonly string[], capacity: string): Promise<AggregateRow | undefined> {
  if (!isAggregateId(id)) return undefined;
  if ((await em.count(PartyRow, { aggregate: id, capacity, organisation: { $in: [...organisations] } })) === 0) return undefined;
  return (await em.findOne(AggregateRow, { id }, { disableIdentityMap: true })) ?? undefined;
}
