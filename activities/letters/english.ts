import { reasonsBlocks } from './english-reasons.ts';
import {
  appraisalAsked,
  referralAnswer,
  referralApproval,
  referralBounced,
  referralEnded,
  referralIncomplete,
  referralOverturned,
  referralReminder,
  referralSubmission,
} from './english-referrals.ts';
import { approvalAsked, sanctionEnded, sanctionTaken } from './english-sanctions.ts';
import {
  APPEALS,
  consequence,
  counted,
  ENDINGS,
  itemOf,
  lineOf,
  mayMove,
  openBlocks,
  shortName,
  silenceWords,
  VERDICTS,
  whenIn,
} from './english-words.ts';
import type { LetterParams, MailKind, ParamsOf } from './params.ts';
import type { Block, Language, LetterText } from './text-model.ts';

type TextOf<K extends MailKind> = LetterText<ParamsOf<K>>;

/** A letter that says one thing about each of its cases: an opening sentence and a line a case. */
function lines<P extends LetterParams>(
  subject: (letters: readonly P[]) => string,
  opening: (letters: readonly P[]) => string,
  line: (letter: P) => string,
  closing?: string,
): LetterText<P> {
  return {
    subject,
    blocks: (letters) => [
      { p: opening(letters) },
      { list: letters.map((letter) => itemOf(letter.matter, line(letter))) },
      ...(closing === undefined ? [] : [{ p: closing }]),
    ],
  };
}

/** Subject of one case by its listing, of several by their number. */
function about<P extends LetterParams>(one: string, many: string): (letters: readonly P[]) => string {
  return (letters) => {
    const [first] = letters;
    return letters.length === 1 && first !== undefined ? `${one}: ${shortName(first.matter)}` : `${letters.length} ${many}`;
  };
}

/** Soonest first: what has to be done next stands on top. */
function bySoonest<P extends LetterParams & { readonly lapseAt: string }>(letters: readonly P[]): readonly P[] {
  return [...letters].sort((a, b) => (a.lapseAt < b.lapseAt ? -1 : a.lapseAt > b.lapseAt ? 1 : 0));
}

const HOW_TO_ANSWER =
  'For each listing, please tell us whether it is counterfeit, genuine, unauthorised, another infringement or not yours, or that you cannot tell yet, and what your answer is based on. Answer on the case page or in your queue; a reply to this mail does not count as an answer.';

const ask: TextOf<'ask'> = {
  subject: about('Is this yours? Your answer is needed', 'listings need your answer'),
  blocks: (letters) => [
    { p: `${counted(letters.length, 'A listing', 'listings')} may infringe rights of ${letters[0]?.matter.holder ?? ''}. ${HOW_TO_ANSWER}` },
    { list: bySoonest(letters).map((letter) => itemOf(letter.matter, asked(letter, letter.findings))) },
    { p: 'An answer is in time up to and including its deadline. You can correct an answer later.' },
  ],
};

function asked({ matter, lapseAt, mayMove: does, silence }: ParamsOf<'ask'> | ParamsOf<'reminder'>, findings: readonly string[]): string {
  const why = findings.length === 0 ? '' : ` Found: ${findings.join('; ')}.`;
  return `${lineOf(matter)}. Please answer by ${whenIn(matter.zone, lapseAt)}${mayMove(does)}; ${silenceWords(silence)}.${why}`;
}

const reminder: TextOf<'reminder'> = {
  subject: about('Reminder: your answer is still needed', 'listings still need your answer'),
  blocks: (letters) => [
    { p: `You have not answered yet for ${counted(letters.length, 'this listing', 'listings')}. ${HOW_TO_ANSWER}` },
    { list: bySoonest(letters).map((letter) => itemOf(letter.matter, `Reminder ${letter.number}: ${asked(letter, [])}`)) },
  ],
};

const moreAsked: TextOf<'more-asked'> = {
  subject: about('You have more time to answer', 'listings: you have more time to answer'),
  blocks: (letters) => [
    {
      p: 'You answered that you cannot tell yet. You have more time, once, for example to buy a sample. If you answer “cannot tell” again, or do not answer, the case lapses: the listing stays online and we keep watching it.',
    },
    {
      list: bySoonest(letters).map(({ matter, lapseAt, mayMove: does }) =>
        itemOf(matter, `${lineOf(matter)}. Please answer by ${whenIn(matter.zone, lapseAt)}${mayMove(does)}.`),
      ),
    },
  ],
};

const escalation: TextOf<'escalation'> = {
  subject: (letters) =>
    (letters[0]?.because === 'bounce'
      ? about<ParamsOf<'escalation'>>('Mail to the rights holder could not be delivered', 'mails to rights holders could not be delivered')
      : about<ParamsOf<'escalation'>>('The rights holder has not answered', 'rights holders have not answered'))(letters),
  blocks: (letters) => letters.flatMap(escalated),
};

