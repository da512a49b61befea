import { Capacity, cause, type Facts } from '../aggregate.ts';
import { refuse } from '../refusals.ts';
import { type CaseHandler, type CommandOf, decideEvents, OPEN } from './command.ts';
import type { CaseEvent, CaseState } from './model.ts';
import { CaseStatus } from './model.ts';
import { furtherWindowFrom, furtherWindowQuestions, windowFrom, windowQuestions } from './window.ts';

/**
 * The case was opened for the owner of a right who was not an imported organisation then. Now that the organisation is known the case becomes
 * its own. Nobody could be told before, so the organisation is asked in a new window, counted on its own calendar.
 */
export const adoptHolder: CaseHandler<'adoptHolder'> = {
  by: [Capacity.engine],
  in: OPEN,
  questions(state, command, policy) {
    if (state.status === CaseStatus.awaiting) return { instants: windowQuestions(command.at, command.calendar, policy) };
    if (state.status === CaseStatus.moreAsked) return { instants: furtherWindowQuestions(command.at, command.calendar, policy) };
    return {};
  },
  decide(state, command, facts) {
    const { holder, calendar } = command;
    if (state.holder === holder) return refuse('holder-known');
    return decideEvents({ type: 'HolderAdopted', holder, was: state.holder, calendar, cause: cause(command) }, ...askedAnew(state, command, facts));
  },
};

function askedAnew(state: CaseState, command: CommandOf<'adoptHolder'>, facts: Facts): readonly CaseEvent[] {
  // A round of its own: what was written for the window of the one before is not wanted any more.
  const round = state.round + 1;
  switch (state.status) {
    case CaseStatus.awaiting:
      return [{ type: 'ConfirmationAsked', ...windowFrom(round, command.at, facts), cause: cause(command, 'confirmation') }];
    case CaseStatus.moreAsked:
      return [{ type: 'MoreAsked', ...furtherWindowFrom(round, command.at, facts), cause: cause(command, 'confirmation.cannotTellWindow') }];
    default:
      return [];
  }
}
