import { useInfiniteQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useSearchParams } from 'wouter';
import { settles, useOutbox } from '../../api/outbox.ts';
import { queueQuery } from '../../api/queries.ts';
import { isLike, matches, type QueueItem } from './model.ts';

/** So many cases ahead of the reviewer are on the page before they are asked for. */
const AHEAD = 5;

/** The queue as the reviewer works through it: what is left, where the reviewer is, what is selected. */
export function useQueue() {
  const [search, setSearch] = useSearchParams();
  const query = useInfiniteQuery(queueQuery(search.get('holder') ?? undefined));
  const entries = useOutbox();
  const [skipped, setSkipped] = useState<readonly string[]>([]);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [wantedId, setWantedId] = useState<string>();
  const all = useMemo(() => query.data?.pages.flatMap(({ items }) => items) ?? [], [query.data]);
  const hidden = useMemo(() => query.data?.pages.flatMap(({ faulty }) => faulty) ?? [], [query.data]);
  const answered = useMemo(() => new Set(entries.filter(settles).map(({ aggregate }) => aggregate)), [entries]);
  const like = all.find(({ id }) => id === search.get('like'));
  const text = search.get('text') ?? '';
  const items = useMemo(() => {
    const left = all.filter((item) => !answered.has(item.id) && (like === undefined || isLike(like, item)) && (text === '' || matches(item, text)));
    return [...left.filter(({ id }) => !skipped.includes(id)), ...left.filter(({ id }) => skipped.includes(id))];
  }, [all, answered, like, text, skipped]);
  const index = Math.max(
    0,
    items.findIndex(({ id }) => id === wantedId),
  );
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const isNearEnd = items.length - index <= AHEAD;
  useEffect(() => {
    if (isNearEnd && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [isNearEnd, hasNextPage, isFetchingNextPage, fetchNextPage]);
  const select = useCallback(
    (ids: readonly string[], isOn: boolean) =>
      setSelected((before) => new Set(isOn ? [...before, ...ids] : [...before].filter((id) => !ids.includes(id)))),
    [],
  );
  const first = query.data?.pages[0];
  const answeredHere = all.filter(({ id }) => answered.has(id)).length;
  return {
    query,
    items,
    /** Cases that wait and that a fault of ours hides. */
    hidden,
    item: items[index],
    index,
    selected,
    like,
    text,
    waiting: Math.max(0, (first?.waiting ?? 0) - answeredHere),
    goTo: (to: number) => setWantedId(items[Math.min(Math.max(to, 0), items.length - 1)]?.id),
    /** Where the reviewer is once the given cases are gone. */
    leave: (ids: readonly string[]) => {
      const next = items.slice(index).find(({ id }) => !ids.includes(id)) ?? items.findLast(({ id }) => !ids.includes(id));
      setWantedId(next?.id);
      setSelected(new Set());
    },
    skip: (id: string) => {
      setWantedId(items[index + 1]?.id);
      setSkipped((before) => [...before.filter((each) => each !== id), id]);
    },
    select,
    narrow: (name: 'like' | 'text', value: string) =>
      setSearch((before) => {
        const next = new URLSearchParams(before);
        if (value === '') next.delete(name);
        else next.set(name, value);
        return next;
      }),
    returnTo: setWantedId,
  };
}

export type QueueState = ReturnType<typeof useQueue>;

/** The cases that an answer is for: the selected ones, else the one in view. */
export function targetsOf({ items, item, selected }: Pick<QueueState, 'items' | 'item' | 'selected'>): readonly QueueItem[] {
  const chosen = items.filter(({ id }) => selected.has(id));
  return chosen.length > 0 ? chosen : item === undefined ? [] : [item];
}
