import { Capacity, cause } from '../aggregate.ts';
import { instantFact } from '../facts.ts';
import { refuse } from '../refusals.ts';
import { beginSubmission } from './asking.ts';
import { OPEN, type ReferralHandler } from './command.ts';
import { draftOf, newCases, sealReferral } from './draft.ts';
import { type ReferralEvent, ReferralStatus, Stage } from './model.ts';
import { askingQuestions, days, linkedOf } from './questions.ts';

const { governance, liaison, engine } = Capacity;
const WITH_RECIPIENT = { by: [liaison, governance], in: [ReferralStatus.withRecipient] } as const;
const ARRIVED: readonly string[] = ['delivered', 'possibly-sent'];

/** The mail to the authority arrived or failed. After a failure the submission waits for approval again: the address must be corrected first. */
export const recordDelivery: ReferralHandler<'recordDelivery'> = {
  by: [engine],
  in: [Stage.sending],
  questions: (state, { at }, policy) => ({
    ...linkedOf(state),
    instants: [days('remindReceiptAfter', at, policy), days('remindApproverAfter', at, policy), ...askingQuestions(at, policy)],
  }),
  decide(state, command, facts) {
    const { submission } = draftOf(state);
    const { state: said, at } = command;
    if (!ARRIVED.includes(said)) {
      const remindAt = instantFact(facts, 'remindApproverAfter').at;
      return { events: [{ type: 'SubmissionBounced', state: said, remindAt, cause: cause(command, 'referrals.remindApproverAfter') }] };
    }
    const remindAt = instantFact(facts, 'remindReceiptAfter').at;
    const because = cause(command, 'referrals.remindReceiptAfter');
    const delivered: ReferralEvent = { type: 'SubmissionDelivered', at, state: said, remindAt, cause: because };
    // Cases that came while the mail was under way could not join it.
    const more = newCases(state, facts.linked);
    return { events: [delivered, ...(more.length === 0 ? [] : beginSubmission(submission + 1, more, command, facts))] };
  },
};

/** The authority has acknowledged the referral with its own reference. */
export const recordReceipt: ReferralHandler<'recordReceipt'> = {
  ...WITH_RECIPIENT,
  questions: (_state, command, policy) => ({ instants: [days('remindOutcomeAfter', command.at, policy)] }),
  decide(_state, command, facts) {
    const remindAt = instantFact(facts, 'remindOutcomeAfter').at;
    const because = cause(command, 'referrals.remindOutcomeAfter');
    return { events: [{ type: 'ReceiptRecorded', reference: command.reference, remindAt, cause: because }] };
  },
};

/** The authority refuses the referral. */
export const recordRefusal: ReferralHandler<'recordRefusal'> = {
  ...WITH_RECIPIENT,
  decide: (state, command) =>
    state.draft?.stage === Stage.sending
      ? refuse('mail-under-way')
      : { events: [{ type: 'ReferralRefused', reason: command.reason, cause: cause(command) }, sealReferral(ReferralStatus.refused, command)] },
};

/** The authority asks a question. */
export const recordQuestion: ReferralHandler<'recordQuestion'> = {
  ...WITH_RECIPIENT,
  decide: ({ questions }, command) => ({
    events: [{ type: 'QuestionAsked', question: questions.length + 1, words: command.question, cause: cause(command) }],
  }),
};

/** A question of the authority is answered by mail. */
export const answerQuestion: ReferralHandler<'answerQuestion'> = {
  ...WITH_RECIPIENT,
  decide({ questions }, command) {
    const { question, answer: words } = command;
    const asked = questions[question - 1];
    if (asked === undefined || asked.answer !== undefined) return refuse('question-unknown');
    return { events: [{ type: 'QuestionAnswered', question, words, cause: cause(command) }] };
  },
};

/** What the authority has done, often months later. Several reports on one fact add their sources to it. */
export const recordAuthorityAction: ReferralHandler<'recordAuthorityAction'> = {
  ...WITH_RECIPIENT,
  questions: (_state, command, policy) => ({ instants: [days('remindOutcomeAfter', command.at, policy)] }),
  decide({ sent, facts: known }, command, facts) {
    const { fact, outcome, goods, values, place, cases, at } = command;
    const referred = sent.flatMap((submission) => submission.cases.map((one) => one.case));
    if (cases.some((id) => !referred.includes(id))) return refuse('case-not-referred');
    if (known.some((one) => one.fact === fact && one.outcome !== outcome)) return refuse('fact-differs');
    const remindAt = instantFact(facts, 'remindOutcomeAfter').at;
    const because = cause(command, 'referrals.remindOutcomeAfter');
    const report = { fact, outcome, goods, values, cases, ...(place !== undefined && { place }) };
    return { events: [{ type: 'FactRecorded', at, ...report, remindAt, cause: because }] };
  },
};

/** Closes the referral. A supplement in preparation is not sent. */
export const closeReferral: ReferralHandler<'closeReferral'> = {
  ...WITH_RECIPIENT,
  decide: (state, command) =>
    state.draft?.stage === Stage.sending
      ? refuse('mail-under-way')
      : { events: [{ type: 'ReferralClosed', reason: command.reason, cause: cause(command) }, sealReferral(ReferralStatus.closed, command)] },
};

/** The platform withdraws the referral, before or after it was sent. */
export const withdrawReferral: ReferralHandler<'withdrawReferral'> = {
  by: [liaison, governance],
  in: OPEN,
  decide: (state, command) =>
    state.draft?.stage === Stage.sending
      ? refuse('mail-under-way')
      : {
          events: [
            { type: 'ReferralWithdrawn', why: 'by hand', reason: command.reason, cause: cause(command) },
            sealReferral(ReferralStatus.withdrawn, command),
          ],
        },
};
