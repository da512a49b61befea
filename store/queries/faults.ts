import { INTAKE } from '../log/inbox.ts';
import type { Manager } from '../connection/orm.ts';

/** A message that ended in a fault of ours: accepted, and never decided. */
export interface FaultLine {
  readonly id: string;
  readonly aggregate: string;
  readonly answeredAt: string;
  readonly message: string;
}

/**
 * Messages since an instant that ended in a fault and that nobody made good: a later message of the same side to the same aggregate
 * that was decided settles one; what was sent to intake is settled by time alone. Newest first.
 */
export function readFaults(em: Manager, since: string): Promise<readonly FaultLine[]> {
  return em.execute<FaultLine[]>(
    `select i.id, i.aggregate, i.answered_at as "answeredAt", coalesce(i.answer->>'message', '') as message from inbox i
     where i.answer->>'kind' = 'fault' and i.answered_at >= ? and (i.aggregate = '${INTAKE}' or not exists (
       select from inbox l where l.aggregate = i.aggregate and l.sender = i.sender and l.received_at > i.received_at and l.answer->>'kind' = 'done'))
     order by i.answered_at desc, i.id`,
    [since],
  );
}
