import { useEffect, useState } from 'react';
import { ApiProblem, send, Unreachable } from '../../api/client.ts';
import { outbox, settles } from '../../api/outbox.ts';

/** A case is claimed while it is in view, and given back when it is left without an answer. Says who else has it. */
export function useClaim(id: string | undefined): { readonly takenBy: string | undefined } {
  const [taken, setTaken] = useState<{ readonly id: string; readonly words: string }>();
  useEffect(() => {
    if (id === undefined) return undefined;
    const path = `/api/cases/${encodeURIComponent(id)}/claim`;
    let isLeft = false;
    send('PUT', path).catch((error: unknown) => {
      if (error instanceof ApiProblem && error.code === 'claimed') {
        if (!isLeft) setTaken({ id, words: error.message });
        return;
      }
      if (!isHarmless(error)) throw error;
    });
    const giveBack = () => {
      const isAnswered = outbox.entries().some((entry) => entry.aggregate === id && settles(entry));
      if (!isAnswered) send('DELETE', path).catch((error: unknown) => isHarmless(error) || reportError(error));
    };
    // A tab that is closed leaves the case, too.
    addEventListener('pagehide', giveBack);
    return () => {
      isLeft = true;
      setTaken(undefined);
      removeEventListener('pagehide', giveBack);
      giveBack();
    };
  }, [id]);
  return { takenBy: taken?.id === id ? taken?.words : undefined };
}

/** A claim is a courtesy to colleagues: the log decides who was first. Without the network, or on a case just closed, it is left. */
function isHarmless(error: unknown): boolean {
  return error instanceof Unreachable || error instanceof ApiProblem;
}
