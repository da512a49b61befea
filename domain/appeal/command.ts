import type { OwnCommand } from '../define-aggregate.ts';
import type { Handler } from '../handler.ts';
import type { AppealCommand, AppealEvent, AppealState, CaseReference } from './model.ts';
import type { AppealFacts, AppealQuestions } from './questions.ts';

export type CommandOf<K extends AppealCommand['kind']> = Extract<AppealCommand, { kind: K }>;

/** How an appeal decides one kind of command. */
export type AppealHandler<K extends OwnCommand<AppealCommand>['kind']> = Handler<
  AppealState,
  CommandOf<K>,
  AppealEvent,
  AppealQuestions,
  AppealFacts
>;

/** The case that an opened appeal is about. Throws before the opening; the guard lets no other command through then. */
export function caseOf({ of }: AppealState): CaseReference {
  if (of === undefined) throw new Error('a command about a case was let through without one');
  return of;
}
