import { Capacity, cause } from '../aggregate.ts';
import { isSameVerdict } from '../case/answer.ts';
import type { DeadlineRules } from '../deadlines.ts';
import { laterOf, provisionalOf } from '../facts.ts';
import { ledgerQuestions } from '../ledger/ledger.ts';
import { refuse } from '../refusals.ts';
import { type AppealHandler, caseOf } from './command.ts';
import { type AppealEvent, type AppealState, AppealStatus } from './model.ts';
import { sealed } from './put-back.ts';
import { type AppealFacts, type AppealQuestions, rowsOf } from './questions.ts';

/** The rights holder files the notice that a verdict after the lapse was offered as. */
export const fileOfferedNotice: AppealHandler<'fileOfferedNotice'> = {
  by: [Capacity.rightsHolder],
  in: [AppealStatus.offered],
  questions(state, _command, policy) {
    const of = caseOf(state);
    return { instants: ledgerQuestions(of.sealedAt, policy), ...rowsOf(of, state.seller), stand: { case: of.case } };
  },
  decide({ answer }, command, { stand }) {
    if (answer !== undefined && stand?.latest !== undefined && !isSameVerdict(answer, stand.latest)) return refuse('superseded');
    return {
      events: [
        { type: 'NoticeFiled', at: command.at, cause: cause(command) },
        { type: 'TakedownOrdered', key: `takedown:${command.id}`, ground: 'notice', cause: cause(command) },
      ],
    };
  },
};

/** A calendar was published: the end of the offer is counted again, and never becomes earlier than the brand was told. */
export const recountInstants: AppealHandler<'recountInstants'> = {
  by: [Capacity.engine],
  in: [AppealStatus.offered],
  questions: ({ offerOpen }) => (offerOpen === undefined ? {} : { instants: offerOpen }),
  decide({ offerOpen, offerUntil }, command, facts) {
    if (offerOpen === undefined) return refuse('nothing-provisional');
    const until = laterOf(facts, 'offer.until', offerUntil);
    return { events: [{ type: 'OfferRecounted', until, ...provisionalOf(facts, () => true), cause: cause(command) }] };
  },
};

/** An offered notice that nobody files in time is withdrawn. */
export const appealDeadlines: DeadlineRules<AppealState, AppealEvent, AppealQuestions, AppealFacts> = {
  in: [AppealStatus.offered, AppealStatus.takingDown, AppealStatus.puttingBack],
  waits: ({ offerUntil, offerOpen }, retries) => [
    ...retries,
    offerUntil === undefined
      ? undefined
      : { at: offerUntil, rule: 'late-verdict.offer', ...(offerOpen !== undefined && { provisional: true as const }) },
  ],
  questions(state, _command, policy) {
    const of = caseOf(state);
    return { instants: ledgerQuestions(of.sealedAt, policy), ...rowsOf(of, state.seller) };
  },
  passed: (_state, command) => [sealed(AppealStatus.withdrawn, command.at, cause(command, 'appeals.lateVerdictOfferLasts'))],
};
