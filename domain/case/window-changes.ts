import { Capacity, cause, type Command } from '../aggregate.ts';
import { instantFact, provisionalOf } from '../facts.ts';
import { refuse } from '../refusals.ts';
import { type CaseHandler, decideEvents } from './command.ts';
import { CaseStatus } from './model.ts';
import { windowFrom, windowQuestions } from './window.ts';

/** The account manager gives a silent brand more time, once and within the policy's limit; never an answer. */
export const extendWindow: CaseHandler<'extendWindow'> = {
  by: [Capacity.accountManager],
  in: [CaseStatus.awaiting],
  questions(state, command, policy) {
    if (state.window === undefined) return {};
    const from = state.window.lapseAt;
    const { calendar } = state;
    const atMost = policy.confirmation.extensions[command.by.capacity];
    if (atMost === undefined) return {};
    const source = sourceOfExtension(command);
    return {
      instants: [
        { name: 'window.extended', from, after: command.length, calendar, policy: source },
        { name: 'window.extended-at-most', from, after: atMost, calendar, policy: source },
      ],
    };
  },
  decide(state, command, facts) {
    if (facts.policy.confirmation.extensions[command.by.capacity] === undefined) return refuse('no-extension');
    if (state.extended === true) return refuse('extended-already');
    const lapseAt = instantFact(facts, 'window.extended').at;
    if (lapseAt > instantFact(facts, 'window.extended-at-most').at) return refuse('extension-too-long');
    const open = provisionalOf(facts, (name) => name === 'window.extended');
    return decideEvents({ type: 'WindowExtended', lapseAt, ...open, cause: cause(command, sourceOfExtension(command)) });
  },
};

/** Where the policy says how long an extension may be. */
function sourceOfExtension({ by }: Pick<Command, 'by'>): string {
  return `confirmation.extensions.${by.capacity}`;
}

/** Only a bounce re-arms the window: a brand that could not be told has not been silent. */
export const recordBounce: CaseHandler<'recordBounce'> = {
  by: [Capacity.engine],
  in: [CaseStatus.awaiting],
  questions(state, command, policy) {
    return { instants: windowQuestions(command.at, state.calendar, policy) };
  },
  decide(state, command, facts) {
    if (state.rearms >= facts.policy.confirmation.rearmsAfterBounce) return refuse('not-now');
    const because = cause(command, 'confirmation.rearmsAfterBounce');
    // A round of its own: the reminders written for the window that did not count are not wanted any more.
    const window = windowFrom(state.round + 1, command.at, facts);
    // An extension that was granted before is not taken back by the bounce.
    const lapseAt = state.window !== undefined && state.window.lapseAt > window.lapseAt ? state.window.lapseAt : window.lapseAt;
    return decideEvents({ type: 'ConfirmationRearmed', ...window, lapseAt, cause: because });
  },
};
