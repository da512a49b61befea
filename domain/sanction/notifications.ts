import type { OutboxDraft } from '../aggregate.ts';
import type { Salted } from '../salted.ts';
import type { SanctionEvent, SanctionState } from './model.ts';
import { SanctionStatus } from './model.ts';

/** Kinds of notifications that sanctions send; the texts are in `notifications/`. */
export const SanctionNotification = { approvalAsked: 'approval-asked', taken: 'sanction-taken', ended: 'sanction-ended' } as const;
export type SanctionNotification = (typeof SanctionNotification)[keyof typeof SanctionNotification];

/** What a sanction's event sends: officers are asked, the seller is told with reasons what happens, why and how long. */
export function sanctionNotifications(event: SanctionEvent, after: SanctionState): readonly OutboxDraft[] {
  switch (event.type) {
    case 'ApprovalAsked': {
      const officer = { kind: SanctionNotification.approvalAsked, to: { governance: true }, about: {} } as const;
      return [
        { ...officer, key: 'approval' },
        { ...officer, key: 'approval:remind', dueAt: event.remindAt, unless: SanctionStatus.proposed },
      ];
    }
    case 'MeasureTaken':
      return toShops(SanctionNotification.taken, event.shop === undefined ? after.shops : [event.shop], {
        result: event.result,
        until: event.until ?? null,
      });
    case 'SanctionSealed':
      // A shop that never felt it was never told of it either.
      return toShops(SanctionNotification.ended, after.felt, { ended: event.as });
    default:
      return [];
  }
}

function toShops(kind: string, shops: readonly Salted[], about: OutboxDraft['about']): readonly OutboxDraft[] {
  return shops.map((seller, index) => ({ key: `${kind}:${index + 1}`, kind, to: { seller }, about }));
}
