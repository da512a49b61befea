import type { Outcome } from '../aggregate.ts';
import type { OwnCommand } from '../define-aggregate.ts';
import type { Handler } from '../handler.ts';
import { type CaseCommand, type CaseEvent, type CaseState, CaseStatus } from './model.ts';
import type { CaseFacts, CaseQuestions } from './questions.ts';

export type CommandOf<K extends CaseCommand['kind']> = Extract<CaseCommand, { kind: K }>;
export type CaseOutcome = Outcome<CaseEvent>;

/** How a case decides one kind of command. */
export type CaseHandler<K extends OwnCommand<CaseCommand>['kind']> = Handler<CaseState, CommandOf<K>, CaseEvent, CaseQuestions, CaseFacts>;

/** Every status in which a case is open. */
export const OPEN: readonly CaseStatus[] = [
  CaseStatus.awaiting,
  CaseStatus.moreAsked,
  CaseStatus.takingDown,
  CaseStatus.recapturing,
  CaseStatus.removedProvisionally,
  CaseStatus.puttingBack,
];

/** The statuses in which the brand is being asked. */
export const ASKED: readonly CaseStatus[] = [CaseStatus.awaiting, CaseStatus.moreAsked];

/** The events of a decision. */
export function decideEvents(...events: readonly CaseEvent[]): CaseOutcome {
  return { events };
}
