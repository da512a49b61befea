import { Capacity, type Party, PLATFORM, type Summary } from '../aggregate.ts';
import { defineAggregate, type OwnCommand } from '../define-aggregate.ts';
import { AggregateKind } from '../ids.ts';
import { declineAppraisal, giveAppraisal } from './asking.ts';
import { referralDeadlines } from './deadlines.ts';
import { evolveReferral, initialReferral } from './evolve.ts';
import { referralNotifications } from './notifications.ts';
import { reminderTokenOf } from './reminder-token.ts';
import { FINAL_REFERRAL_STATUSES, type ReferralCommand, type ReferralEvent, type ReferralState } from './model.ts';
import { referralParameters } from './notification-parameters.ts';
import { openReferral, reconsider } from './opening.ts';
import { decideReferral, rebuildPacket, referralEffects, waiveItem } from './packet.ts';
import type { ReferralFacts, ReferralQuestions } from './questions.ts';
import {
  answerQuestion,
  closeReferral,
  recordDelivery,
  recordAuthorityAction,
  recordQuestion,
  recordReceipt,
  recordRefusal,
  withdrawReferral,
} from './authority.ts';

/** Columns of lists: a referral is about an actor, whom no column names. */
function summary({ status }: ReferralState): Summary {
  return { status, marketplace: '', listing: '', holder: '' };
}

/** The platform's own people: nothing about a referral is written where a seller or a brand could see it. */
const PARTIES: readonly Party[] = [
  { capacity: Capacity.governance, organisation: PLATFORM },
  { capacity: Capacity.auditor, organisation: PLATFORM },
];

/** The rules of a referral: the cases of one actor on their way to one authority (design.md section 3). */
export const referralRules = defineAggregate<ReferralState, OwnCommand<ReferralCommand>, ReferralEvent, ReferralQuestions, ReferralFacts>({
  kind: AggregateKind.referral,
  initial: initialReferral,
  final: FINAL_REFERRAL_STATUSES,
  handlers: {
    openReferral,
    giveAppraisal,
    declineAppraisal,
    rebuildPacket,
    waiveItem,
    decideReferral,
    recordDelivery,
    recordReceipt,
    recordRefusal,
    recordQuestion,
    answerQuestion,
    recordAuthorityAction,
    closeReferral,
    withdrawReferral,
    reconsider,
  },
  deadlines: referralDeadlines,
  effects: referralEffects,
  // A supplement is prepared while the referral is with the authority.
  standsIn: ({ status, draft }) => (draft === undefined ? [status] : [status, draft.stage]),
  // A brand's person acts under the mandate of the brand that the command speaks for.
  mandateOf: (command) => ('brand' in command ? { holder: command.brand } : true),
  evolve: evolveReferral,
  notifications: referralNotifications,
  parameters: referralParameters,
  parties: { changedBy: ['ReferralOpened'], of: () => PARTIES },
  reminderToken: reminderTokenOf,
  summary,
  policyOf: ({ policy }) => policy,
});
