import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { followLive } from './live-stream.ts';
import { outbox } from './outbox.ts';
import { useSession } from './session.tsx';

/** What changed since the page was last read. */
export interface News {
  readonly fresh: number;
  readonly changed: number;
  readonly isConnected: boolean;
  readonly show: () => void;
}

const DECISION_ONE = 1;

/** Follows the server's changes. Nothing on the page moves by itself: the reader asks for what is new. */
export function useLive(): News {
  const client = useQueryClient();
  const { who } = useSession();
  const [seen, setSeen] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [isConnected, setConnected] = useState(true);
  useEffect(
    () =>
      followLive(who, (told) => {
        if (told.kind === 'open' || told.kind === 'lost') return setConnected(told.kind === 'open');
        if (told.kind === 'reset') return setSeen((before) => new Map(before).set('', false));
        const { id, n } = told;
        // What the reader's own answer did is no news to the reader.
        if (outbox.entries().some(({ aggregate }) => aggregate === id)) return;
        setSeen((before) => new Map(before).set(id, before.get(id) === true || n === DECISION_ONE));
      }),
    [who],
  );
  const fresh = [...seen.values()].filter(Boolean).length;
  return {
    fresh,
    changed: seen.size - fresh,
    isConnected,
    show: () => {
      setSeen(new Map());
      void client.invalidateQueries({ queryKey: ['live'] });
    },
  };
}
