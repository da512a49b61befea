import { Capacity } from '../../domain/aggregate.ts';
import { canonical, sha256Hex } from '../../domain/canonical.ts';
import { ReferralLetter } from '../../domain/referral/letters.ts';
import type { Instant } from '../../domain/instant.ts';
import { LetterRow, LetterState } from '../../store/schema/entities/letters.ts';
import { settleBounced, tellBounces } from '../../store/outbox/deliveries.ts';
import { acceptMessage } from '../../store/log/inbox.ts';
import type { LogContext } from '../../store/log/context.ts';
import { type Manager, work } from '../../store/connection/orm.ts';

/** What became of a mail. Of the address only the channel is kept. */
export interface Settlement {
  readonly state: LetterState;
  readonly channel: 'mail' | 'shop' | 'webhook' | null;
  readonly result: string | null;
  /** The mark of the mail that was handed over. */
  readonly mark?: string;
}

/**
 * Records the outcome of one mail on all its letters, in one transaction with what follows from it: a question that was
 * refused is no silence, so its case is told by a message of the engine.
 */
export async function settle(log: LogContext, rows: readonly LetterRow[], { state, channel, result, mark }: Settlement): Promise<void> {
  const settledAt = log.clock.now();
  await work(log.store).transactional(async (em) => {
    await em.nativeUpdate(LetterRow, claimed(rows), { state, result, settledAt, address: channel });
    for (const row of rows) if (row.kind === ReferralLetter.submission) await tellDelivery(em as Manager, log, row, state);
    if (state === LetterState.refused) await tellBounces(em as Manager, log.clock, rows);
    // The report may have been quicker than the mail host's reply.
    if (channel === 'mail' && mark !== undefined) await settleBounced(em as Manager, log.clock, mark);
  });
}

/** When a letter is tried again, and since when whom it is for puts it off. */
export interface Postponement {
  readonly dueAt: Instant;
  readonly putOffSince?: string;
}

/** Nothing could be handed over: the letters wait, keep their digest, and are claimed again when they are due. */
export async function postpone(log: LogContext, rows: readonly LetterRow[], until: Postponement, result: string): Promise<void> {
  await work(log.store).transactional(async (em) => {
    for (const [tries, members] of Map.groupBy(rows, (row) => row.tries)) {
      await em.nativeUpdate(LetterRow, claimed(members), { ...until, state: LetterState.waiting, result, tries: tries + 1, leasedUntil: 0 });
    }
  });
}

function claimed(rows: readonly LetterRow[]) {
  return { id: { $in: rows.map((row) => row.id) }, state: LetterState.sending };
}

/** A referral goes on only when it is known what became of its packet. */
async function tellDelivery(em: Manager, { clock }: LogContext, { id, aggregate }: LetterRow, state: LetterState): Promise<void> {
  const content = { by: { capacity: Capacity.engine }, kind: 'recordDelivery', letter: id, state };
  await acceptMessage(em, clock, { id: `delivery:${id}`, aggregate, sender: 'engine', content, fingerprint: sha256Hex(canonical(content)) });
}
