import type { Effect, Facts, Outcome, Questions, Rules, Summary, Write } from '../aggregate.ts';
import { EffectKind, owed } from '../effects.ts';
import type { LedgerEvent } from '../ledger/ledger.ts';
import { ledgerWrite } from '../ledger/ledger.ts';
import type { PolicyValues } from '../policy/policy.ts';
import { refuse } from '../refusals.ts';
import { adoptHolder } from './adoption.ts';
import { recordVerdict } from './answers.ts';
import { caseDeadline, passDeadline, passing } from './deadlines.ts';
import { evolveCase, initialCase } from './evolve.ts';
import { orderTestPurchase, recordExamination, recordExhibit, recordLoss, transferExhibit } from './exhibits.ts';
import type { CommandKind, Handler } from './handler.ts';
import { askedMark, caseLetters } from './letters.ts';
import type { CaseCommand, CaseEvent, CaseState } from './model.ts';
import { CaseStatus, FINAL_STATUSES } from './model.ts';
import { cancelCase, extendWindow, fileCounterStatement, identifySeller, joinVersion, openCase, recordBounce } from './opening.ts';
import { recordOutcome } from './outcomes.ts';
import { recountInstants } from './recount.ts';

/** The decide table of a case: every command, who may give it and in which statuses. */
export const caseHandlers: { readonly [K in CommandKind]: Handler<K> } = {
  openCase,
  recordVerdict,
  extendWindow,
  recordBounce,
  recountInstants,
  joinVersion,
  cancelCase,
  fileCounterStatement,
  identifySeller,
  adoptHolder,
  orderTestPurchase,
  recordExhibit,
  transferExhibit,
  recordExamination,
  recordLoss,
  passDeadline,
  recordOutcome,
};

function handlerOf<K extends CommandKind>(command: { readonly kind: K }): Handler<CommandKind> {
  // One cast where the table meets the union: the key and the handler's command are the same K by construction.
  return caseHandlers[command.kind] as unknown as Handler<CommandKind>;
}

function questions(state: CaseState, command: CaseCommand, policy: PolicyValues): Questions {
  const handler = handlerOf(command);
  if (!handler.in.includes(state.status)) return {};
  return { ...handler.questions(state, command, policy), ...(handler.mandate && { mandate: true }) };
}

function decide(state: CaseState, command: CaseCommand, facts: Facts): Outcome<CaseEvent> {
  const handler = handlerOf(command);
  if (isFinal(state)) return refuse('is-final');
  if (state.status === CaseStatus.none && command.kind !== 'openCase') return refuse('not-opened');
  if (state.status !== CaseStatus.none && command.kind === 'openCase') return refuse('already-open');
  if (!handler.by.includes(command.by.capacity)) return refuse('wrong-capacity');
  if (!handler.in.includes(state.status)) return refuse('not-now');
  if (handler.mandate && facts.mandate !== 'valid') return refuse(facts.mandate === 'revoked' ? 'mandate-revoked' : 'no-mandate');
  return handler.decide(state, command, facts);
}

function isFinal(state: CaseState): boolean {
  return FINAL_STATUSES.includes(state.status);
}

function effects(state: CaseState): readonly Effect[] {
  const { marketplace, listing, versions } = state;
  const reason = state.answer?.verdict ?? 'suspected';
  const args = state.effect?.kind === EffectKind.takedown ? { marketplace, listing, versions, reason } : { marketplace, listing, reason };
  return [...owed(state.effect, args), ...owed(state.recapture, { marketplace, listing })];
}

function writes(event: CaseEvent): readonly Write[] {
  switch (event.type) {
    case 'TakedownOrdered':
    case 'RemovalConfirmed':
      return [{ ground: 'add' }];
    case 'PutBackOrdered':
    case 'PutBackWithheld':
    case 'VersionDiffered':
      return [{ ground: 'remove' }];
    case 'LedgerEntered':
    case 'LedgerUnchanged':
    case 'LedgerHeld':
    case 'LedgerReleased':
    case 'LedgerRecounted':
    case 'LedgerAmended':
    case 'LedgerVoided':
      return ledgerWrite(event satisfies LedgerEvent);
    default:
      return [];
  }
}

function mark(state: CaseState): string {
  const isAsked = state.status === CaseStatus.awaiting || state.status === CaseStatus.moreAsked;
  return isAsked ? askedMark(state.round) : state.status;
}

function summary(state: CaseState): Summary {
  const { status, marketplace, listing, holder, seller } = state;
  return { status, marketplace, listing, holder, ...(seller !== undefined && { seller }) };
}

/** The rules of a case (`design.md` section 3). */
export const caseRules: Rules<CaseState, CaseCommand, CaseEvent> = {
  initial: initialCase,
  questions,
  decide,
  evolve: evolveCase,
  deadline: caseDeadline,
  onDeadline: passing,
  effects,
  letters: caseLetters,
  writes,
  mark,
  isFinal,
  summary,
  policyOf: (state) => state.policy,
};
