import type { OutboxDraft, Recipient } from '../aggregate.ts';
import { Capacity } from '../aggregate.ts';
import type { AppealEvent, AppealState } from './model.ts';
import { AppealKind, AppealStatus } from './model.ts';

/** What an appeal's event sends, and to whom: whoever gains or loses by it is told. */
export function appealNotifications(event: AppealEvent, after: AppealState): readonly OutboxDraft[] {
  const { of, kind } = after;
  // Nobody is asked for anything, and nothing comes earlier than was told: the portal shows the new instant.
  if (of === undefined || kind === AppealKind.calendarKnown) return [];
  const holder: Recipient = { organisation: of.holder, capacity: Capacity.rightsHolder };
  const seller = after.seller ?? of.seller;
  const toSeller = (notification: string, about: OutboxDraft['about']): readonly OutboxDraft[] =>
    seller === undefined ? [] : [{ key: `${notification}:seller`, kind: notification, to: { seller }, about }];
  switch (event.type) {
    case 'ReviewAsked': {
      const officer = { kind: 'review-asked', to: { governance: true }, about: { appeal: kind } } as const;
      const told: readonly OutboxDraft[] =
        kind === AppealKind.counterNotice ? [{ key: 'counter-notice', kind: 'counter-notice', to: holder, about: {} }] : [];
      return [{ ...officer, key: 'review' }, { ...officer, key: 'review:remind', dueAt: event.remindAt, unless: AppealStatus.inReview }, ...told];
    }
    case 'NoticeOffered':
      return [
        {
          key: 'offer',
          kind: 'notice-offered',
          to: holder,
          about: { until: event.until, ...(event.provisional !== undefined && { mayMove: true }) },
        },
      ];
    case 'ListingRemoved':
      return toSeller('statement-of-reasons', { provisional: false, alreadyGone: event.alreadyGone });
    case 'AppealOpened':
      // The restriction stands since the case; only now is there somebody to give the reasons to, points or not.
      return kind === AppealKind.sellerKnown ? toSeller('statement-of-reasons', { provisional: false, alreadyGone: false }) : [];
    case 'AppealSealed': {
      const about = { appeal: kind, ended: event.as };
      return [{ key: 'ended:holder', kind: 'appeal-ended', to: holder, digest: 'closed', about }, ...toSeller('appeal-ended', about)];
    }
    default:
      return [];
  }
}
