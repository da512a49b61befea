import type { LetterDraft } from '../aggregate.ts';
import type { Salted } from '../salted.ts';
import type { SanctionEvent, SanctionState } from './model.ts';
import { SanctionStatus } from './model.ts';

/** Kinds of letters that sanctions send; the texts are in `activities/letters`. */
export const SanctionLetter = { approvalAsked: 'approval-asked', taken: 'sanction-taken', ended: 'sanction-ended' } as const;
export type SanctionLetter = (typeof SanctionLetter)[keyof typeof SanctionLetter];

/** What a sanction's event sends: officers are asked, the seller is told with reasons what happens, why and how long. */
export function sanctionLetters(event: SanctionEvent, after: SanctionState): readonly LetterDraft[] {
  switch (event.type) {
    case 'ApprovalAsked': {
      const officer = { kind: SanctionLetter.approvalAsked, to: { governance: true }, about: {} } as const;
      return [
        { ...officer, key: 'approval' },
        { ...officer, key: 'approval:remind', dueAt: event.remindAt, unless: SanctionStatus.proposed },
      ];
    }
    case 'MeasureTaken':
      return toShops(SanctionLetter.taken, event.shop === undefined ? after.shops : [event.shop], {
        result: event.result,
        until: event.until ?? null,
      });
    case 'SanctionSealed':
      // A shop that never felt it was never told of it either.
      return toShops(SanctionLetter.ended, after.felt, { ended: event.as });
    default:
      return [];
  }
}

function toShops(kind: string, shops: readonly Salted[], about: LetterDraft['about']): readonly LetterDraft[] {
  return shops.map((seller, index) => ({ key: `${kind}:${index + 1}`, kind, to: { seller }, about }));
}
