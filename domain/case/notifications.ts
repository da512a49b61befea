import type { OutboxDraft, Recipient } from '../aggregate.ts';
import { Capacity } from '../aggregate.ts';
import type { CaseCommand, CaseEvent, CaseState } from './model.ts';

/** Kinds of notifications that cases send; the texts are in `notifications/`. */
export const CaseNotification = {
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
  event: 'event',
  reopen: 'message',
} as const;

/** What an event sends, and to whom, but for what happens to the window. `after` is the state right after the event. */
export function caseNotifications(event: CaseEvent, after: CaseState, command: CaseCommand): readonly OutboxDraft[] {
  const holder: Recipient = { organisation: after.holder, capacity: Capacity.rightsHolder };
  switch (event.type) {
    case 'VersionJoined':
      return [{ key: 'listing-edited', kind: CaseNotification.listingEdited, to: holder, digest: 'edits', about: { version: event.version } }];
    case 'CaseLapsed':
      return [{ key: 'lapsed', kind: CaseNotification.lapsed, to: holder, digest: 'closed', about: {} }];
    case 'CaseCancelled':
      return [{ key: 'cancelled', kind: CaseNotification.cancelled, to: holder, digest: 'closed', about: {} }];
    case 'CounterNoticeFiled':
      return [{ key: 'counter-notice', kind: CaseNotification.counterNotice, to: holder, about: {} }];
    default:
      return measureNotifications(event, after, command, holder);
  }
}

function measureNotifications(event: CaseEvent, after: CaseState, command: CaseCommand, holder: Recipient): readonly OutboxDraft[] {
  switch (event.type) {
    case 'ListingRemoved':
      return toSeller(after, 'statement', CaseNotification.statementOfReasons, {
        provisional: after.provisional === true,
        alreadyGone: event.alreadyGone,
      });
    case 'SellerIdentified':
      // Reasons are owed to whoever turns out to be the seller of a listing that is down already (DSA art. 17).
      return after.removed === true
        ? toSeller(after, 'statement', CaseNotification.statementOfReasons, { provisional: after.provisional === true, alreadyGone: false })
        : [];
    case 'RemovalConfirmed':
      return after.removed === true ? toSeller(after, 'confirmed', CaseNotification.removalConfirmed, {}) : [];
    case 'ListingRestored':
      return restored(event.result, after, holder);
    case 'VerdictCorrected':
      return [
        {
          key: 'corrected:holder',
          kind: CaseNotification.corrected,
          to: holder,
          digest: 'closed',
          about: { was: event.was, verdict: event.verdict },
        },
      ];
    case 'CaseSealed':
      return after.statement === undefined || event.as !== 'actioned' || command.kind === 'openCase' ? [] : [reopened(after)];
    default:
      return [];
  }
}

/** A listing that was never down, or is gone for good, has not come back: the seller is told only of what happened. */
function restored(result: string, after: CaseState, holder: Recipient): readonly OutboxDraft[] {
  if (result === 'gone') return [];
  const toHolder: OutboxDraft = { key: 'restored:holder', kind: CaseNotification.restored, to: holder, digest: 'closed', about: {} };
  return result === 'already-live' ? [toHolder] : [toHolder, ...toSeller(after, 'restored', CaseNotification.restored, {})];
}

/** A counter-notice filed before the seal is delivered again after it: that is where it opens an appeal. */
function reopened(after: CaseState): OutboxDraft {
  return {
    key: 'contest',
    kind: CaseNotification.reopen,
    to: { aggregate: 'self' },
    about: { kind: 'fileCounterNotice', statement: after.statement },
  };
}

function toSeller(after: CaseState, key: string, kind: string, about: OutboxDraft['about']): readonly OutboxDraft[] {
  return after.seller === undefined ? [] : [{ key: `${key}:seller`, kind, to: { seller: after.seller }, about }];
}
