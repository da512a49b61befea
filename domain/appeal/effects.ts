import { type Cause, cause } from '../aggregate.ts';
import { pointsOf } from '../case/answer.ts';
import { type EffectRules, listingRetries } from '../effect-rules.ts';
import { EffectKind, type RecordEffectResult } from '../effects.ts';
import { ledgerEntry, ledgerQuestions } from '../ledger/ledger.ts';
import { caseOf } from './command.ts';
import { type AppealEvent, type AppealState, AppealStatus, type CaseReference } from './model.ts';
import { putBackOrWithhold, sealed } from './put-back.ts';
import { type AppealFacts, type AppealQuestions, rowsOf } from './questions.ts';

/** The effects of an appeal on the listing of its case, and what follows from their results. */
export const appealEffects: EffectRules<AppealState, AppealEvent, AppealQuestions, AppealFacts> = {
  in: [AppealStatus.takingDown, AppealStatus.puttingBack],
  kept({ of, effect, answer, ends }) {
    if (of === undefined || effect === undefined) return [];
    const { marketplace, listing, versions } = of;
    const reason = answer?.verdict ?? ends ?? 'appeal';
    return [{ effect, args: effect.kind === EffectKind.takedown ? { marketplace, listing, versions, reason } : { marketplace, listing, reason } }];
  },
  retries: (state, effect, policy) => listingRetries(effect, policy, caseOf(state).calendar),
  questions(state, command, _effect, policy) {
    const rows = rowsOf(caseOf(state), state.seller);
    return command.result.kind === 'failed' ? rows : { instants: ledgerQuestions(command.at, policy), ...rows };
  },
  done(state, command, { kind }, facts) {
    const because = cause(command);
    const ends = state.ends ?? AppealStatus.applied;
    if (kind === EffectKind.putBack) return putBackDone(command, ends, facts);
    if (command.result.kind === 'version-differs') {
      // The notice was about another version; what is on sale now is a new suspicion for the next sweep.
      const end = state.forOthers === true ? ends : AppealStatus.withdrawn;
      return [{ type: 'RemovalMissed', version: command.result.version, cause: because }, sealed(end, command.at, because)];
    }
    return state.forOthers === true ? putBackOrWithhold(command, facts, ends, because) : noticeApplied(state, caseOf(state), command, facts, because);
  },
};

function putBackDone(command: RecordEffectResult, ends: AppealStatus, facts: AppealFacts): readonly AppealEvent[] {
  const because = cause(command);
  const { kind: result } = command.result;
  // Another case took the listing down while it was being put back and may have found it "already gone": its ground wins.
  if (facts.otherGrounds === true && result !== 'gone') {
    return [{ type: 'TakedownOrdered', key: `takedown:${command.id}`, ground: 'other-ground', cause: because }];
  }
  return [{ type: 'ListingRestored', result, cause: because }, sealed(ends, command.at, because)];
}

/** The offered notice was filed and the listing is down: the points are entered, unless the seller's row already counts. */
function noticeApplied(
  state: AppealState,
  of: CaseReference,
  command: RecordEffectResult,
  facts: AppealFacts,
  because: Cause,
): readonly AppealEvent[] {
  const { result } = command;
  const removed: AppealEvent =
    result.kind === 'removed'
      ? { type: 'ListingRemoved', at: command.at, alreadyGone: false, version: result.version, orders: result.orders, cause: because }
      : { type: 'ListingRemoved', at: command.at, alreadyGone: true, cause: because };
  const points = state.answer === undefined ? 0 : pointsOf(state.answer, of.rights, facts.policy);
  const entry = ledgerEntry(of.seller, points, facts.ledger, false, facts, because);
  return [removed, entry, sealed(AppealStatus.applied, command.at, because)];
}
