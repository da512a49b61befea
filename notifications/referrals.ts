import { oneLine } from '../domain/one-line.ts';
import type { Block, Facts, Layout } from './blocks.ts';
import type { MailTexts } from './languages.ts';
import type { NotificationHead, MailKind, ParamsOf } from './parameters.ts';
import { flag, openBlocks, whenIn } from './phrases.ts';

type ReferralKind = Extract<MailKind, `referral-${string}` | 'appraisal-asked'>;
type Referred = NotificationHead & { readonly authority: string };
type Values = Readonly<Record<string, string | number>>;

/**
 * One at a time: notifications of referrals are never put into digests. `values` are those of subject and opening; `rest` stands
 * between the opening and the reference.
 */
function single<P extends Referred>(
  kind: ReferralKind,
  values: (notification: P) => Values,
  rest: (texts: MailTexts, notification: P) => readonly Block[],
): Layout<P> {
  return {
    subject: (texts, [notification]) => {
      if (notification === undefined) throw new RangeError('a subject without notifications');
      return texts.say(`mail.${kind}.subject`, { authority: oneLine(notification.authority, 80), ...values(notification) });
    },
    blocks: (texts, notifications) =>
      notifications.flatMap((notification) => [...rest(texts, notification), ...openBlocks(texts, notification.matter, 'referral')]),
  };
}

type Opened = Exclude<ReferralKind, 'referral-answer'>;

function opening(texts: MailTexts, kind: Opened, { authority }: Referred, values: Values = {}): Block {
  return { p: texts.say(`mail.${kind}.opening`, { authority: oneLine(authority, 80), ...values }).trimEnd() };
}

function referenceOf({ say }: MailTexts, { matter }: Referred, before: Facts = []): Block {
  return { facts: [...before, [say('mail.reference'), matter.reference]] };
}

/** The brand is asked for what only it can say. */
const appraisalAsked = single<ParamsOf<'appraisal-asked'>>(
  'appraisal-asked',
  ({ reminder }) => ({ reminder: flag(reminder) }),
  (texts, notification) => {
    const { cases, until, matter } = notification;
    const end = { hasEnd: flag(until !== undefined), until: until === undefined ? '' : whenIn(texts, matter.zone, until) };
    return [
      opening(texts, 'appraisal-asked', notification),
      { list: cases },
      { p: texts.say('mail.appraisal-asked.closing', end) },
      referenceOf(texts, notification),
    ];
  },
);

const referralApproval = single<ParamsOf<'referral-approval'>>(
  'referral-approval',
  () => ({}),
  (texts, notification) => {
    const { packet, cases } = notification;
    const facts: Facts = [
      [texts.say('mail.fact.packet'), packet],
      [texts.say('mail.fact.cases'), cases.join(texts.say('value.separator'))],
    ];
    return [opening(texts, 'referral-approval', notification), referenceOf(texts, notification, facts)];
  },
);

const referralBounced = single<ParamsOf<'referral-bounced'>>(
  'referral-bounced',
  () => ({}),
  (texts, notification) => [
    opening(texts, 'referral-bounced', notification),
    referenceOf(texts, notification, [[texts.say('mail.fact.packet'), notification.packet]]),
  ],
);

const referralIncomplete = single<ParamsOf<'referral-incomplete'>>(
  'referral-incomplete',
  () => ({}),
  (texts, notification) => [
    opening(texts, 'referral-incomplete', notification),
    {
      list: notification.missing.map(({ item, where, what, cure }) =>
        texts.say('mail.referral-incomplete.line', { item, where: oneLine(where, 200), what: oneLine(what, 300), cure }),
      ),
    },
    referenceOf(texts, notification),
  ],
);

const referralReminder = single<ParamsOf<'referral-reminder'>>(
  'referral-reminder',
  ({ received }) => ({ received: flag(received) }),
  (texts, notification) => [
    opening(texts, 'referral-reminder', notification, { received: flag(notification.received) }),
    referenceOf(texts, notification),
  ],
);

const referralOverturned = single<ParamsOf<'referral-case-overturned'>>(
  'referral-case-overturned',
  () => ({}),
  (texts, notification) => [opening(texts, 'referral-case-overturned', notification), { list: notification.cases }, referenceOf(texts, notification)],
);

/** To the authority, with the packet. The legal basis stands as the policy has it. */
const referralSubmission = single<ParamsOf<'referral-submission'>>(
  'referral-submission',
  ({ submission, matter }) => ({ submission, supplement: submission - 1, reference: matter.reference }),
  (texts, notification) => {
    const { submission, cases, packet, legalBasis, matter } = notification;
    return [
      opening(texts, 'referral-submission', notification, { submission }),
      { p: legalBasis },
      {
        facts: [
          [texts.say('mail.reference'), matter.reference],
          [texts.say('mail.fact.cases'), cases.join(texts.say('value.separator'))],
          [texts.say('mail.fact.hash'), packet.replace('sha256:', '')],
        ],
      },
      { p: texts.say('mail.referral-submission.closing') },
    ];
  },
);

const referralAnswer = single<ParamsOf<'referral-answer'>>(
  'referral-answer',
  ({ matter, receipt }) => ({ reference: matter.reference, hasReceipt: flag(receipt !== undefined), receipt: oneLine(receipt ?? '', 80) }),
  (texts, notification) => [
    { heading: texts.say('mail.referral-answer.asked') },
    { p: notification.question },
    { heading: texts.say('mail.referral-answer.answer') },
    { p: notification.answer },
    referenceOf(texts, notification),
  ],
);

const referralEnded = single<ParamsOf<'referral-ended'>>(
  'referral-ended',
  () => ({}),
  (texts, notification) => [
    opening(texts, 'referral-ended', notification, { ended: notification.ended }),
    ...(notification.cases.length === 0 ? [] : [{ list: notification.cases }]),
    referenceOf(texts, notification),
  ],
);

/** What referrals notify people and authorities of. */
export const REFERRAL_LAYOUTS: { readonly [K in ReferralKind]: Layout<ParamsOf<K>> } = {
  'appraisal-asked': appraisalAsked,
  'referral-approval': referralApproval,
  'referral-bounced': referralBounced,
  'referral-incomplete': referralIncomplete,
  'referral-reminder': referralReminder,
  'referral-case-overturned': referralOverturned,
  'referral-submission': referralSubmission,
  'referral-answer': referralAnswer,
  'referral-ended': referralEnded,
};
