import { oneLine } from '../domain/one-line.ts';
import type { Block, Facts, Layout } from './blocks.ts';
import type { MailTexts } from './languages.ts';
import type { LetterHead, MailKind, ParamsOf } from './parameters.ts';
import { flag, openBlocks, whenIn } from './phrases.ts';

type ReferralKind = Extract<MailKind, `referral-${string}` | 'appraisal-asked'>;
type Referred = LetterHead & { readonly authority: string };
type Values = Readonly<Record<string, string | number>>;

/**
 * One at a time: notifications of referrals are never put into digests. `values` are those of subject and opening; `rest` stands
 * between the opening and the reference.
 */
function single<P extends Referred>(
  kind: ReferralKind,
  values: (letter: P) => Values,
  rest: (texts: MailTexts, letter: P) => readonly Block[],
): Layout<P> {
  return {
    subject: (texts, [letter]) => {
      if (letter === undefined) throw new RangeError('a subject without letters');
      return texts.say(`mail.${kind}.subject`, { authority: oneLine(letter.authority, 80), ...values(letter) });
    },
    blocks: (texts, letters) => letters.flatMap((letter) => [...rest(texts, letter), ...openBlocks(texts, letter.matter, 'referral')]),
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
  (texts, letter) => {
    const { cases, until, matter } = letter;
    const end = { hasEnd: flag(until !== undefined), until: until === undefined ? '' : whenIn(texts, matter.zone, until) };
    return [
      opening(texts, 'appraisal-asked', letter),
      { list: cases },
      { p: texts.say('mail.appraisal-asked.closing', end) },
      referenceOf(texts, letter),
    ];
  },
);

const referralApproval = single<ParamsOf<'referral-approval'>>(
  'referral-approval',
  () => ({}),
  (texts, letter) => {
    const { packet, cases } = letter;
    const facts: Facts = [
      [texts.say('mail.fact.packet'), packet],
      [texts.say('mail.fact.cases'), cases.join(texts.say('value.separator'))],
    ];
    return [opening(texts, 'referral-approval', letter), referenceOf(texts, letter, facts)];
  },
);

const referralBounced = single<ParamsOf<'referral-bounced'>>(
  'referral-bounced',
  () => ({}),
  (texts, letter) => [opening(texts, 'referral-bounced', letter), referenceOf(texts, letter, [[texts.say('mail.fact.packet'), letter.packet]])],
);

const referralIncomplete = single<ParamsOf<'referral-incomplete'>>(
  'referral-incomplete',
  () => ({}),
  (texts, letter) => [
    opening(texts, 'referral-incomplete', letter),
    {
      list: letter.missing.map(({ item, where, what, cure }) =>
        texts.say('mail.referral-incomplete.line', { item, where: oneLine(where, 200), what: oneLine(what, 300), cure }),
      ),
    },
    referenceOf(texts, letter),
  ],
);

const referralReminder = single<ParamsOf<'referral-reminder'>>(
  'referral-reminder',
  ({ received }) => ({ received: flag(received) }),
  (texts, letter) => [opening(texts, 'referral-reminder', letter, { received: flag(letter.received) }), referenceOf(texts, letter)],
);

const referralOverturned = single<ParamsOf<'referral-case-overturned'>>(
  'referral-case-overturned',
  () => ({}),
  (texts, letter) => [opening(texts, 'referral-case-overturned', letter), { list: letter.cases }, referenceOf(texts, letter)],
);

/** To the authority, with the packet. The legal basis stands as the policy has it. */
const referralSubmission = single<ParamsOf<'referral-submission'>>(
  'referral-submission',
  ({ submission, matter }) => ({ submission, supplement: submission - 1, reference: matter.reference }),
  (texts, letter) => {
    const { submission, cases, packet, legalBasis, matter } = letter;
    return [
      opening(texts, 'referral-submission', letter, { submission }),
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
  (texts, letter) => [
    { heading: texts.say('mail.referral-answer.asked') },
    { p: letter.question },
    { heading: texts.say('mail.referral-answer.answer') },
    { p: letter.answer },
    referenceOf(texts, letter),
  ],
);

const referralEnded = single<ParamsOf<'referral-ended'>>(
  'referral-ended',
  () => ({}),
  (texts, letter) => [
    opening(texts, 'referral-ended', letter, { ended: letter.ended }),
    ...(letter.cases.length === 0 ? [] : [{ list: letter.cases }]),
    referenceOf(texts, letter),
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
