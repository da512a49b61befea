import { Capacity, type Party, PLATFORM, type Summary } from '../aggregate.ts';
import { defineAggregate, type OwnCommand } from '../define-aggregate.ts';
import { AggregateKind } from '../ids.ts';
import { decideSanction, openSanction } from './approval.ts';
import { sanctionEffects } from './effects.ts';
import { evolveSanction } from './evolve.ts';
import { sanctionNotifications } from './notifications.ts';
import { liftSanction, sanctionDeadlines } from './lifting.ts';
import { FINAL_SANCTION_STATUSES, type SanctionCommand, type SanctionEvent, type SanctionState, SanctionStatus } from './model.ts';
import { sanctionParameters } from './notification-parameters.ts';
import type { SanctionFacts, SanctionQuestions } from './questions.ts';
import { reconsider } from './reconsider.ts';

/** Columns of lists: a sanction is about a seller, not about a listing. */
function summary(s: SanctionState): Summary {
  return {
    status: s.status,
    marketplace: s.marketplace,
    listing: '',
    holder: '',
    shops: s.shops,
    ...(s.seller !== undefined && { seller: s.seller }),
  };
}

/** A sanction is between the platform and a seller with all its shops: no rights holder is a party. */
function parties({ shops }: SanctionState): readonly Party[] {
  return [
    { capacity: Capacity.governance, organisation: PLATFORM },
    { capacity: Capacity.auditor, organisation: PLATFORM },
    ...shops.map((seller) => ({ capacity: Capacity.seller, seller })),
  ];
}

/** The rules of a sanction: one measure from its proposal to its lifting (design.md section 3). */
export const sanctionRules = defineAggregate<SanctionState, OwnCommand<SanctionCommand>, SanctionEvent, SanctionQuestions, SanctionFacts>({
  kind: AggregateKind.sanction,
  initial: { status: SanctionStatus.none, marketplace: '', shops: [], cases: [], points: 0, version: 0, acts: [], felt: [] },
  final: FINAL_SANCTION_STATUSES,
  handlers: { openSanction, decideSanction, liftSanction, reconsider },
  deadlines: sanctionDeadlines,
  effects: sanctionEffects,
  evolve: evolveSanction,
  notifications: sanctionNotifications,
  parameters: sanctionParameters,
  parties: { changedBy: ['SanctionProposed'], of: parties },
  summary,
  policyOf: ({ policy }) => policy,
});
