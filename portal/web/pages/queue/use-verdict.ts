import { useState } from 'react';
import { outbox } from '../../api/outbox.ts';
import { actionOf, draftOf, lettersOf, type QueueItem, VERDICTS, type Verdict } from './model.ts';
import { type QueueState, targetsOf } from './use-queue.ts';

/** A verdict that still wants its reason, and perhaps a second look. */
export interface Choosing {
  readonly verdict: Verdict;
  readonly letters: ReadonlyMap<string, string>;
  /** The reason code that Enter takes. */
  readonly last: string;
  /** The reason chosen for a selection, to be confirmed. */
  readonly confirm?: string;
}

const KEPT_AS = 'interdict.reasons';

/** How a verdict comes about: verdict, reason, for a selection a summary, then the outbox. */
export function useVerdict(queue: QueueState, takenBy: string | undefined) {
  const [choosing, setChoosing] = useState<Choosing>();
  const [last, setLast] = useState<Readonly<Record<string, string>>>(
    () => JSON.parse(localStorage.getItem(KEPT_AS) ?? '{}') as Record<string, string>,
  );
  const targets = targetsOf(queue);

  const answer = (verdict: Verdict, code: string, among: readonly QueueItem[]) => {
    outbox.add(among.map((item) => draftOf(item, verdict, code)));
    const kept = { ...last, [verdict]: code };
    setLast(kept);
    localStorage.setItem(KEPT_AS, JSON.stringify(kept));
    setChoosing(undefined);
    queue.leave(among.map(({ id }) => id));
  };
  return {
    choosing,
    targets,
    begin: (verdict: Verdict) => {
      const [first] = targets;
      const action = first === undefined ? undefined : actionOf(first, verdict);
      if (action?.isAllowed !== true || (takenBy !== undefined && targets.length === 1)) return;
      const codes = action.reasonCodes;
      const kept = last[verdict];
      setChoosing({ verdict, letters: lettersOf(codes), last: kept !== undefined && codes.includes(kept) ? kept : (codes[0] ?? '') });
    },
    reason: (code: string) => {
      if (choosing === undefined) return;
      if (targets.length > 1) setChoosing({ ...choosing, confirm: code });
      else answer(choosing.verdict, code, targets);
    },
    confirm: () => {
      if (choosing?.confirm !== undefined) answer(choosing.verdict, choosing.confirm, targets);
    },
    stop: () => setChoosing(undefined),
  };
}

export type VerdictState = ReturnType<typeof useVerdict>;

/** The verdict of a digit; undefined for other keys. */
export function verdictOfKey(key: string): Verdict | undefined {
  return /^[1-6]$/.test(key) ? VERDICTS[Number(key) - 1] : undefined;
}
