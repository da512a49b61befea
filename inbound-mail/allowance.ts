/** Senders that are remembered; more than that within the time get nothing. */
const MOST_SENDERS = 10_000;

/**
 * Lets each sender have so many within a time, in machine milliseconds. It is kept in memory: that a mail of ours is answered once only
 * is a row, and holds over restarts.
 */
export function allowance({ most, withinMs }: { readonly most: number; readonly withinMs: number }): (sender: string) => boolean {
  const taken = new Map<string, readonly number[]>();
  return (sender) => {
    const now = Date.now();
    for (const [known, times] of taken) if ((times.at(-1) ?? 0) <= now - withinMs) taken.delete(known);
    const recent = (taken.get(sender) ?? []).filter((time) => time > now - withinMs);
    if (recent.length >= most || (recent.length === 0 && taken.size >= MOST_SENDERS)) return false;
    taken.set(sender, [...recent, now]);
    return true;
  };
}
