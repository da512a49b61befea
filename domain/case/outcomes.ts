import type { Facts, Questions } from '../aggregate.ts';
import { Capacity } from '../aggregate.ts';
import type { EffectResult } from '../effects.ts';
import { EffectKind } from '../effects.ts';
import { ledgerQuestions } from '../ledger/ledger.ts';
import type { PolicyValues } from '../policy/policy.ts';
import type { CaseOutcome, CommandOf, Handler } from './handler.ts';
import { actioned, acts, and, cause, decided, groundsOf, ledgerOf, OPEN, putBack, refused, sealed } from './handler.ts';
import type { CaseEvent, CaseState } from './model.ts';
import { CaseStatus } from './model.ts';
import { instantFact, retryQuestion, windowFrom, windowQuestions } from './window.ts';

type RecordOutcome = CommandOf<'recordOutcome'>;

/** What came back from outside. The outcome of an owed effect is never refused. */
export const recordOutcome: Handler<'recordOutcome'> = {
  by: [Capacity.engine],
  in: OPEN,
  mandate: false,
  questions(state: CaseState, command: RecordOutcome, policy: PolicyValues): Questions {
    const effect = owedBy(state, command);
    if (effect === undefined) return {};
    if (command.result.kind === 'failed') {
      const [after, path] =
        effect.kind === EffectKind.capture
          ? ([policy.capture.retryAfter, 'capture.retryAfter'] as const)
          : ([policy.takedown.retryAfter, 'takedown.retryAfter'] as const);
      return and(retryQuestion(command.at, command.try, after, path, state), groundsOf(state));
    }
    if (effect.kind === EffectKind.capture) {
      // gone when it was to be captured again: the removal is complete, so its ledger row may follow
      return command.result.kind === 'gone'
        ? and({ instants: ledgerQuestions(command.at, policy) }, ledgerOf(state))
        : { instants: windowQuestions(command.at, state.calendar, policy) };
    }
    const { lasts } = policy.provisionalRemoval;
    const until = { name: 'provisional', from: command.at, after: lasts, calendar: state.calendar, policy: 'provisionalRemoval.lasts' };
    return and({ instants: [...ledgerQuestions(command.at, policy), until] }, ledgerOf(state), groundsOf(state));
  },
  decide(state: CaseState, command: RecordOutcome, facts: Facts): CaseOutcome {
    const effect = owedBy(state, command);
    if (effect === undefined) return refused('not-owed');
    const { result } = command;
    if (result.kind === 'failed') return decided(...failed(state, command, result.reason, facts, effect.kind));
    switch (effect.kind) {
      case EffectKind.takedown:
        return decided(...tookDown(state, command, result, facts));
      case EffectKind.putBack:
        return decided(...putBackDone(state, command, result, facts));
      case EffectKind.capture:
        return decided(...captured(state, command, result, facts));
    }
  },
};

function owedBy(state: CaseState, command: RecordOutcome) {
  return [state.effect, state.recapture].find(
    (effect) => effect?.key === command.key && effect.try === command.try && effect.retryAt === undefined,
  );
}

/** Whether the takedown still has a ground: an acting answer, or a provisional removal that no answer has ended. */
function isGrounded(state: CaseState, facts: Facts): boolean {
  if (state.answer === undefined) return state.provisional === true;
  const isUndecided = state.answer.verdict === 'cannot-tell' && state.provisional === true;
  return isUndecided || acts(state.answer, state.rights, facts.policy);
}

function failed(state: CaseState, command: RecordOutcome, reason: string, facts: Facts, kind: EffectKind): readonly CaseEvent[] {
  // A takedown that failed may have been done all the same (the reply was lost): without a ground it is compensated.
  if (kind === EffectKind.takedown && !isGrounded(state, facts)) return withoutGround(command, facts);
  const retryAt = instantFact(facts, 'retry').at;
  return [{ type: 'EffectFailed', key: command.key, reason, retryAt, cause: cause(command) }];
}