function escalated({ matter, because, lapseAt, mayMove: does, silence }: ParamsOf<'escalation'>): readonly Block[] {
  const what =
    because === 'bounce'
      ? `Our mail to ${matter.holder} could not be delivered. The time to answer starts again. Please contact the rights holder another way and correct its address.`
      : `${matter.holder} has not answered. You are on duty for this rights holder: please remind it. You can extend its time once; you cannot answer on its behalf.`;
  const end = lapseAt === undefined ? [] : ([['Deadline', `${whenIn(matter.zone, lapseAt)}${mayMove(does)}`]] as const);
  return [{ p: what }, { facts: [['Listing', lineOf(matter)], ...end, ['If there is no answer', consequence(silence)]] }, ...openBlocks(matter)];
}

const statement: TextOf<'statement-of-reasons'> = {
  subject: (letters) =>
    about<ParamsOf<'statement-of-reasons'>>(
      letters[0]?.reasons.provisional === true ? 'Your listing was removed provisionally' : 'Your listing was removed',
      'of your listings were removed',
    )(letters),
  blocks: (letters) =>
    letters.flatMap(({ matter, reasons }) => [
      { p: `This is the statement of reasons for a restriction of your listing on ${matter.marketplace}.` },
      ...reasonsBlocks(matter, reasons),
      ...openBlocks(matter),
    ]),
};

const confirmed: TextOf<'removal-confirmed'> = {
  subject: about('The removal of your listing is confirmed', 'removals of your listings are confirmed'),
  blocks: (letters) =>
    letters.flatMap(({ matter, reasons }) => [
      {
        p: 'The provisional removal of your listing is confirmed: it is no longer provisional. This statement of reasons replaces the earlier one.',
      },
      ...reasonsBlocks(matter, reasons),
      ...openBlocks(matter),
    ]),
};

const restored: TextOf<'restored'> = lines(
  about('The listing is available again', 'listings are available again'),
  (letters) =>
    letters[0]?.to === 'seller'
      ? 'The removal has ended: your listing is available again.'
      : `The removal of ${counted(letters.length, 'this listing', 'listings')} has ended; they are available again.`,
  ({ matter }) => lineOf(matter),
);

const appealEnded: TextOf<'appeal-ended'> = lines(
  about('A review is closed', 'reviews are closed'),
  () => 'We have decided on the following:',
  ({ matter, appeal, ended }) => `${lineOf(matter)}: ${APPEALS[appeal]}. ${ENDINGS[ended]}`,
  'You can seek judicial remedy at any time; sellers can also turn to a certified out-of-court dispute settlement body.',
);

/** Letters in English. */
export const english: Language = {
  tag: 'en',
  direction: 'ltr',
  mixed: (count) => `${count} messages about your cases`,
  footer: 'Sent by the enforcement team of the marketplace. Replies are not read: please answer on the case page.',
  letters: {
    ask,
    reminder,
    'more-asked': moreAsked,
    escalation,
    'statement-of-reasons': statement,
    'removal-confirmed': confirmed,
    restored,
    'appeal-ended': appealEnded,
    'appraisal-asked': appraisalAsked,
    'referral-approval': referralApproval,
    'referral-incomplete': referralIncomplete,
    'referral-bounced': referralBounced,
    'referral-reminder': referralReminder,
    'referral-case-overturned': referralOverturned,
    'referral-submission': referralSubmission,
    'referral-answer': referralAnswer,
    'referral-ended': referralEnded,
    'approval-asked': approvalAsked,
    'sanction-taken': sanctionTaken,
    'sanction-ended': sanctionEnded,
    'listing-edited': lines(
      about('The listing was edited', 'listings were edited'),
      () => 'The seller edited a listing that we asked you about. Your answer covers both versions:',
      ({ matter }) => lineOf(matter),
    ),
    corrected: lines(
      about('Your corrected answer is recorded', 'corrected answers are recorded'),
      () => 'You corrected your answer. Anything that followed from the first answer is undone:',
      ({ matter, was, verdict }) => `${lineOf(matter)}: first ${VERDICTS[was]}, now ${VERDICTS[verdict]}.`,
    ),
    lapsed: lines(
      about('The case lapsed', 'cases lapsed'),
      () =>
        'No verdict that justifies action arrived in time. The listing was not removed permanently, and we keep watching it. You can still answer: we then offer you to file your answer as a notice.',
      ({ matter }) => lineOf(matter),
    ),
    cancelled: lines(
      about('The case was cancelled', 'cases were cancelled'),
      () => 'The marketplace opened this in error and cancelled it. You do not need to answer:',
      ({ matter }) => lineOf(matter),
    ),
    'counter-statement': lines(
      about('The seller contests the removal', 'removals are contested'),
      () =>
        'The seller has filed a counter-statement against the removal. You can read it in your queue, and correct your answer if it convinces you. A governance officer of the marketplace reviews it.',
      ({ matter }) => lineOf(matter),
    ),
    'review-asked': lines(
      about('Please decide: review', 'reviews need your decision'),
      () => 'Please uphold or overturn the decision. Nothing happens until a person decides:',
      ({ matter, appeal }) => `${lineOf(matter)}: ${APPEALS[appeal]}.`,
    ),
    'notice-offered': lines(
      about('Your late answer can be filed as a notice', 'late answers can be filed as notices'),
      () => 'Your answer arrived after the case had ended. You can file it as a notice; the listing is then removed:',
      ({ matter, until, mayMove: does }) => `${lineOf(matter)}. Please file it by ${whenIn(matter.zone, until)}${mayMove(does)}.`,
    ),
  },
};
