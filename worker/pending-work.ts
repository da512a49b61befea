import { AppealStatus } from '../domain/appeal/model.ts';
import { INTAKE } from '../store/log/inbox.ts';
import { INTERNAL_MESSAGES } from '../store/outbox/messages.ts';
import { work } from '../store/connection/orm.ts';
import { statement } from '../store/connection/statement.ts';
import type { DispatcherDeps } from './dispatcher-deps.ts';

/** Which outbox messages a dispatcher may claim now; parameters: $1 the business instant, $2 machine time in milliseconds. */
export function claimable(sendsMail: boolean): string {
  // What is not sent is not claimed either: it would come back with every lease.
  const kinds = sendsMail ? '' : ` and kind in (${INTERNAL_MESSAGES.map((kind) => `'${kind}'`).join(', ')})`;
  return `((state = 'waiting' and due_at <= $1) or (state = 'sending' and leased_until < $2))${kinds}`;
}

/** A message to a sealed case waits while an appeal of the case acts on the listing; `a` is the case (store/log/after-closure.ts). */
export const IS_ACTING = `exists (select from aggregate p where p.about = a.id and p.status in ('${AppealStatus.takingDown}', '${AppealStatus.puttingBack}'))`;

/** Messages that no workflow waits for: to intake, and to aggregates that are final. */
export const UNATTENDED = `inbox i left join aggregate a on a.id = i.aggregate where i.answer is null and (i.aggregate = '${INTAKE}' or (a.is_final and not ${IS_ACTING}))`;

/** What a round of the dispatcher would find. Most wake-ups are for others: one statement tells, where each step would ask. */
export interface WorkAtHand {
  readonly letters: boolean;
  readonly messages: boolean;
  readonly signals: boolean;
}

/** Looks for work without taking any. */
export async function workAtHand({ store, clock, sendsMail }: DispatcherDeps): Promise<WorkAtHand> {
  const now = Date.now();
  const [found] = await statement<WorkAtHand>(
    work(store),
    `select exists (select from outbox where ${claimable(sendsMail)}) as letters, exists (select from ${UNATTENDED}) as messages,
       exists (select from inbox where answer is null and signal_again_at < $2 and aggregate <> '${INTAKE}') as signals`,
    [clock.now(), now],
  );
  return found ?? { letters: false, messages: false, signals: false };
}
