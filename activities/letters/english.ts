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
import { APPEALS, counted, ENDINGS, itemOf, lineOf, mayMove, openBlocks, shortName, silenceWords, VERDICTS, whenIn } from './english-words.ts';
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
  'Please say for each: counterfeit, genuine, unauthorised, another infringement, not yours, or that you cannot tell yet, with what you base it on. Answer on the page of the case or in your queue; a reply to this mail is not an answer.';

const ask: TextOf<'ask'> = {
  subject: about('Is this yours? Your answer is needed', 'listings need your answer'),
  blocks: (letters) => [
    { p: `${counted(letters.length, 'A listing', 'listings')} may infringe rights of ${letters[0]?.matter.holder ?? ''}. ${HOW_TO_ANSWER}` },
    { list: bySoonest(letters).map((letter) => itemOf(letter.matter, asked(letter, letter.findings))) },
    { p: 'An answer given in the instant of its deadline is still in time. You can correct an answer later.' },
  ],
};

function asked({ matter, lapseAt, mayMove: does, silence }: ParamsOf<'ask'> | ParamsOf<'reminder'>, findings: readonly string[]): string {
  const why = findings.length === 0 ? '' : ` Found: ${findings.join('; ')}.`;
  return `${lineOf(matter)}. Answer by ${whenIn(matter.zone, lapseAt)}${mayMove(does)}; ${silenceWords(silence)}.${why}`;
}

const reminder: TextOf<'reminder'> = {
  subject: about('Reminder: your answer is still needed', 'listings still need your answer'),
  blocks: (letters) => [
    { p: `No answer has come yet for ${counted(letters.length, 'this listing', 'listings')}. ${HOW_TO_ANSWER}` },
    { list: bySoonest(letters).map((letter) => itemOf(letter.matter, `Reminder ${letter.number}: ${asked(letter, [])}`)) },
  ],
};

const moreAsked: TextOf<'more-asked'> = {
  subject: about('You cannot tell yet: the window is extended once', 'windows are extended once'),
  blocks: (letters) => [
    {
      p: 'You answered that you cannot tell yet. One further window is open, for example to buy or send a sample. A second “cannot tell”, or silence, lets the case lapse: the listing stays online under watch.',
    },
    {
      list: bySoonest(letters).map(({ matter, lapseAt, mayMove: does }) =>
        itemOf(matter, `${lineOf(matter)}. Answer by ${whenIn(matter.zone, lapseAt)}${mayMove(does)}.`),
      ),
    },
  ],
};

const escalation: TextOf<'escalation'> = {
  subject: (letters) =>
    (letters[0]?.because === 'bounce'
      ? about<ParamsOf<'escalation'>>('Mail to the rights holder came back', 'mails to rights holders came back')
      : about<ParamsOf<'escalation'>>('The rights holder is silent', 'rights holders are silent'))(letters),
  blocks: (letters) => letters.flatMap(escalated),
};

function escalated({ matter, because, lapseAt, mayMove: does, silence }: ParamsOf<'escalation'>): readonly Block[] {
  const what =
    because === 'bounce'
      ? `The mail that asked ${matter.holder} could not be delivered. Its window starts anew; please find another way to reach it and correct its address.`
      : `${matter.holder} has not answered. You are on duty for it: please remind it. You can extend the window once; you cannot answer in its place.`;
  const end = lapseAt === undefined ? [] : ([['Window ends', `${whenIn(matter.zone, lapseAt)}${mayMove(does)}`]] as const);
  return [{ p: what }, { facts: [['Listing', lineOf(matter)], ...end, ['Silence', silenceWords(silence)]] }, ...openBlocks(matter)];
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
        p: 'The provisional removal of your listing is confirmed: it is no longer provisional. This statement of reasons takes the place of the earlier one.',
      },
      ...reasonsBlocks(matter, reasons),
      ...openBlocks(matter),
    ]),
};

const restored: TextOf<'restored'> = lines(
  about('The listing is back', 'listings are back'),
  (letters) =>
    letters[0]?.to === 'seller'
      ? 'The removal has ended: your listing is available again.'
      : `The removal of ${counted(letters.length, 'this listing', 'listings')} has ended; they are available again.`,
  ({ matter }) => lineOf(matter),
);

const appealEnded: TextOf<'appeal-ended'> = lines(
  about('A review has ended', 'reviews have ended'),
  () => 'What came after the closing of the case has been decided:',
  ({ matter, appeal, ended }) => `${lineOf(matter)}: ${APPEALS[appeal]}. ${ENDINGS[ended]}`,
  'You can seek judicial remedy at any time; sellers can also turn to a certified out-of-court dispute settlement body.',
);

/** Letters in English. */
export const english: Language = {
  tag: 'en',
  direction: 'ltr',
  mixed: (count) => `${count} messages about your cases`,
  footer: 'Sent by the enforcement desk of the marketplace. Replies are not read: what counts is what you say on the page of the case.',
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
      () => 'The seller edited what you are asked about. The new version belongs to the same question; your answer covers both:',
      ({ matter }) => lineOf(matter),
    ),
    corrected: lines(
      about('Your corrected answer is recorded', 'corrected answers are recorded'),
      () => 'You changed your answer; what followed from the first one is undone as far as it was done:',
      ({ matter, was, verdict }) => `${lineOf(matter)}: first ${VERDICTS[was]}, now ${VERDICTS[verdict]}.`,
    ),
    lapsed: lines(
      about('The case lapsed', 'cases lapsed'),
      () =>
        'No answer that allows to act came in time. Nothing was removed for good; the listing stays under watch. You can still answer: it is kept and offered to you as a notice.',
      ({ matter }) => lineOf(matter),
    ),
    cancelled: lines(
      about('The case was cancelled', 'cases were cancelled'),
      () => 'Opened in error and cancelled by the marketplace; you need not answer:',
      ({ matter }) => lineOf(matter),
    ),
    'counter-statement': lines(
      about('The seller contests', 'sellers contest'),
      () =>
        'The seller has filed a counter-statement against the removal. You can read it in your queue, and correct your answer if it convinces you. An officer of the marketplace reviews it.',
      ({ matter }) => lineOf(matter),
    ),
    'review-asked': lines(
      about('A review waits for your decision', 'reviews wait for your decision'),
      () => 'Please uphold or overturn. Nothing happens before a person has decided:',
      ({ matter, appeal }) => `${lineOf(matter)}: ${APPEALS[appeal]}.`,
    ),
    'notice-offered': lines(
      about('Your late answer can be filed as a notice', 'late answers can be filed as notices'),
      () => 'Your answer came after the case had ended. It is kept; file it as a notice, and the listing is removed:',
      ({ matter, until, mayMove: does }) => `${lineOf(matter)}. Offered until ${whenIn(matter.zone, until)}${mayMove(does)}.`,
    ),
  },
};
