import type { ReferralState } from './model.ts';

/** The token with which reminders are still wanted: the same submission, at the same stage, with the same packet. */
export function reminderTokenOf({ status, draft }: ReferralState): string {
  if (draft === undefined) return status;
  const { submission, stage, packet = '' } = draft;
  return `${submission}/${stage}/${packet.slice(-32)}`;
}
