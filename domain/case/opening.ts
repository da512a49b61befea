import { Capacity, cause } from '../aggregate.ts';
import { refuse } from '../refusals.ts';
import { ASKED, type CaseHandler, decideEvents, OPEN } from './command.ts';
import { sealed } from './endings.ts';
import type { CaseEvent } from './model.ts';
import { CaseStatus } from './model.ts';
import { windowFrom, windowQuestions } from './window.ts';

/** Decision 1: a detection or an officer opens the case, and the brand is asked at once. */
export const openCase: CaseHandler<'openCase'> = {
  by: [Capacity.detector, Capacity.governance],
  in: [CaseStatus.none],
  opens: true,
  questions(_state, command, policy) {
    return { instants: windowQuestions(command.at, command.calendar, policy) };
  },
  decide(_state, command, facts) {
    const { kind: _, id: __, by: ___, note: ____, capture, ...rest } = command;
    const detectors = command.findings.map((finding) => `${finding.detector}@${finding.version}`);
    const because = { ...cause(command), ...(detectors.length > 0 && { detectors }) };
    const shot: CaseEvent =
      'digest' in capture
        ? { type: 'CaptureRecorded', digest: capture.digest, version: command.version, cause: because }
        : { type: 'CaptureMissing', key: 'capture:1', reason: capture.failed, cause: because };
    return decideEvents({ type: 'CaseOpened', ...rest, cause: because }, shot, {
      type: 'ConfirmationAsked',
      ...windowFrom(1, command.at, facts),
      cause: cause(command, 'confirmation'),
    });
  },
};

/** A newer version of the listing, found while the brand is being asked, becomes part of the same case. */
export const joinVersion: CaseHandler<'joinVersion'> = {
  by: [Capacity.detector],
  in: ASKED,
  decide(state, command) {
    if (state.versions.includes(command.version)) return refuse('version-known');
    const { version, capture } = command;
    return decideEvents({ type: 'VersionJoined', version, ...(capture !== undefined && { capture }), cause: cause(command) });
  },
};

/** An officer cancels a case that was opened in error, as long as no measure has been ordered. */
export const cancelCase: CaseHandler<'cancelCase'> = {
  by: [Capacity.governance],
  in: OPEN,
  decide(state, command) {
    if (!ASKED.includes(state.status)) return refuse('acting-already');
    return decideEvents({ type: 'CaseCancelled', cause: cause(command) }, sealed(CaseStatus.cancelled, command.at, cause(command)));
  },
};
