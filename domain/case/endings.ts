import { cause, sealing } from '../aggregate.ts';
import { ledgerEntry } from '../ledger/ledger.ts';
import { pointsOf } from './answer.ts';
import { type VerdictDetails, type CaseCommand, type CaseEvent, type CaseState, CaseStatus, type Verdict } from './model.ts';
import type { CaseFacts } from './questions.ts';

export const sealed = sealing('CaseSealed');

/** The end of a case in which the brand did not see its rights infringed. */
export function dismissCase(command: CaseCommand, verdict: Verdict | undefined): readonly CaseEvent[] {
  return [
    { type: 'CaseDismissed', ...(verdict !== undefined && { verdict }), cause: cause(command) },
    sealed(CaseStatus.dismissed, command.at, cause(command)),
  ];
}

/** The end of a case in which nobody could or would tell. The listing stays under watch. */
export function lapseCase(command: CaseCommand, policy?: string): readonly CaseEvent[] {
  return [{ type: 'CaseLapsed', watch: true, cause: cause(command, policy) }, sealed(CaseStatus.lapsed, command.at, cause(command))];
}

/** The end of a case that has no ground to act: dismissed by its answer, or lapsed without a clear one. */
export function endedWithoutGround(answer: VerdictDetails | undefined, command: CaseCommand): readonly CaseEvent[] {
  return answer === undefined || answer.verdict === 'cannot-tell' ? lapseCase(command) : dismissCase(command, answer.verdict);
}

/** The end of a case that acted: the ledger row with its cause, and the seal. */
export function actOnCase(state: CaseState, answer: VerdictDetails, facts: CaseFacts, command: CaseCommand): readonly CaseEvent[] {
  const because = cause(command, `verdicts.${answer.verdict}.points`);
  const points = pointsOf(answer, state.rights, facts.policy);
  return [
    ledgerEntry(state.seller, points, facts.ledger, state.statement !== undefined, facts, because),
    sealed(CaseStatus.actioned, command.at, cause(command)),
  ];
}
