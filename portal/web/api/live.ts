import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { outbox } from './outbox.ts';

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
  const [seen, setSeen] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [isConnected, setConnected] = useState(true);
  useEffect(() => {
    const stream = new EventSource('/api/live');
    stream.addEventListener('open', () => setConnected(true));
    stream.addEventListener('error', () => setConnected(false));
    stream.addEventListener('reset', () => setSeen((before) => new Map(before).set('', false)));
    stream.addEventListener('change', ({ data }) => {
      const { id, n } = JSON.parse(String(data)) as { id: string; n: number };
      // What the reader's own answer did is no news to the reader.
      if (outbox.entries().some(({ aggregate }) => aggregate === id)) return;
      setSeen((before) => new Map(before).set(id, before.get(id) === true || n === DECISION_ONE));
    });
    return () => stream.close();
  }, []);
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