function withoutGround(command: RecordOutcome, facts: Facts): readonly CaseEvent[] {
  const back = putBack(command, facts, 'correction');
  return back.type === 'PutBackWithheld' ? [back, ...dismissed(command)] : [back];
}

function tookDown(state: CaseState, command: RecordOutcome, result: EffectResult, facts: Facts): readonly CaseEvent[] {
  if (result.kind === 'version-differs') {
    if (!isGrounded(state, facts)) return dismissed(command);
    return [{ type: 'VersionDiffered', version: result.version, key: `capture:${command.id}`, cause: cause(command) }];
  }
  const removed: CaseEvent =
    result.kind === 'removed'
      ? { type: 'ListingRemoved', at: command.at, alreadyGone: false, version: result.version, orders: result.orders, cause: cause(command) }
      : { type: 'ListingRemoved', at: command.at, alreadyGone: true, cause: cause(command) };
  if (!isGrounded(state, facts)) return [removed, ...withoutGround(command, facts)];
  if (state.answer !== undefined && acts(state.answer, state.rights, facts.policy)) {
    return [removed, ...actioned(state, state.answer, facts, command)];
  }
  const until = instantFact(facts, 'provisional').at;
  return [removed, { type: 'RemovedProvisionally', until, cause: cause(command, 'provisionalRemoval.lasts') }];
}

function putBackDone(state: CaseState, command: RecordOutcome, result: EffectResult, facts: Facts): readonly CaseEvent[] {
  const restored: CaseEvent = { type: 'ListingRestored', result: result.kind, cause: cause(command) };
  // The brand changed its answer again while the listing was being put back: the answer that stands now decides.
  if (acts(state.answer, state.rights, facts.policy)) {
    const key = `takedown:${command.id}`;
    return [restored, { type: 'TakedownOrdered', key, provisional: false, ground: 'verdict', cause: cause(command) }];
  }
  if (state.answer === undefined || state.answer.verdict === 'cannot-tell') {
    return [
      restored,
      { type: 'CaseLapsed', watch: true, cause: cause(command) },
      sealed(CaseStatus.lapsed, command.at, cause(command)),
    ];
  }
  return [restored, ...dismissed(command, state)];
}

function captured(state: CaseState, command: RecordOutcome, result: EffectResult, facts: Facts): readonly CaseEvent[] {
  if (result.kind === 'captured') {
    const events: CaseEvent[] = [{ type: 'CaptureRecorded', digest: result.digest, version: result.version, cause: cause(command) }];
    if (!state.versions.includes(result.version)) {
      events.push({ type: 'VersionJoined', version: result.version, capture: result.digest, cause: cause(command) });
    }
    if (state.status !== CaseStatus.recapturing) return events;
    // The answer was about another version: the brand is asked about what is on sale now.
    return [...events, { type: 'ConfirmationAsked', ...windowFrom(state.round + 1, command.at, facts), cause: cause(command, 'confirmation') }];
  }
  if (state.status !== CaseStatus.recapturing) {
    return [{ type: 'CaptureAbandoned', reason: result.kind, cause: cause(command) }];
  }
  const removed: CaseEvent = { type: 'ListingRemoved', at: command.at, alreadyGone: true, cause: cause(command) };
  if (state.answer !== undefined && acts(state.answer, state.rights, facts.policy)) {
    return [removed, ...actioned(state, state.answer, facts, command)];
  }
  return [removed, { type: 'CaseLapsed', watch: true, cause: cause(command) }, sealed(CaseStatus.lapsed, command.at, cause(command))];
}

function dismissed(command: RecordOutcome, state?: CaseState): readonly CaseEvent[] {
  return [
    { type: 'CaseDismissed', ...(state?.answer && { verdict: state.answer.verdict }), cause: cause(command) },
    sealed(CaseStatus.dismissed, command.at, cause(command)),
  ];
}
