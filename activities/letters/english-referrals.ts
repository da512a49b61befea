import { ReferralStatus } from '../../domain/referral/model.ts';
import { openBlocks, whenIn } from './english-words.ts';
import { oneLine } from '../../domain/one-line.ts';
import type { LetterParams, MailKind, ParamsOf } from './params.ts';
import type { Block, LetterText } from './text-model.ts';

type Kind = Extract<MailKind, `referral-${string}` | 'appraisal-asked'>;

/** One letter at a time: letters of referrals are never put into digests. */
function single<K extends Kind>(
  subject: (letter: ParamsOf<K>) => string,
  blocks: (letter: ParamsOf<K>) => readonly Block[],
): LetterText<ParamsOf<K>> {
  return {
    subject: (letters) => (letters[0] === undefined ? '' : subject(letters[0])),
    blocks: (letters) => letters.flatMap((letter) => [...blocks(letter), ...opening(letter)]),
  };
}

function opening({ matter }: LetterParams): readonly Block[] {
  return openBlocks(matter, 'Open the referral');
}

const short = (name: string): string => oneLine(name, 80);

/** The brand is asked for what only it can say. */
export const appraisalAsked = single<'appraisal-asked'>(
  ({ reminder }) => (reminder ? 'Reminder: please appraise your cases for an authority' : 'Please appraise your cases for an authority'),
  ({ cases, until, matter }) => [
    {
      p: `We plan to refer cases that you confirmed to an authority. For this we need three things from you: an appraisal of authenticity, a statement of the price of the genuine goods, and a contact person for investigators. You can also decline; your cases are then left out.`,
    },
    { list: cases },
    {
      p: `${until === undefined ? '' : `Please answer by ${whenIn(matter.zone, until)}; without your answer your cases are left out. `}Keep this confidential: the seller must not learn of it.`,
    },
    { facts: [['Reference', matter.reference]] },
  ],
);

export const referralApproval = single<'referral-approval'>(
  ({ authority }) => `Please decide: referral to ${short(authority)}`,
  ({ authority, packet, cases, matter }) => [
    {
      p: `A packet for ${short(authority)} is ready. It is sent only after two people approve it. Nobody who opened one of its cases can approve it.`,
    },
    {
      facts: [
        ['Packet', packet],
        ['Cases', cases.join(', ')],
        ['Reference', matter.reference],
      ],
    },
  ],
);

export const referralBounced = single<'referral-bounced'>(
  ({ authority }) => `Not delivered: referral to ${short(authority)}`,
  ({ authority, packet, matter }) => [
    {
      p: `The mail server rejected the packet for ${short(authority)}. Correct the address of the recipient and import it again; then approve the packet once more, and it is sent again.`,
    },
    {
      facts: [
        ['Packet', packet],
        ['Reference', matter.reference],
      ],
    },
  ],
);

export const referralIncomplete = single<'referral-incomplete'>(
  ({ authority }) => `Incomplete: referral to ${short(authority)}`,
  ({ missing, matter }) => [
    {
      p: 'The packet is incomplete. It is rebuilt when the missing items are added to the register or supplied by a brand. You can waive an item that cannot be obtained, with a reason. Missing items:',
    },
    { list: missing.map(({ item, where, what, cure }) => `${item}, ${oneLine(where, 200)}: ${oneLine(what, 300)}. ${cure}`) },
    { facts: [['Reference', matter.reference]] },
  ],
);

export const referralReminder = single<'referral-reminder'>(
  ({ authority, received }) => `${received ? 'No outcome yet' : 'No receipt yet'}: referral to ${short(authority)}`,
  ({ authority, received, matter }) => [
    {
      p: received
        ? `${short(authority)} has the packet, but no outcome has been recorded. Please ask for the current status and record it, or close the referral.`
        : `${short(authority)} has not acknowledged the packet. Please check whether it arrived and record the receipt.`,
    },
    { facts: [['Reference', matter.reference]] },
  ],
);

export const referralOverturned = single<'referral-case-overturned'>(
  ({ authority }) => `A case was overturned: tell ${short(authority)}`,
  ({ cases, matter }) => [
    { p: 'These cases were sent to the authority and have since been overturned. Please inform the authority:' },
    { list: cases },
    { facts: [['Reference', matter.reference]] },
  ],
);

/** To the authority, with the packet. */
export const referralSubmission = single<'referral-submission'>(
  ({ submission, matter }) => `${submission === 1 ? 'Referral' : `Supplement ${submission - 1} to referral`} ${matter.reference}`,
  ({ submission, cases, packet, legalBasis, matter }) => [
    {
      p:
        submission === 1
          ? 'We report suspected infringements of intellectual property on our marketplace. The packet is attached; its README explains how anyone can verify it without us.'
          : 'Further cases of the same actor have been confirmed since our referral. The supplement is attached.',
    },
    { p: legalBasis },
    {
      facts: [
        ['Reference', matter.reference],
        ['Cases', cases.join(', ')],
        ['SHA-256 of the packet', packet.replace('sha256:', '')],
      ],
    },
    { p: 'Please confirm receipt and give us your own reference.' },
  ],
);

export const referralAnswer = single<'referral-answer'>(
  ({ matter, receipt }) =>
    `Answer to your question, referral ${matter.reference}${receipt === undefined ? '' : ` (your reference ${short(receipt)})`}`,
  ({ question, answer, matter }) => [
    { heading: 'You asked' },
    { p: question },
    { heading: 'Our answer' },
    { p: answer },
    { facts: [['Reference', matter.reference]] },
  ],
);

const ENDED: Readonly<Partial<Record<ReferralStatus, string>>> = {
  [ReferralStatus.closed]: 'It is closed.',
  [ReferralStatus.refused]: 'The authority declined it.',
  [ReferralStatus.withdrawn]: 'It was withdrawn.',
};

export const referralEnded = single<'referral-ended'>(
  ({ authority }) => `The referral to ${short(authority)} has ended`,
  ({ ended, cases, matter }) => [
    { p: `The referral has ended. ${ENDED[ended] ?? ''}` },
    ...(cases.length === 0 ? [] : [{ list: cases }]),
    { facts: [['Reference', matter.reference]] },
  ],
);
