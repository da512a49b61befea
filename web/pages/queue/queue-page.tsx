import { type ReactNode, useRef, useState } from 'react';
import { outbox } from '../../api/outbox.ts';
import { HiddenCases } from '../../parts/faults.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Empty, Lead } from '../../parts/page.tsx';
import { deadlineText, distanceWords, useNow } from '../../words/clock.tsx';
import { useLanguage } from '../../words/language.tsx';
import { BulkConfirm } from './bulk-confirm.tsx';
import { KeyMap } from './key-map.tsx';
import css from './queue.module.css';
import { endOf } from '../../parts/silence.tsx';
import { QueueList } from './queue-list.tsx';
import { Subject } from './subject.tsx';
import { useClaim } from './use-claim.ts';
import { useKeys, useKeysOn } from './use-keys.ts';
import { type QueueState, useQueue } from './use-queue.ts';
import { useVerdict, type VerdictState, verdictOfKey } from './use-verdict.ts';
import { VerdictBar } from './verdict-bar.tsx';

/** The reviewer's day: the cases that wait on the left, all that a verdict needs on the right, one key per verdict. */
export function QueuePage(): ReactNode {
  const { t } = useLanguage();
  const queue = useQueue();
  const { takenBy } = useClaim(queue.item?.id);
  const verdict = useVerdict(queue, takenBy);
  const [isMapOpen, setMapOpen] = useState(false);
  const [keysOn, setKeysOn] = useKeysOn();
  const anchor = useRef<number>(undefined);
  useKeys((key) => onKey(key, { queue, verdict, anchor, openMap: () => setMapOpen(true) }), keysOn);
  return (
    <Loaded query={queue.query} lines={12}>
      {() => (
        <>
          <QueueLead queue={queue} />
          <HiddenCases cases={queue.hidden} />
          <div className={css['page']}>
            <QueueList queue={queue} />
            {queue.item === undefined ? (
              <Empty>{t(queue.like === undefined && queue.text === '' ? 'queue.empty' : 'queue.emptyNarrow')}</Empty>
            ) : (
              <div className={css['subject']}>
                <VerdictBar queue={queue} verdict={verdict} takenBy={takenBy} onMap={() => setMapOpen(true)} />
                <Subject key={queue.item.id} item={queue.item} />
              </div>
            )}
          </div>
          <BulkConfirm verdict={verdict} />
          <KeyMap isOpen={isMapOpen} onClose={() => setMapOpen(false)} keysOn={keysOn} setKeysOn={setKeysOn} />
        </>
      )}
    </Loaded>
  );
}

function QueueLead({ queue }: { readonly queue: QueueState }): ReactNode {
  const language = useLanguage();
  const now = useNow();
  const { t, happening } = language;
  const due = queue.items
    .map((item) => item.due)
    .filter((at) => at !== null)
    .sort()[0];
  const silence = endOf(queue.item?.deadlines.at(-1));
  const names = [...new Set(queue.items.map((item) => item.holderName ?? item.holder))].slice(0, 3).join(', ');
  if (due === undefined && queue.hidden.length > 0) return <Lead title={t('queue.list')} />;
  if (queue.waiting === 0 || due === undefined) return <Lead title={t('queue.none')}>{t('queue.noneCure')}</Lead>;
  return (
    <Lead title={t('queue.title', { count: queue.waiting, names, at: deadlineText(due, language), left: distanceWords(due, now, language) })}>
      {silence === undefined ? undefined : t('queue.silence', { act: happening(silence) })}
    </Lead>
  );
}

interface Hands {
  readonly queue: QueueState;
  readonly verdict: VerdictState;
  readonly anchor: { current: number | undefined };
  readonly openMap: () => void;
}

/** Where the keys of focus lead. */
const FOCUS: Readonly<Record<string, string>> = { g: 'gallery', i: 'compare', h: 'history', '/': 'queue-search' };

function onKey(key: string, hands: Hands): boolean {
  const { queue, verdict } = hands;
  if (verdict.choosing !== undefined) return onReasonKey(key, verdict);
  const chosen = verdictOfKey(key);
  if (chosen !== undefined) {
    verdict.begin(chosen);
    return true;
  }
  const target = FOCUS[key];
  if (target !== undefined) {
    document.getElementById(target)?.focus();
    return true;
  }
  if (key === '?') {
    hands.openMap();
    return true;
  }
  return queue.item !== undefined || key === 'u' ? onQueueKey(key, hands) : false;
}

function onReasonKey(key: string, { choosing, begin, reason, stop }: VerdictState): boolean {
  const other = verdictOfKey(key);
  const code = key === 'Enter' ? choosing?.last : choosing?.reasons.find(({ letter }) => letter === key)?.code;
  if (key === 'Escape') stop();
  else if (other !== undefined) begin(other);
  else if (code !== undefined) reason(code);
  else return false;
  return true;
}

function onQueueKey(key: string, { queue, anchor }: Hands): boolean {
  const { index, items, item, selected } = queue;
  switch (key) {
    case 'j':
      queue.goTo(index + 1);
      return true;
    case 'k':
      queue.goTo(index - 1);
      return true;
    case 's':
      if (item !== undefined) queue.skip(item.id);
      return true;
    case 'u':
      queue.returnTo(outbox.undo()[0]?.aggregate ?? item?.id ?? '');
      return true;
    case 'x':
      anchor.current = index;
      if (item !== undefined) queue.select([item.id], !selected.has(item.id));
      return true;
    case 'X': {
      const from = anchor.current ?? index;
      queue.select(
        items.slice(Math.min(from, index), Math.max(from, index) + 1).map(({ id }) => id),
        true,
      );
      return true;
    }
    case 'f':
      queue.narrow('like', queue.like === undefined && item !== undefined ? item.id : '');
      return true;
    default:
      return false;
  }
}
