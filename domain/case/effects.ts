import { cause } from '../aggregate.ts';
import type { EffectRules } from '../effect-rules.ts';
import { listingRetries } from '../effect-rules.ts';
import { EffectKind, type EffectResult, type OwedEffect, type RecordEffectResult } from '../effects.ts';
import { allOf, instantFact, provisionalOf } from '../facts.ts';
import { ledgerQuestions } from '../ledger/ledger.ts';
import { justifiesAction } from './answer.ts';
import { OPEN } from './command.ts';
import { CaseDeadline } from './deadlines.ts';
import { actOnCase, endedWithoutGround, lapseCase } from './endings.ts';
import { takeDown, undoRemoval } from './listing-acts.ts';
import type { CaseEvent, CaseState } from './model.ts';
import { CaseStatus } from './model.ts';
import { type CaseFacts, type CaseQuestions, groundsOf, ledgerOf } from './questions.ts';
import { windowFrom, windowQuestions } from './window.ts';

/** The effects of a case on its listing, and what follows from their results. */
export const caseEffects: EffectRules<CaseState, CaseEvent, CaseQuestions, CaseFacts> = {
  in: OPEN,
  kept(state) {
    const { marketplace, listing, versions, effect, recapture } = state;
    const reason = state.answer?.verdict ?? 'suspected';
    const args = effect?.kind === EffectKind.takedown ? { marketplace, listing, versions, reason } : { marketplace, listing, reason };
    return [
      ...(effect === undefined ? [] : [{ effect, args }]),
      ...(recapture === undefined ? [] : [{ effect: recapture, args: { marketplace, listing }, retry: CaseDeadline.retryCapture }]),
    ];
  },
  retries: ({ calendar }, effect, policy) => listingRetries(effect, policy, calendar),
  questions(state, command, effect, policy) {
    if (command.result.kind === 'failed') return groundsOf(state);
    if (effect.kind === EffectKind.capture) {
      // gone when it was to be captured again: the removal is complete, so its ledger row may follow
      return command.result.kind === 'gone'
        ? allOf({ instants: ledgerQuestions(command.at, policy) }, ledgerOf(state))
        : { instants: windowQuestions(command.at, state.calendar, policy) };
    }
    const { lasts } = policy.provisionalRemoval;
    const until = { name: 'provisional', from: command.at, after: lasts, calendar: state.calendar, policy: 'provisionalRemoval.lasts' };
    return allOf<CaseQuestions>({ instants: [...ledgerQuestions(command.at, policy), until] }, ledgerOf(state), groundsOf(state));
  },
  failed: compensated,
  done(state, command, effect, facts) {
    const { result } = command;
    switch (effect.kind) {
      case EffectKind.takedown:
        return tookDown(state, command, result, facts);
      case EffectKind.putBack:
        return putBackDone(state, command, result, facts);
      case EffectKind.capture:
        return captured(state, command, result, facts);
      default:
        throw new Error(`no case ever owes ${effect.kind}`);
    }
  },
};

/** Whether the takedown is still justified: by an answer, or by a provisional removal that no answer has ended. */
function isGrounded(state: CaseState, facts: CaseFacts): boolean {
  if (state.answer === undefined) return state.provisional === true;
  const isUndecided = state.answer.verdict === 'cannot-tell' && state.provisional === true;
  return isUndecided || justifiesAction(state.answer, state.rights, facts.policy);
}

/** A failed act may have taken place (the reply was lost). When it is no longer justified it is undone instead of tried again. */
function compensated(state: CaseState, command: RecordEffectResult, { kind }: OwedEffect, facts: CaseFacts): readonly CaseEvent[] | undefined {
  const isForOthers = state.forOthers === true && facts.otherGrounds === true;
  if (kind === EffectKind.takedown && !isForOthers && !isGrounded(state, facts)) return undoRemoval(state.answer, command, facts, 'correction');
  if (kind === EffectKind.putBack && justifiesAction(state.answer, state.rights, facts.policy)) return [takeDown(command, 'verdict')];
  return undefined;
}

function tookDown(state: CaseState, command: RecordEffectResult, result: EffectResult, facts: CaseFacts): readonly CaseEvent[] {
  if (result.kind === 'version-differs') {
    const differed: CaseEvent = { type: 'VersionDiffered', version: result.version, key: `capture:${command.id}`, cause: cause(command) };
    return isGrounded(state, facts) ? [differed] : [differed, ...endedWithoutGround(state.answer, command)];
  }
  const isActing = justifiesAction(state.answer, state.rights, facts.policy);
  // Nothing of this case's own was removed: only a put-back that another ground overtook has been undone.
  if (state.forOthers === true && !isActing) return undoRemoval(state.answer, command, facts, 'correction');
  const removed: CaseEvent =
    result.kind === 'removed'
      ? { type: 'ListingRemoved', at: command.at, alreadyGone: false, version: result.version, orders: result.orders, cause: cause(command) }
      : { type: 'ListingRemoved', at: command.at, alreadyGone: true, cause: cause(command) };
  if (!isGrounded(state, facts)) return [removed, ...undoRemoval(state.answer, command, facts, 'correction')];
  if (state.answer !== undefined && isActing) return [removed, ...actOnCase(state, state.answer, facts, command)];
  const until = instantFact(facts, 'provisional').at;
  const open = provisionalOf(facts, (name) => name === 'provisional');
  return [removed, { type: 'RemovedProvisionally', until, ...open, cause: cause(command, 'provisionalRemoval.lasts') }];
}

function putBackDone(state: CaseState, command: RecordEffectResult, result: EffectResult, facts: CaseFacts): readonly CaseEvent[] {
  const restored: CaseEvent = { type: 'ListingRestored', result: result.kind, cause: cause(command) };
  // The brand changed its answer again while the listing was being put back: the answer that stands now decides.
  if (justifiesAction(state.answer, state.rights, facts.policy)) return [restored, takeDown(command, 'verdict')];
  // Another case took the listing down while it was being put back and may have found it "already gone": its ground wins.
  if (facts.otherGrounds === true && result.kind !== 'gone') return [takeDown(command, 'other-ground')];
  return [restored, ...endedWithoutGround(state.answer, command)];
}

function captured(state: CaseState, command: RecordEffectResult, result: EffectResult, facts: CaseFacts): readonly CaseEvent[] {
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
  if (state.answer === undefined || !justifiesAction(state.answer, state.rights, facts.policy)) {
    // The listing went by itself before anything was removed: there is nothing to tell the seller and nothing to put back.
    return [{ type: 'CaptureAbandoned', reason: result.kind, cause: cause(command) }, ...lapseCase(command)];
  }
  // The edited version had taken the ground off the listing; it stands again, or another case could put the listing back.
  return [
    { type: 'RemovalConfirmed', ground: 'verdict', cause: cause(command) },
    { type: 'ListingRemoved', at: command.at, alreadyGone: true, cause: cause(command) },
    ...actOnCase(state, state.answer, facts, command),
  ];
}
