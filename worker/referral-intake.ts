import { z } from 'zod';
import { Capacity } from '../domain/aggregate.ts';
import { AggregateKind } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { refuse } from '../domain/refusals.ts';
import type { CommandResult, InboxRow } from '../store/schema/entities/log.ts';
import { answerRow } from '../store/log/advance.ts';
import type { LogContext } from '../store/log/context.ts';
import { type Manager, work } from '../store/connection/orm.ts';
import { mayNotOpen } from '../store/log/opening-guard.ts';
import { openByHand } from '../store/log/refer-actor.ts';

const salted = z.strictObject({ '...': z.string() });
const openingSchema = z.object({
  kind: z.literal('openReferral'),
  by: z.object({ capacity: z.enum(Capacity), person: salted }),
  seller: salted,
  recipient: z.string(),
  profile: z.string().optional(),
  reason: salted.optional(),
});

/** Whether a message to intake wants a referral opened. */
export function wantsReferral({ content }: InboxRow): boolean {
  return 'kind' in content && content.kind === 'openReferral';
}

/** Opens a referral by hand, gives the open one, or refuses with a cure, in one transaction with the answer. */
export async function referralIntake(context: LogContext, row: InboxRow): Promise<void> {
  const parsed = openingSchema.safeParse(row.content);
  await work(context.store).transactional(async (em) => {
    const manager = em as Manager;
    // Only people write to intake: what names none is from nobody who may open anything.
    const answer = parsed.success
      ? await opened(manager, context, row, parsed.data)
      : { kind: 'refused' as const, ...refuse('wrong-capacity').refused };
    await answerRow(manager, row.id, answer, context.clock.now());
  });
}

async function opened(
  em: Manager,
  context: LogContext,
  row: InboxRow,
  { kind, by, ...wanted }: z.infer<typeof openingSchema>,
): Promise<CommandResult> {
  const message = { id: row.id, at: row.receivedAt as Instant, by };
  return (await mayNotOpen(em, context, AggregateKind.referral, { ...message, kind })) ?? (await openByHand(em, context, message, wanted));
}
