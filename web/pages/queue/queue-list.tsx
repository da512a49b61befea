import { TextInput } from '@mantine/core';
import { memo, type ReactNode, useEffect, useRef } from 'react';
import { titleOf } from '../../parts/lines.tsx';
import { Due } from '../../words/clock.tsx';
import { useLanguage } from '../../words/language.tsx';
import type { QueueItem } from './model.ts';
import css from './queue.module.css';
import type { QueueState } from './use-queue.ts';

/** The cases that wait, the oldest deadline first. */
export function QueueList({ queue }: { readonly queue: QueueState }): ReactNode {
  const { t } = useLanguage();
  const { items, index, selected } = queue;
  return (
    <nav className={css['list']} data-yields-enter aria-label={t('queue.list')}>
      <TextInput
        id="queue-search"
        size="xs"
        aria-label={t('queue.search')}
        placeholder={`${t('queue.search')} ( / )`}
        defaultValue={queue.text}
        onChange={(event) => queue.narrow('text', event.currentTarget.value)}
        onKeyDown={(event) => (event.key === 'Escape' || event.key === 'Enter') && event.currentTarget.blur()}
      />
      {queue.like !== undefined && (
        <p className={css['narrow']}>
          {t('queue.like', { title: titleOf(queue.like) })}{' '}
          <button type="button" className={css['plain']} onClick={() => queue.narrow('like', '')}>
            {t('queue.allAgain')}
          </button>
        </p>
      )}
      <ol className={css['items']}>
        {items.map((item, place) => (
          <Item
            key={item.id}
            item={item}
            isHere={place === index}
            isSelected={selected.has(item.id)}
            onOpen={queue.returnTo}
            onSelect={queue.select}
          />
        ))}
      </ol>
      <p className={css['dim']}>{t('queue.loaded', { here: items.length, all: queue.waiting })}</p>
    </nav>
  );
}

interface ItemProps {
  readonly item: QueueItem;
  readonly isHere: boolean;
  readonly isSelected: boolean;
  readonly onOpen: (id: string) => void;
  readonly onSelect: (ids: readonly string[], isOn: boolean) => void;
}

/** Drawn again only when it changes: a key must not redraw the list. */
const Item = memo(function Item({ item, isHere, isSelected, onOpen, onSelect }: ItemProps): ReactNode {
  const { t } = useLanguage();
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isHere) row.current?.scrollIntoView({ block: 'nearest' });
  }, [isHere]);
  const title = titleOf(item);
  return (
    <li ref={row} className={css['item']} data-here={isHere || undefined} data-selected={isSelected || undefined}>
      <input
        type="checkbox"
        aria-label={t('queue.select', { title })}
        checked={isSelected}
        onChange={(event) => onSelect([item.id], event.currentTarget.checked)}
      />
      <button type="button" className={css['open']} onClick={() => onOpen(item.id)} aria-current={isHere ? 'true' : undefined}>
        <span className={css['title']}>{title}</span>
        <span className={css['dim']}>
          {item.holderName ?? item.holder} · {item.due === null ? '' : <Due at={item.due} />}
          {item.claim !== null && !item.claim.isMine && ` · ${t('list.claimed', { name: item.claim.name })}`}
        </span>
      </button>
    </li>
  );
});
