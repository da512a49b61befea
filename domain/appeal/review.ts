import { Capacity, cause } from '../aggregate.ts';
import { provisionalOf } from '../facts.ts';
import { LEDGER_COUNTS, ledgerQuestions } from '../ledger/ledger.ts';
import { type AppealHandler, type CommandOf, caseOf } from './command.ts';
import { type AppealCommand, type AppealEvent, AppealKind, type AppealState, AppealStatus, type CaseReference } from './model.ts';
import { applyCorrection } from './opening.ts';
import { putBackOrWithhold, sealed } from './put-back.ts';
import { type AppealFacts, rowsOf } from './questions.ts';

/** An officer decides on a counter-notice or on a late correction. */
export const decideAppeal: AppealHandler<'decideAppeal'> = {
  by: [Capacity.governance],
  in: [AppealStatus.inReview],
  questions(state, _command, policy) {
    const of = caseOf(state);
    // When a contested entry counts again depends on when it would have counted without the contest.
    return { instants: ledgerQuestions(of.sealedAt, policy), ...rowsOf(of, state.seller), stand: { case: of.case } };
  },
  decide: (state, command, facts) => ({ events: decideReview(state, caseOf(state), command, facts) }),
};

/** Whoever filed the appeal withdraws it. */
export const withdrawAppeal: AppealHandler<'withdrawAppeal'> = {
  by: [Capacity.seller, Capacity.rightsHolder],
  in: [AppealStatus.inReview, AppealStatus.offered],
  isFrom: (state, { by }) => isFiler(state, by.capacity),
  questions(state, _command, policy) {
    const of = caseOf(state);
    return { instants: ledgerQuestions(of.sealedAt, policy), ...rowsOf(of, state.seller) };
  },
  decide: (state, command, facts) => ({
    events: [...released(state, command, facts), sealed(AppealStatus.withdrawn, command.at, cause(command))],
  }),
};

function decideReview(state: AppealState, of: CaseReference, command: CommandOf<'decideAppeal'>, facts: AppealFacts): readonly AppealEvent[] {
  const { decision, reason } = command;
  const said: AppealEvent = { type: 'AppealDecided', decision, reason, cause: cause(command) };
  if (isMoot(of, facts)) return [said, sealed(AppealStatus.withdrawn, command.at, cause(command))];
  if (decision === 'uphold') return [said, ...released(state, command, facts), sealed(AppealStatus.upheld, command.at, cause(command))];
  if (state.kind === AppealKind.correction) {
    const { answer } = state;
    return [said, ...applyCorrection(of, { ...command, ...(answer !== undefined && { answer }) }, facts, cause(command))];
  }
  const voided: AppealEvent = { type: 'LedgerVoided', reason: 'overturned', cause: cause(command) };
  return [said, voided, ...putBackOrWithhold(command, facts, AppealStatus.overturned, cause(command))];
}

/** Whether another appeal has ended the restriction that this review is about. A restriction imposed since does not count. */
function isMoot({ sealedAt }: CaseReference, { stand }: AppealFacts): boolean {
  return stand !== undefined && (!stand.isRestricted || stand.since > sealedAt);
}

/** A seller's counter-notice is not the brand's to withdraw, nor a brand's correction or verdict the seller's. */
function isFiler(state: AppealState, capacity: Capacity): boolean {
  return capacity === (state.kind === AppealKind.counterNotice ? Capacity.seller : Capacity.rightsHolder);
}

/**
 * A counter-notice that ends without success lets the points count: from now on, but never earlier than without it (ladder C:
 * after the working days without a successful one).
 */
function released(state: AppealState, command: AppealCommand, facts: AppealFacts): readonly AppealEvent[] {
  if (state.kind !== AppealKind.counterNotice) return [];
  const uncontested = facts.instants[LEDGER_COUNTS]?.at ?? command.at;
  const countsFrom = uncontested > command.at ? uncontested : command.at;
  const open = uncontested > command.at ? provisionalOf(facts, (name) => name === LEDGER_COUNTS) : {};
  return [{ type: 'LedgerReleased', countsFrom, ...open, cause: cause(command, 'ledger.countsAfter') }];
}
