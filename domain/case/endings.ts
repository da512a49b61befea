import { cause, sealing } from '../aggregate.ts';
import { ledgerEntry } from '../ledger/ledger.ts';
import { pointsOf } from './answer.ts';
import { type VerdictDetails, type CaseCommand, type CaseEvent, type CaseState, CaseStatus, type Verdict } from './model.ts';
import type { CaseFacts } from './questions.ts';

export const sealed = sealing('CaseSealed');

/** Ends a case in which the brand says that its rights are not infringed. */
export function dismissCase(command: CaseCommand, verdict: Verdict | undefined): readonly CaseEvent[] {
  return [
    { type: 'CaseDismissed', ...(verdict !== undefined && { verdict }), cause: cause(command) },
    sealed(CaseStatus.dismissed, command.at, cause(command)),
  ];
}

/** Ends a case without a clear answer. The listing stays under watch. */
export function lapseCase(command: CaseCommand, policy?: string): readonly CaseEvent[] {
  return [{ type: 'CaseLapsed', watch: true, cause: cause(command, policy) }, sealed(CaseStatus.lapsed, command.at, cause(command))];
}

/** Ends a case that gives no reason to act: dismissed when the answer is clear, otherwise lapsed. */
export function endedWithoutGround(answer: VerdictDetails | undefined, command: CaseCommand): readonly CaseEvent[] {
  return answer === undefined || answer.verdict === 'cannot-tell' ? lapseCase(command) : dismissCase(command, answer.verdict);
}

/** Ends a case whose listing was removed: enters the points in the ledger and seals the case. */
export function actOnCase(state: CaseState, answer: VerdictDetails, facts: CaseFacts, command: CaseCommand): readonly CaseEvent[] {
  const because = cause(command, `verdicts.${answer.verdict}.points`);
  const points = pointsOf(answer, state.rights, facts.policy);
  return [
    ledgerEntry(state.seller, points, facts.ledger, state.statement !== undefined, facts, because),
    sealed(CaseStatus.actioned, command.at, cause(command)),
  ];
}
