import type { Stage } from '../../bench/stage.ts';
import { work } from '../../store/connection/orm.ts';
import { until } from '../support/real-time.ts';

const BUSY = `
  select 'letter ' || id as what from outbox where state = 'sending' or (state = 'waiting' and due_at <= ?)
  union all select 'message ' || id from inbox where answer is null
  union all select 'aggregate ' || id from aggregate where not is_final and (due < ? or is_owing) limit 5`;

/** Waits until nothing is left to do by now: no due letter, no unread message, no aggregate that is late or owes something. */
export async function untilAtRest(stage: Stage, withinMs = 90_000): Promise<void> {
  let busy: readonly { what: string }[] = [];
  await until(
    async () => {
      const now = new Date().toISOString();
      busy = await work(stage.store).execute<{ what: string }[]>(BUSY, [now, now]);
      return busy.length === 0;
    },
    'the stage to come to rest',
    withinMs,
  ).catch(() => {
    throw new Error(`the stage does not come to rest: ${busy.map(({ what }) => what).join(', ')}`);
  });
}

/** Statuses of the workflows of all final aggregates that are not `COMPLETED`: none must be left behind. */
export async function leftBehind(stage: Stage): Promise<readonly string[]> {
  const rows = await work(stage.store).execute<{ id: string }[]>('select id from aggregate where is_final');
  const left: string[] = [];
  for (const { id } of rows) {
    const isClosed = async () => (await stage.temporal.workflow.getHandle(id).describe()).status.name === 'COMPLETED';
    await until(isClosed, `the workflow of ${id} to end`).catch(() => left.push(id));
  }
  return left;
}
