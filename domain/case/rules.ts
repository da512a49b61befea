import { Capacity, type Party, PLATFORM, type Summary } from '../aggregate.ts';
import { defineAggregate, type OwnCommand } from '../define-aggregate.ts';
import { AggregateKind } from '../ids.ts';
import type { LedgerEvent } from '../ledger/ledger.ts';
import { ledgerWrite } from '../ledger/ledger.ts';
import type { Write } from '../writes.ts';
import { adoptHolder } from './adoption.ts';
import { ASKED } from './command.ts';
import { caseDeadlines } from './deadlines.ts';
import { caseEffects } from './effects.ts';
import { evolveCase, initialCase } from './evolve.ts';
import { orderTestPurchase, recordExamination, recordExhibit, recordLoss, transferExhibit } from './exhibits.ts';
import { caseNotifications } from './notifications.ts';
import { type CaseCommand, type CaseEvent, type CaseState, FINAL_STATUSES } from './model.ts';
import { caseParameters } from './notification-parameters.ts';
import { cancelCase, joinVersion, openCase } from './opening.ts';
import type { CaseFacts, CaseQuestions } from './questions.ts';
import { recountInstants } from './recount.ts';
import { fileCounterNotice, identifySeller } from './seller.ts';
import { recordVerdict } from './verdicts.ts';
import { tokenOfRound, windowChanges, windowNotifications } from './window-changes.ts';

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

/** The holder, the platform's own people, and the seller once it is known. */
function parties({ holder, seller }: CaseState): readonly Party[] {
  return [
    { capacity: Capacity.rightsHolder, organisation: holder },
    { capacity: Capacity.governance, organisation: PLATFORM },
    { capacity: Capacity.auditor, organisation: PLATFORM },
    ...(seller === undefined ? [] : [{ capacity: Capacity.seller, seller }]),
  ];
}

function summary(state: CaseState): Summary {
  const { status, marketplace, listing, holder, seller } = state;
  return { status, marketplace, listing, holder, ...(seller !== undefined && { seller }) };
}

/** The rules of a case (`design.md` section 3). */
export const caseRules = defineAggregate<CaseState, OwnCommand<CaseCommand>, CaseEvent, CaseQuestions, CaseFacts>({
  kind: AggregateKind.case,
  initial: initialCase,
  final: FINAL_STATUSES,
  handlers: {
    openCase,
    recordVerdict,
    ...windowChanges,
    recountInstants,
    joinVersion,
    cancelCase,
    fileCounterNotice,
    identifySeller,
    adoptHolder,
    orderTestPurchase,
    recordExhibit,
    transferExhibit,
    recordExamination,
    recordLoss,
  },
  deadlines: caseDeadlines,
  effects: caseEffects,
  evolve: evolveCase,
  notifications: (event, after, command) => [...windowNotifications(event, after), ...caseNotifications(event, after, command)],
  parameters: caseParameters,
  writes,
  parties: { changedBy: ['CaseOpened', 'SellerIdentified', 'HolderAdopted'], of: parties },
  reminderToken: ({ status, round }) => (ASKED.includes(status) ? tokenOfRound(round) : status),
  summary,
  policyOf: ({ policy }) => policy,
});
