import type { Deadline } from './aggregate.ts';
import type { Instant } from './instant.ts';

/** A message accepted and not yet decided. */
export interface UnreadMessage {
  readonly id: string;
  readonly receivedAt: Instant;
}

/** The outcome of an effect, with the instant at which it came in. */
export interface ArrivedOutcome {
  readonly id: string;
  readonly arrivedAt: Instant;
}

export type Next<M, O> =
  | { readonly kind: 'message'; readonly message: M }
  | { readonly kind: 'outcome'; readonly outcome: O }
  | { readonly kind: 'deadline'; readonly deadline: Deadline };

/**
 * What an aggregate decides next: the earliest of unread messages by (receivedAt, id), outcomes by (arrivedAt, id) and the
 * one deadline; at a tie message, then outcome, then deadline. A deadline yields to every message received at or before its
 * due instant and is decided only when the clock is past it (`design.md` sections 2.2 and 2.5).
 */
export function next<M extends UnreadMessage, O extends ArrivedOutcome>(
  deadline: Deadline | undefined,
  unread: readonly M[],
  outcomes: readonly O[],
  now: Instant,
): Next<M, O> | undefined {
  const message = earliest(unread, (m) => m.receivedAt);
  const outcome = earliest(outcomes, (o) => o.arrivedAt);
  const candidates: { at: Instant; next: Next<M, O> }[] = [];
  if (message !== undefined) candidates.push({ at: message.receivedAt, next: { kind: 'message', message } });
  if (outcome !== undefined) candidates.push({ at: outcome.arrivedAt, next: { kind: 'outcome', outcome } });
  if (deadline !== undefined && now > deadline.at) candidates.push({ at: deadline.at, next: { kind: 'deadline', deadline } });
  // Candidates stand in the order that wins a tie; only a strictly earlier instant overtakes.
  return candidates.reduce<(typeof candidates)[number] | undefined>((a, b) => (a === undefined || b.at < a.at ? b : a), undefined)?.next;
}

function earliest<T extends { readonly id: string }>(items: readonly T[], at: (item: T) => Instant): T | undefined {
  return items.reduce<T | undefined>((a, b) => {
    if (a === undefined) return b;
    const isEarlier = at(b) < at(a) || (at(b) === at(a) && b.id < a.id);
    return isEarlier ? b : a;
  }, undefined);
}
