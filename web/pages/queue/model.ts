import type { Queue } from '../../../api/schemas/queue.ts';
import type { Draft } from '../../api/outbox.ts';
import { titleOf } from '../../parts/lines.tsx';
import { basisOf } from './reason-letters.ts';

export type QueueItem = Queue['items'][number];

/** The six verdicts in the order of their keys. */
export const VERDICTS = ['counterfeit', 'genuine', 'unauthorised', 'other-infringement', 'not-ours', 'cannot-tell'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** What the rules say of a verdict on this case now. */
export function actionOf(item: QueueItem, verdict: string): QueueItem['actions'][number] | undefined {
  return item.actions.find((action) => action.command === 'recordVerdict' && action.verdict === verdict);
}

/** An answer as a message. */
export function draftOf(item: QueueItem, verdict: Verdict, reasonCode: string): Draft {
  return {
    aggregate: item.id,
    title: titleOf(item),
    verdict,
    path: `/api/cases/${encodeURIComponent(item.id)}/verdict`,
    body: { verdict, reasonCode, basis: basisOf(reasonCode) },
  };
}

/** Whether two cases look alike: the same seller, or the same listing's brand found by the same detectors. */
export function isLike(item: QueueItem, other: QueueItem): boolean {
  if (item.id === other.id) return true;
  if (item.seller?.id != null && item.seller.id === other.seller?.id) return true;
  const found = (each: QueueItem) =>
    each.findings
      .map(({ detector }) => detector)
      .sort()
      .join(' ');
  return item.holder === other.holder && item.listingNow?.brand === other.listingNow?.brand && found(item) !== '' && found(item) === found(other);
}

/** Whether a text is in what a reviewer reads of a case. */
export function matches(item: QueueItem, text: string): boolean {
  const words = [item.title, item.listing, item.holderName, item.seller?.id, item.listingNow?.description];
  return words.some((each) => each?.toLowerCase().includes(text.toLowerCase()));
}
