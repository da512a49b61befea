import { useState } from 'react';
import { outbox } from '../../api/outbox.ts';
import { useSession } from '../../api/session.tsx';
import { actionOf, draftOf, type QueueItem, VERDICTS, type Verdict } from './model.ts';
import { lettersOf } from './reason-letters.ts';
import { type QueueState, targetsOf } from './use-queue.ts';

/** A verdict that still wants its reason, and perhaps a second look. */
export interface Choosing {
  readonly verdict: Verdict;
  /** The reasons that the policy lists for it, each with its key; a code beyond the alphabet has a button alone. */
  readonly reasons: readonly { readonly code: string; readonly letter: string | undefined }[];
  /** The reason that this reviewer gave last for this verdict: Enter gives it again. Nothing is chosen before. */
  readonly last: string | undefined;
  /** The reason chosen for a selection, to be confirmed. */
  readonly confirm?: string;
}

const KEPT_AS = 'interdict.reasons-given';

/** How a verdict comes about: verdict, reason, for a selection a summary, then the outbox. */
export function useVerdict(queue: QueueState, takenBy: string | undefined) {
  const [choosing, setChoosing] = useState<Choosing>();
  const { who } = useSession();
  const [last, setLast] = useState(() => lastGiven(who));
  const targets = targetsOf(queue);

  const answer = (verdict: Verdict, code: string, among: readonly QueueItem[]) => {
    outbox.add(among.map((item) => draftOf(item, verdict, code)));
    const kept = { ...last, [verdict]: code };
    setLast(kept);
    sessionStorage.setItem(KEPT_AS, JSON.stringify({ who, reasons: kept }));
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
      const letters = lettersOf(first?.actions.flatMap(({ reasonCodes }) => reasonCodes) ?? []);
      const kept = last[verdict];
      const reasons = codes.map((code) => ({ code, letter: letters.get(code) }));
      setChoosing({ verdict, reasons, last: kept !== undefined && codes.includes(kept) ? kept : undefined });
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

/** The last reasons of this reviewer in this tab: what somebody else chose here, or long ago, is nobody's wish now. */
function lastGiven(who: string): Readonly<Record<string, string>> {
  const kept = JSON.parse(sessionStorage.getItem(KEPT_AS) ?? '{}') as { who?: string; reasons?: Record<string, string> };
  return kept.who === who ? (kept.reasons ?? {}) : {};
}

export type VerdictState = ReturnType<typeof useVerdict>;

/** The verdict of a digit; undefined for other keys. */
export function verdictOfKey(key: string): Verdict | undefined {
  return /^[1-6]$/.test(key) ? VERDICTS[Number(key) - 1] : undefined;
}
