import type { OwnCommand } from '../define-aggregate.ts';
import type { Handler } from '../handler.ts';
import type { SanctionCommand, SanctionEvent, SanctionState } from './model.ts';
import type { SanctionFacts, SanctionQuestions } from './questions.ts';

export type CommandOf<K extends SanctionCommand['kind']> = Extract<SanctionCommand, { kind: K }>;
export type Events = readonly SanctionEvent[];

/** How a sanction decides one kind of command. */
export type SanctionHandler<K extends OwnCommand<SanctionCommand>['kind']> = Handler<
  SanctionState,
  CommandOf<K>,
  SanctionEvent,
  SanctionQuestions,
  SanctionFacts
>;
