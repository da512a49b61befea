import type { Facts, Questions } from '../aggregate.ts';
import { Capacity } from '../aggregate.ts';
import { instantFact, provisionalOf } from '../facts.ts';
import type { PolicyValues } from '../policy/policy.ts';
import type { CaseOutcome, CommandOf, Handler } from './handler.ts';
import { cause, decided, OPEN, refused, sealed } from './handler.ts';
import type { CaseEvent, CaseState } from './model.ts';
import { CaseStatus } from './model.ts';
import { windowFrom, windowQuestions } from './window.ts';

/** Decision 1: a detection or an officer opens the case, and the brand is asked at once. */
export const openCase: Handler<'openCase'> = {
  by: [Capacity.detector, Capacity.governance],
  in: [CaseStatus.none],
  mandate: false,
  questions(_state: CaseState, command: CommandOf<'openCase'>, policy: PolicyValues): Questions {
    return { instants: windowQuestions(command.at, command.calendar, policy) };
  },
  decide(_state: CaseState, command: CommandOf<'openCase'>, facts: Facts): CaseOutcome {
    const { kind: _, id: __, by: ___, note: ____, capture, ...rest } = command;
    const detectors = command.findings.map((finding) => `${finding.detector}@${finding.version}`);
    const because = { ...cause(command), ...(detectors.length > 0 && { detectors }) };
    const shot: CaseEvent =
      'digest' in capture
        ? { type: 'CaptureRecorded', digest: capture.digest, version: command.version, cause: because }
        : { type: 'CaptureMissing', key: 'capture:1', reason: capture.failed, cause: because };
    return decided({ type: 'CaseOpened', ...rest, cause: because }, shot, {
      type: 'ConfirmationAsked',
      ...windowFrom(1, command.at, facts),
      cause: cause(command, 'confirmation'),
    });
  },
};

/** The account manager gives a silent brand more time, once and within the policy's limit; never an answer. */
export const extendWindow: Handler<'extendWindow'> = {
  by: [Capacity.accountManager],
  in: [CaseStatus.awaiting],
  mandate: true,
  questions(state: CaseState, command: CommandOf<'extendWindow'>, policy: PolicyValues): Questions {
    if (state.window === undefined) return {};
    const from = state.window.lapseAt;
    const { calendar } = state;
    const { extensionAtMost } = policy.confirmation;
    return {
      instants: [
        { name: 'window.extended', from, after: command.length, calendar, policy: 'confirmation.extensionAtMost' },
        { name: 'window.extended-at-most', from, after: extensionAtMost, calendar, policy: 'confirmation.extensionAtMost' },
      ],
    };
  },
  decide(state: CaseState, command: CommandOf<'extendWindow'>, facts: Facts): CaseOutcome {
    if (state.extended === true) return refused('extended-already');
    const lapseAt = instantFact(facts, 'window.extended').at;
    if (lapseAt > instantFact(facts, 'window.extended-at-most').at) return refused('extension-too-long');
    const open = provisionalOf(facts, (name) => name === 'window.extended');
    return decided({ type: 'WindowExtended', lapseAt, ...open, cause: cause(command, 'confirmation.extensionAtMost') });
  },
};

/** Only a bounce re-arms the window: a brand that could not be told has not been silent. */
export const recordBounce: Handler<'recordBounce'> = {
  by: [Capacity.engine],
  in: [CaseStatus.awaiting],
  mandate: false,
  questions(state: CaseState, command: CommandOf<'recordBounce'>, policy: PolicyValues): Questions {
    return { instants: windowQuestions(command.at, state.calendar, policy) };
  },
  decide(state: CaseState, command: CommandOf<'recordBounce'>, facts: Facts): CaseOutcome {
    if (state.rearms >= facts.policy.confirmation.rearmsAfterBounce) return refused('not-now');
    const because = cause(command, 'confirmation.rearmsAfterBounce');
    // A round of its own: the reminders written for the window that did not count are not wanted any more.
    const window = windowFrom(state.round + 1, command.at, facts);
    // An extension that was granted before is not taken back by the bounce.
    const lapseAt = state.window !== undefined && state.window.lapseAt > window.lapseAt ? state.window.lapseAt : window.lapseAt;
    return decided({ type: 'ConfirmationRearmed', ...window, lapseAt, cause: because });
  },
};

/** A newer version of the listing, found while the brand is being asked, is part of the same question. */
export const joinVersion: Handler<'joinVersion'> = {
  by: [Capacity.detector],
  in: [CaseStatus.awaiting, CaseStatus.moreAsked],
  mandate: false,
  questions: () => ({}),
  decide(state: CaseState, command: CommandOf<'joinVersion'>): CaseOutcome {
    if (state.versions.includes(command.version)) return refused('version-known');
    const { version, capture } = command;
    return decided({ type: 'VersionJoined', version, ...(capture !== undefined && { capture }), cause: cause(command) });
  },
};

/** The officer cancels what was opened in error, as long as nothing has been ordered. */
export const cancelCase: Handler<'cancelCase'> = {
  by: [Capacity.governance],
  in: OPEN,
  mandate: true,
  questions: () => ({}),
  decide(state: CaseState, command: CommandOf<'cancelCase'>): CaseOutcome {
    if (state.status !== CaseStatus.awaiting && state.status !== CaseStatus.moreAsked) return refused('acting-already');
    return decided({ type: 'CaseCancelled', cause: cause(command) }, sealed(CaseStatus.cancelled, command.at, cause(command)));
  },
};

/** The seller contests while the case is open: only a provisional or running removal can be contested before the seal. */
export const fileCounterStatement: Handler<'fileCounterStatement'> = {
  by: [Capacity.seller],
  in: OPEN,
  mandate: true,
  questions: () => ({}),
  decide(state: CaseState, command: CommandOf<'fileCounterStatement'>): CaseOutcome {
    if (state.removed !== true) return refused('nothing-to-contest');
    if (state.statement !== undefined) return refused('contested-already');
    return decided({ type: 'CounterStatementFiled', statement: command.statement, cause: cause(command) });
  },
};

/** The marketplace makes the seller known while the case is open. */
export const identifySeller: Handler<'identifySeller'> = {
  by: [Capacity.governance, Capacity.engine],
  in: OPEN,
  mandate: false,
  questions: () => ({}),
  decide(state: CaseState, command: CommandOf<'identifySeller'>): CaseOutcome {
    if (state.seller !== undefined) return refused('seller-known');
    return decided({ type: 'SellerIdentified', seller: command.seller, cause: cause(command) });
  },
};
