import { Context } from '@temporalio/activity';
import { ApplicationFailure, ApplicationFailureCategory, CancelledFailure } from '@temporalio/common';
import type { ActivityFailure } from '../adapters/failures.ts';

/** Nobody is waited for longer than this between two tries, whatever the other side asks. */
const LONGEST_WAIT_MS = 60_000;

/**
 * Asks the server to try again while the outage is young: since the activity was first scheduled less than `outageMs` of
 * machine time have passed. Returns when it is time to say that it failed; `outageMs` 0 = at once.
 * @throws ApplicationFailure retryable and benign, after the wait that the other side asked for (at most a minute)
 */
export function retryWhileYoung(failure: ActivityFailure, outageMs: number): void {
  const since = Date.now() - Context.current().info.scheduledTimestampMs;
  // The server's clock may run ahead of ours.
  if (Math.max(0, since) >= outageMs) return;
  throw ApplicationFailure.create({
    type: failure.type,
    message: failure.message,
    category: ApplicationFailureCategory.BENIGN,
    ...(failure.retryAfterMs !== undefined && { nextRetryDelay: Math.min(failure.retryAfterMs, LONGEST_WAIT_MS) }),
  });
}

/** What to throw when the work was broken off: cancelled when that was asked for, else (a worker that stops) try elsewhere. */
export function brokenOff(): Error {
  if (Context.current().cancellationDetails?.cancelRequested === true) return new CancelledFailure('not owed any more');
  return ApplicationFailure.create({ type: 'WorkerStopping', message: 'the worker stops', category: ApplicationFailureCategory.BENIGN });
}

/** How often a long activity says that it lives. */
const HEARTBEAT_MS = 5_000;

/** Runs the work and says that it lives from the fifth second on: short work, the usual, costs no heartbeat. `details` are what a retry needs. */
export async function withHeartbeat<T>(work: () => Promise<T>, details?: unknown): Promise<T> {
  const context = Context.current();
  // Tests that kill workers have a short heartbeat timeout.
  const every = Math.min(HEARTBEAT_MS, (context.info.heartbeatTimeoutMs ?? Number.POSITIVE_INFINITY) / 3);
  const timer = setInterval(() => context.heartbeat(details), every);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
