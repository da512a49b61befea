import { Capacity } from '../../domain/aggregate.ts';
import { canonical, sha256Hex } from '../../domain/canonical.ts';
import { ReferralNotification } from '../../domain/referral/notifications.ts';
import type { Instant } from '../../domain/instant.ts';
import { OutboxRow, OutboxState } from '../../store/schema/entities/outbox.ts';
import { settleBounced, tellBounces } from '../../store/outbox/deliveries.ts';
import { acceptMessage } from '../../store/log/inbox.ts';
import type { LogContext } from '../../store/log/context.ts';
import { type Manager, work } from '../../store/connection/orm.ts';

/** What became of a mail. Of the address only the channel is kept. */
export interface Settlement {
  readonly state: OutboxState;
  readonly channel: 'mail' | 'shop' | 'webhook' | null;
  readonly result: string | null;
  /** The mark of the mail that was handed over. */
  readonly mark?: string;
}

/**
 * Records the outcome of one mail on all its notifications, in one transaction with what follows from it: a question that was
 * refused is no silence, so its case is told by a message of the engine.
 */
export async function settle(log: LogContext, rows: readonly OutboxRow[], { state, channel, result, mark }: Settlement): Promise<void> {
  const settledAt = log.clock.now();
  await work(log.store).transactional(async (em) => {
    await em.nativeUpdate(OutboxRow, claimed(rows), { state, result, settledAt, address: channel });
    for (const row of rows) if (row.kind === ReferralNotification.submission) await tellDelivery(em as Manager, log, row, state);
    if (state === OutboxState.refused) await tellBounces(em as Manager, log.clock, rows);
    // The report may have been quicker than the mail host's reply.
    if (channel === 'mail' && mark !== undefined) await settleBounced(em as Manager, log.clock, mark);
  });
}

/** When a notification is tried again, and since when whom it is for puts it off. */
export interface Postponement {
  readonly dueAt: Instant;
  readonly putOffSince?: string;
}

/** Nothing could be handed over: the notifications wait, keep their digest, and are claimed again when they are due. */
export async function postpone(log: LogContext, rows: readonly OutboxRow[], until: Postponement, result: string): Promise<void> {
  await work(log.store).transactional(async (em) => {
    for (const [tries, members] of Map.groupBy(rows, (row) => row.tries)) {
      await em.nativeUpdate(OutboxRow, claimed(members), { ...until, state: OutboxState.waiting, result, tries: tries + 1, leasedUntil: 0 });
    }
  });
}

function claimed(rows: readonly OutboxRow[]) {
  return { id: { $in: rows.map((row) => row.id) }, state: OutboxState.sending };
}

/** A referral goes on only when it is known what became of its packet. */
async function tellDelivery(em: Manager, { clock }: LogContext, { id, aggregate }: OutboxRow, state: OutboxState): Promise<void> {
  const content = { by: { capacity: Capacity.engine }, kind: 'recordDelivery', letter: id, state };
  await acceptMessage(em, clock, { id: `delivery:${id}`, aggregate, sender: 'engine', content, fingerprint: sha256Hex(canonical(content)) });
}
