import type { OutboxDraft, Recipient } from '../aggregate.ts';
import { Capacity } from '../aggregate.ts';
import { brandsOf } from './draft.ts';
import { reminderTokenOf } from './reminder-token.ts';
import type { ReferralEvent, ReferralState } from './model.ts';

/** Kinds of notifications that referrals send; the texts are in `notifications/`. None ever goes to a seller. */
export const ReferralNotification = {
  appraisalAsked: 'appraisal-asked',
  approval: 'referral-approval',
  incomplete: 'referral-incomplete',
  bounced: 'referral-bounced',
  reminder: 'referral-reminder',
  overturned: 'referral-case-overturned',
  submission: 'referral-submission',
  answer: 'referral-answer',
  ended: 'referral-ended',
} as const;
export type ReferralNotification = (typeof ReferralNotification)[keyof typeof ReferralNotification];

const LIAISON: Recipient = { liaison: true };

/** What a referral's event sends: brands are asked, officers and liaisons decide and are reminded, the authority gets the packet. */
export function referralNotifications(event: ReferralEvent, after: ReferralState): readonly OutboxDraft[] {
  const authority: Recipient = { authority: after.recipient?.id ?? '' };
  switch (event.type) {
    case 'AppraisalAsked':
      return event.brands.map((brand) => asking(brand, after, event.until, false));
    case 'BrandsReminded':
      return event.brands.map((brand) => asking(brand, after, after.draft?.until, true));
    case 'PacketIncomplete':
      return [
        { key: 'incomplete', kind: ReferralNotification.incomplete, to: LIAISON, about: { missing: after.draft?.missing ?? [], items: event.items } },
      ];
    case 'ApprovalAsked':
      return approvals(ReferralNotification.approval, after, event.packet, event.remindAt);
    case 'SubmissionBounced':
      return approvals(ReferralNotification.bounced, after, after.draft?.packet ?? '', event.remindAt);
    case 'SubmissionOrdered':
      return [
        { key: 'submission', kind: ReferralNotification.submission, to: authority, about: { packet: event.packet, submission: event.submission } },
      ];
    case 'LiaisonReminded':
      return [{ key: 'reminder', kind: ReferralNotification.reminder, to: LIAISON, about: { received: after.reference !== undefined } }];
    case 'CasesLeftOut':
      // What the authority has by now has to be told to it by a person.
      return event.reason === 'overturned' && isSent(after, event.cases)
        ? [{ key: 'overturned', kind: ReferralNotification.overturned, to: LIAISON, about: { cases: event.cases } }]
        : [];
    case 'QuestionAnswered':
      return [{ key: 'answer', kind: ReferralNotification.answer, to: authority, about: { question: event.question } }];
    case 'ReferralSealed':
      return [{ key: 'ended:liaison', kind: ReferralNotification.ended, to: LIAISON, about: { ended: event.as } }, ...toldBrands(after, event.as)];
    default:
      return [];
  }
}

function asking(brand: string, { draft }: ReferralState, until: string | undefined, isReminder: boolean): OutboxDraft {
  const cases = draft?.cases.filter(({ holder }) => holder === brand).map((one) => one.case) ?? [];
  const key = `${isReminder ? 'remind' : 'ask'}:${brand}`;
  return {
    key,
    kind: ReferralNotification.appraisalAsked,
    to: organisation(brand),
    about: { brand, cases, until: until ?? null, reminder: isReminder },
  };
}

function approvals(kind: string, after: ReferralState, packet: string, remindAt: OutboxDraft['dueAt']): readonly OutboxDraft[] {
  const notification = { kind, about: { packet } };
  const later = remindAt === undefined ? {} : { dueAt: remindAt };
  const unless = reminderTokenOf(after);
  return [
    { ...notification, key: `${kind}:officers`, to: { governance: true } },
    { ...notification, key: `${kind}:liaison`, to: LIAISON },
    { ...notification, ...later, key: `${kind}:remind`, to: { governance: true }, unless },
  ];
}

function isSent({ sent, draft }: ReferralState, cases: readonly string[]): boolean {
  const gone = [...sent.flatMap((one) => one.cases), ...(draft?.stage === 'sending' ? draft.cases : [])].map((one) => one.case);
  return cases.some((id) => gone.includes(id));
}

/** Brands hear how a referral with their cases ended; of others' cases they hear nothing. */
function toldBrands({ sent }: ReferralState, ended: string): readonly OutboxDraft[] {
  return brandsOf(sent.flatMap(({ cases }) => cases)).map((brand) => {
    const cases = sent.flatMap((one) => one.cases.filter(({ holder }) => holder === brand).map((each) => each.case));
    return { key: `ended:${brand}`, kind: ReferralNotification.ended, to: organisation(brand), about: { ended, brand, cases } };
  });
}

function organisation(id: string): Recipient {
  return { organisation: id, capacity: Capacity.rightsHolder };
}
