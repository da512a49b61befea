import { z } from 'zod';
import { Capacity } from '../domain/aggregate.ts';
import type { Instant } from '../domain/instant.ts';
import type { CommandResult, InboxRow } from '../store/schema/entities/log.ts';
import { answerRow } from '../store/log/advance.ts';
import type { LogContext } from '../store/log/context.ts';
import { type Manager, work } from '../store/connection/orm.ts';
import { openByHand } from '../store/log/refer-actor.ts';

const salted = z.strictObject({ '...': z.string() });
const openingSchema = z.object({
  kind: z.literal('openReferral'),
  by: z.object({ capacity: z.enum([Capacity.governance, Capacity.liaison]), person: salted }),
  seller: salted,
  recipient: z.string(),
  profile: z.string().optional(),
  reason: salted.optional(),
});

const WRONG_CAPACITY: CommandResult = {
  ...{ kind: 'refused', code: 'wrong-capacity', message: 'Only a governance officer or an authority liaison opens a referral.' },
  cure: 'Ask one of them.',
};

/** Whether a message to intake wants a referral opened. */
export function wantsReferral({ content }: InboxRow): boolean {
  return 'kind' in content && content.kind === 'openReferral';
}

/** Opens a referral by hand, gives the open one, or refuses with a cure, in one transaction with the answer. */
export async function referralIntake(context: LogContext, row: InboxRow): Promise<void> {
  const parsed = openingSchema.safeParse(row.content);
  await work(context.store).transactional(async (em) => {
    const manager = em as Manager;
    const answer = parsed.success
      ? await openByHand(manager, context, { id: row.id, at: row.receivedAt as Instant, by: parsed.data.by }, parsed.data)
      : WRONG_CAPACITY;
    await answerRow(manager, row.id, answer, context.clock.now());
  });
}
