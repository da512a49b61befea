import { Capacity, type Party, PLATFORM, type Summary } from '../aggregate.ts';
import { defineAggregate, type OwnCommand } from '../define-aggregate.ts';
import { AggregateKind } from '../ids.ts';
import { ledgerWrite } from '../ledger/ledger.ts';
import type { Write } from '../writes.ts';
import { appealEffects } from './effects.ts';
import { evolveAppeal } from './evolve.ts';
import { appealNotifications } from './notifications.ts';
import { type AppealCommand, type AppealEvent, type AppealState, AppealStatus, type CaseReference, FINAL_APPEAL_STATUSES } from './model.ts';
import { appealParameters } from './notification-parameters.ts';
import { appealDeadlines, fileOfferedNotice, recountInstants } from './offer.ts';
import { openAppeal } from './opening.ts';
import type { AppealFacts, AppealQuestions } from './questions.ts';
import { decideAppeal, withdrawAppeal } from './review.ts';

function writes(e: AppealEvent): readonly Write[] {
  switch (e.type) {
    case 'TakedownOrdered':
      return [{ ground: 'add' }];
    case 'PutBackOrdered':
    case 'PutBackWithheld':
    case 'RemovalMissed':
      return [{ ground: 'remove' }];
    case 'LedgerEntered':
    case 'LedgerUnchanged':
    case 'LedgerHeld':
    case 'LedgerReleased':
    case 'LedgerRecounted':
    case 'LedgerAmended':
    case 'LedgerVoided':
      return ledgerWrite(e);
    default:
      return [];
  }
}

function summary({ status, of, seller = of?.seller }: AppealState): Summary {
  const about = of === undefined ? { marketplace: '', listing: '', holder: '' } : aboutCase(of);
  return { status, ...about, ...(seller !== undefined && { seller }) };
}

function aboutCase({ marketplace, listing, holder, case: about }: CaseReference) {
  return { marketplace, listing, holder, about };
}

/** The parties of the case. A seller made known by an appeal is a party to the case itself from then on: that is what it contests. */
function parties({ of, seller = of?.seller }: AppealState): readonly Party[] {
  if (of === undefined) return [];
  return [
    { capacity: Capacity.rightsHolder, organisation: of.holder },
    { capacity: Capacity.governance, organisation: PLATFORM },
    { capacity: Capacity.auditor, organisation: PLATFORM },
    ...(seller === undefined
      ? []
      : [
          { capacity: Capacity.seller, seller },
          { capacity: Capacity.seller, seller, aggregate: of.case },
        ]),
  ];
}

/** The rules of an appeal: what comes after a case's seal (`design.md` section 2.10). */
export const appealRules = defineAggregate<AppealState, OwnCommand<AppealCommand>, AppealEvent, AppealQuestions, AppealFacts>({
  kind: AggregateKind.appeal,
  initial: { status: AppealStatus.none },
  final: FINAL_APPEAL_STATUSES,
  handlers: { openAppeal, decideAppeal, withdrawAppeal, recountInstants, fileOfferedNotice },
  deadlines: appealDeadlines,
  effects: appealEffects,
  evolve: evolveAppeal,
  notifications: appealNotifications,
  parameters: appealParameters,
  writes,
  parties: { changedBy: ['AppealOpened'], of: parties },
  summary,
  opening(command) {
    if (command.kind !== 'openAppeal') return { summary: summary({ status: AppealStatus.none }) };
    const { of } = command;
    const { seller } = of;
    return { policy: of.policy, summary: { status: AppealStatus.none, ...aboutCase(of), ...(seller !== undefined && { seller }) } };
  },
  policyOf: ({ of }) => of?.policy,
});
