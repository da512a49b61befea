import type { LetterDraft } from '../aggregate.ts';
import type { SanctionEvent, SanctionState } from './model.ts';
import { SanctionStatus } from './model.ts';

/** Kinds of letters that sanctions send; the texts are in the mail room. */
export const SanctionLetter = { approvalAsked: 'approval-asked', taken: 'sanction-taken', ended: 'sanction-ended' } as const;

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
      return toSeller(SanctionLetter.taken, after, { result: event.result, until: event.until ?? null });
    case 'SanctionSealed':
      // A seller who never felt it was never told of it either.
      return after.taken === true ? toSeller(SanctionLetter.ended, after, { ended: event.as }) : [];
    default:
      return [];
  }
}

function toSeller(kind: string, { seller }: SanctionState, about: LetterDraft['about']): readonly LetterDraft[] {
  return seller === undefined ? [] : [{ key: `${kind}:seller`, kind, to: { seller }, about }];
}
