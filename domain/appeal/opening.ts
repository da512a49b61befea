import { Capacity, cause, type InstantQuestion } from '../aggregate.ts';
import { justifiesAction, pointsOf } from '../case/answer.ts';
import { instantFact, laterOf, provisionalOf } from '../facts.ts';
import { LEDGER_COUNTS, ledgerEntry, ledgerQuestions } from '../ledger/ledger.ts';
import type { PolicyValues } from '../policy/policy.ts';
import type { AppealHandler, CommandOf } from './command.ts';
import type { AppealEvent, CaseReference } from './model.ts';
import { AppealKind, AppealStatus } from './model.ts';
import { putBackOrWithhold, sealed } from './put-back.ts';
import { type AppealFacts, rowsOf } from './questions.ts';

type Open = CommandOf<'openAppeal'>;

/** Who may open an appeal of a kind; the engine delivers what was filed before the seal. */
const OPENERS: { readonly [K in AppealKind]: readonly Capacity[] } = {
  [AppealKind.correction]: [Capacity.rightsHolder],
  [AppealKind.counterNotice]: [Capacity.seller, Capacity.engine],
  [AppealKind.lateVerdict]: [Capacity.rightsHolder],
  [AppealKind.sellerKnown]: [Capacity.governance, Capacity.engine],
  [AppealKind.calendarKnown]: [Capacity.engine],
};

export const openAppeal: AppealHandler<'openAppeal'> = {
  by: [Capacity.rightsHolder, Capacity.seller, Capacity.governance, Capacity.engine],
  in: [AppealStatus.none],
  opens: true,
  isFrom: (_state, { appeal, by }) => OPENERS[appeal].includes(by.capacity),
  questions: (_state, command, policy) => ({ instants: openingInstants(command, policy), ...rowsOf(command.of, command.seller) }),
  decide(_state, command, facts) {
    const { kind: _, id: __, by: ___, ...rest } = command;
    return { events: [{ type: 'AppealOpened', ...rest, cause: cause(command) }, ...consequences(command, facts)] };
  },
};

function openingInstants(command: Open, policy: PolicyValues): readonly InstantQuestion[] {
  const { of, appeal, at } = command;
  const { calendar } = of;
  const instants: InstantQuestion[] = [];
  if (appeal === AppealKind.correction) {
    instants.push({ name: 'correction.until', from: of.sealedAt, after: policy.corrections.window, calendar, policy: 'corrections.window' });
  }
  if (appeal === AppealKind.correction || appeal === AppealKind.counterNotice) {
    const after = policy.appeals.counterStatementRemindOfficerAfter;
    instants.push({ name: 'review.remind', from: at, after, calendar, policy: 'appeals.counterStatementRemindOfficerAfter' });
  }
  if (appeal === AppealKind.lateVerdict) {
    instants.push({ name: 'offer.until', from: at, after: policy.appeals.lateVerdictOfferLasts, calendar, policy: 'appeals.lateVerdictOfferLasts' });
  }
  if (appeal === AppealKind.sellerKnown) instants.push(...ledgerQuestions(at, policy));
  if (appeal === AppealKind.calendarKnown) instants.push(...ledgerQuestions(command.points?.from ?? of.sealedAt, policy));
  return instants;
}

function consequences(command: Open, facts: AppealFacts): readonly AppealEvent[] {
  switch (command.appeal) {
    case AppealKind.correction:
      return corrected(command, facts);
    case AppealKind.counterNotice:
      return [{ type: 'LedgerHeld', cause: cause(command, 'ledger.countsAfter') }, review(command, facts)];
    case AppealKind.lateVerdict:
      return late(command, facts);
    case AppealKind.sellerKnown: {
      const because = cause(command, 'ledger');
      return [
        ledgerEntry(command.seller, command.of.points, facts.ledger, false, facts, because),
        sealed(AppealStatus.applied, command.at, cause(command)),
      ];
    }
    case AppealKind.calendarKnown: {
      const countsFrom = laterOf(facts, LEDGER_COUNTS, command.points?.told);
      const open = provisionalOf(facts, (name) => name === LEDGER_COUNTS);
      return [
        { type: 'LedgerRecounted', countsFrom, ...open, cause: cause(command, 'ledger.countsAfter') },
        sealed(AppealStatus.applied, command.at, cause(command)),
      ];
    }
  }
}

/** A correction inside its window takes effect at once; a later one is looked at by an officer. */
function corrected(command: Open, facts: AppealFacts): readonly AppealEvent[] {
  if (command.at > instantFact(facts, 'correction.until').at) return [review(command, facts)];
  return applyCorrection(command.of, command, facts, cause(command, 'corrections.window'));
}

/** Applies a corrected verdict to a sealed case: other points when it still justifies action, otherwise everything is undone. */
export function applyCorrection(
  of: CaseReference,
  command: { readonly id: string; readonly at: Open['at']; readonly answer?: Open['answer'] },
  facts: AppealFacts,
  because: AppealEvent['cause'],
): readonly AppealEvent[] {
  const { answer } = command;
  if (answer !== undefined && justifiesAction(answer, of.rights, facts.policy)) {
    const points = pointsOf(answer, of.rights, facts.policy);
    return [{ type: 'LedgerAmended', points, cause: because }, sealed(AppealStatus.applied, command.at, because)];
  }
  return [{ type: 'LedgerVoided', reason: 'correction', cause: because }, ...putBackOrWithhold(command, facts, AppealStatus.applied, because)];
}

function late(command: Open, facts: AppealFacts): readonly AppealEvent[] {
  if (!justifiesAction(command.answer, command.of.rights, facts.policy)) return [sealed(AppealStatus.withdrawn, command.at, cause(command))];
  const open = provisionalOf(facts, (name) => name === 'offer.until');
  return [{ type: 'NoticeOffered', until: instantFact(facts, 'offer.until').at, ...open, cause: cause(command, 'appeals.lateVerdictOfferLasts') }];
}

function review(command: Open, facts: AppealFacts): AppealEvent {
  const remindAt = instantFact(facts, 'review.remind').at;
  return { type: 'ReviewAsked', remindAt, cause: cause(command, 'appeals.counterStatementRemindOfficerAfter') };
}
