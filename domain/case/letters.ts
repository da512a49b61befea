import type { LetterDraft, Recipient } from '../aggregate.ts';
import { Capacity } from '../aggregate.ts';
import type { CaseCommand, CaseEvent, CaseState, Window } from './model.ts';

/** Kinds of letters that cases send; the texts are in `activities/letters`. */
export const CaseLetter = {
  ask: 'ask',
  reminder: 'reminder',
  moreAsked: 'more-asked',
  listingEdited: 'listing-edited',
  escalation: 'escalation',
  statementOfReasons: 'statement-of-reasons',
  removalConfirmed: 'removal-confirmed',
  restored: 'restored',
  corrected: 'corrected',
  lapsed: 'lapsed',
  cancelled: 'cancelled',
  counterNotice: 'counter-notice',
  reopen: 'message',
} as const;

/** What an event sends, and to whom. `after` is the state right after the event. */
export function caseLetters(event: CaseEvent, after: CaseState, command: CaseCommand): readonly LetterDraft[] {
  const holder: Recipient = { organisation: after.holder, capacity: Capacity.rightsHolder };
  switch (event.type) {
    case 'ConfirmationAsked':
      return [asking(CaseLetter.ask, holder, event), ...reminders(holder, event)];
    case 'ConfirmationRearmed':
      return [
        { key: 'rearmed', kind: CaseLetter.escalation, to: { governance: true }, about: { because: 'bounce', ...lapse(event) } },
        ...reminders(holder, event),
      ];
    case 'MoreAsked':
      return [asking(CaseLetter.moreAsked, holder, event)];
    case 'VersionJoined':
      return [{ key: 'listing-edited', kind: CaseLetter.listingEdited, to: holder, digest: 'edits', about: { version: event.version } }];
    case 'Escalated':
      return [
        {
          key: 'escalation',
          kind: CaseLetter.escalation,
          to: escalatedTo(event.to),
          about: { because: 'silence', ...(after.window === undefined ? { lapseAt: null } : lapse(after.window)) },
        },
      ];
    case 'CaseLapsed':
      return [{ key: 'lapsed', kind: CaseLetter.lapsed, to: holder, digest: 'closed', about: {} }];
    case 'CaseCancelled':
      return [{ key: 'cancelled', kind: CaseLetter.cancelled, to: holder, digest: 'closed', about: {} }];
    case 'CounterNoticeFiled':
      return [{ key: 'counter-notice', kind: CaseLetter.counterNotice, to: holder, about: {} }];
    default:
      return measureLetters(event, after, command, holder);
  }
}

function measureLetters(event: CaseEvent, after: CaseState, command: CaseCommand, holder: Recipient): readonly LetterDraft[] {
  switch (event.type) {
    case 'ListingRemoved':
      return toSeller(after, 'statement', CaseLetter.statementOfReasons, { provisional: after.provisional === true, alreadyGone: event.alreadyGone });
    case 'SellerIdentified':
      // Reasons are owed to whoever turns out to be the seller of a listing that is down already (DSA art. 17).
      return after.removed === true
        ? toSeller(after, 'statement', CaseLetter.statementOfReasons, { provisional: after.provisional === true, alreadyGone: false })
        : [];
    case 'RemovalConfirmed':
      return after.removed === true ? toSeller(after, 'confirmed', CaseLetter.removalConfirmed, {}) : [];
    case 'ListingRestored':
      return restored(event.result, after, holder);
    case 'VerdictCorrected':
      return [
        { key: 'corrected:holder', kind: CaseLetter.corrected, to: holder, digest: 'closed', about: { was: event.was, verdict: event.verdict } },
      ];
    case 'CaseSealed':
      return after.statement === undefined || event.as !== 'actioned' || command.kind === 'openCase' ? [] : [reopened(after)];
    default:
      return [];
  }
}

/** A listing that was never down, or is gone for good, has not come back: the seller is told only of what happened. */
function restored(result: string, after: CaseState, holder: Recipient): readonly LetterDraft[] {
  if (result === 'gone') return [];
  const toHolder: LetterDraft = { key: 'restored:holder', kind: CaseLetter.restored, to: holder, digest: 'closed', about: {} };
  return result === 'already-live' ? [toHolder] : [toHolder, ...toSeller(after, 'restored', CaseLetter.restored, {})];
}

/** A counter-notice filed before the seal is delivered again after it: that is where it opens an appeal. */
function reopened(after: CaseState): LetterDraft {
  return { key: 'contest', kind: CaseLetter.reopen, to: { aggregate: 'self' }, about: { kind: 'fileCounterNotice', statement: after.statement } };
}

function asking(kind: string, to: Recipient, window: Window): LetterDraft {
  return {
    key: kind,
    kind,
    to,
    dueAt: window.digestAt,
    digest: 'asks',
    unless: tokenOfRound(window.round),
    about: { round: window.round, ...lapse(window) },
  };
}

function reminders(to: Recipient, window: Window): readonly LetterDraft[] {
  return window.remindAt.map((dueAt, i) => ({
    key: `reminder:${i + 1}`,
    kind: CaseLetter.reminder,
    to,
    dueAt,
    digest: 'reminders',
    unless: tokenOfRound(window.round),
    about: { round: window.round, number: i + 1, ...lapse(window) },
  }));
}

function lapse({ lapseAt, provisional }: Window): LetterDraft['about'] {
  return { lapseAt, ...(provisional !== undefined && { mayMove: true }) };
}

function toSeller(after: CaseState, key: string, kind: string, about: LetterDraft['about']): readonly LetterDraft[] {
  return after.seller === undefined ? [] : [{ key: `${key}:seller`, kind, to: { seller: after.seller }, about }];
}

function escalatedTo(to: { readonly person?: string }): Recipient {
  return to.person === undefined ? { governance: true } : { person: to.person };
}

/** Reminders of a round are wanted as long as the case waits for that round's answer. */
export function tokenOfRound(round: number): string {
  return `asked:${round}`;
}
