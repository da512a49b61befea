import { Capacity, cause } from '../aggregate.ts';
import { isInFlight } from '../effects.ts';
import { allOf } from '../facts.ts';
import { ledgerQuestions } from '../ledger/ledger.ts';
import { type RefusalCode, refuse } from '../refusals.ts';
import { justifiesAction, isSameVerdict, stands } from './answer.ts';
import { type CaseHandler, type CommandOf, decideEvents, OPEN } from './command.ts';
import { isAtHand } from './custody.ts';
import { actOnCase, dismissCase, lapseCase } from './endings.ts';
import { takeDown, undoRemoval } from './listing-acts.ts';
import type { VerdictDetails, CaseEvent, CaseState } from './model.ts';
import { CaseStatus, Verdict } from './model.ts';
import { type CaseFacts, groundsOf, ledgerOf } from './questions.ts';
import { furtherWindowFrom, furtherWindowQuestions } from './window.ts';

type RecordVerdict = CommandOf<'recordVerdict'>;

/** The brand answers, or corrects its answer while the case is open. A repeated answer is refused. */
export const recordVerdict: CaseHandler<'recordVerdict'> = {
  by: [Capacity.rightsHolder],
  in: OPEN,
  questions(state, command, policy) {
    if (state.status === CaseStatus.removedProvisionally) {
      return allOf({ instants: ledgerQuestions(command.at, policy) }, ledgerOf(state), groundsOf(state));
    }
    if (state.status === CaseStatus.takingDown) return groundsOf(state);
    return command.verdict === Verdict.cannotTell ? { instants: furtherWindowQuestions(command.at, state.calendar, policy) } : {};
  },
  decide(state, command, facts) {
    const wrong = refusalOf(state, command, facts);
    if (wrong !== undefined) return refuse(wrong);
    const given: CaseEvent = !stands(state.answer)
      ? { type: 'VerdictGiven', at: command.at, ...answerOf(command), cause: cause(command) }
      : { type: 'VerdictCorrected', was: state.answer.verdict, at: command.at, ...answerOf(command), cause: cause(command) };
    return decideEvents(given, ...consequences(state, command, facts));
  },
};

function refusalOf(state: CaseState, command: RecordVerdict, facts: CaseFacts): RefusalCode | undefined {
  const allowed = facts.policy.reasonCodes[command.reasonCode];
  if (allowed === undefined || !allowed.includes(command.verdict)) return 'reason-code-unknown';
  if (command.exhibit !== undefined && !state.exhibits.some((one) => one.id === command.exhibit && isAtHand(one))) return 'exhibit-unknown';
  if (Object.keys(command.perRight ?? {}).some((right) => !state.rights.includes(right))) return 'right-not-in-case';
  if (state.status !== CaseStatus.moreAsked && isSameVerdict(state.answer, command)) return 'already-answered';
  // Two reviewers at once: the second one did not see what it would correct.
  if (command.asFirst === true && stands(state.answer)) return 'answered-meanwhile';
  return undefined;
}

function consequences(state: CaseState, command: RecordVerdict, facts: CaseFacts): readonly CaseEvent[] {
  const isActing = justifiesAction(command, state.rights, facts.policy);
  switch (state.status) {
    case CaseStatus.awaiting:
    case CaseStatus.moreAsked:
      return firstAnswer(state, command, facts, isActing);
    case CaseStatus.removedProvisionally:
      return provisionalAnswer(state, command, facts, isActing);
    case CaseStatus.takingDown:
      return duringTakedown(state, command, facts, isActing);
    case CaseStatus.recapturing:
      // The old version was missed and the listing is live: an answer that takes the verdict back ends the case.
      return isActing || command.verdict === Verdict.cannotTell ? [] : dismissCase(command, command.verdict);
    default:
      // putting back: an attempt under way is not cancelled, its outcome reads the answer that stands then
      return isActing && !isInFlight(state.effect) ? [takeDown(command, 'verdict', `verdicts.${command.verdict}.acts`)] : [];
  }
}

function firstAnswer(state: CaseState, command: RecordVerdict, facts: CaseFacts, isActing: boolean): readonly CaseEvent[] {
  if (isActing) return [takeDown(command, 'verdict', `verdicts.${command.verdict}.acts`)];
  if (command.verdict !== Verdict.cannotTell) return dismissCase(command, command.verdict);
  if (state.status === CaseStatus.moreAsked) return lapseCase(command, 'confirmation.cannotTellWindow');
  const because = cause(command, 'confirmation.cannotTellWindow');
  return [{ type: 'MoreAsked', ...furtherWindowFrom(state.round + 1, command.at, facts), cause: because }];
}

function provisionalAnswer(state: CaseState, command: RecordVerdict, facts: CaseFacts, isActing: boolean): readonly CaseEvent[] {
  if (isActing) return [{ type: 'RemovalConfirmed', ground: 'verdict', cause: cause(command) }, ...actOnCase(state, command, facts, command)];
  return command.verdict === Verdict.cannotTell ? [] : undoRemoval(command, command, facts, 'verdict');
}

/** A takedown that may be under way is not cancelled: when its result arrives, the answer that stands then decides. */
function duringTakedown(state: CaseState, command: RecordVerdict, facts: CaseFacts, isActing: boolean): readonly CaseEvent[] {
  if (isActing) return state.provisional === true ? [{ type: 'RemovalConfirmed', ground: 'verdict', cause: cause(command) }] : [];
  if (command.verdict === Verdict.cannotTell && state.provisional === true) return [];
  return isInFlight(state.effect) || state.forOthers === true ? [] : undoRemoval(command, command, facts, 'correction');
}

function answerOf(command: RecordVerdict): VerdictDetails {
  const { verdict, reasonCode, basis, perRight, exhibit } = command;
  return { verdict, reasonCode, basis, ...(perRight !== undefined && { perRight }), ...(exhibit !== undefined && { exhibit }) };
}
