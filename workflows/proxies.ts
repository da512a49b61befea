import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { CaseActivities, NotificationActivities, SweepActivities } from './contracts.ts';
import { TaskQueue } from './contracts.ts';

/**
 * The log. Its own lock and transaction timeouts (3 s, 4 s) end an attempt inside startToClose; the retry threshold lies above
 * both, so that a database outage does not write a heartbeat marker into every busy case.
 */
export const { advance } = proxyLocalActivities<CaseActivities>({
  startToCloseTimeout: '5s',
  localRetryThreshold: '10s',
  retry: { initialInterval: '100ms', backoffCoefficient: 2, maximumInterval: '10s', nonRetryableErrorTypes: ['LogBehind', 'DeadlineFault'] },
});

/**
 * Effects outside, retried for ever by the server: trouble with the outside system comes back as an outcome, so what is
 * retried here is only our own store being away or the worker having died.
 */
export function effects(heartbeatMs = 20_000): Pick<CaseActivities, 'runEffect'> {
  return proxyActivities<CaseActivities>({
    taskQueue: TaskQueue.marketplace,
    startToCloseTimeout: '3m',
    heartbeatTimeout: heartbeatMs,
    retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '1m' },
  });
}

/** A sweep resumes from its heartbeat's cursor. */
export const { sweepListings } = proxyActivities<SweepActivities>({
  taskQueue: TaskQueue.sweeps,
  startToCloseTimeout: '6h',
  heartbeatTimeout: '1m',
  retry: { initialInterval: '1s', maximumInterval: '1m' },
});

/**
 * Sending an outbox message: what happened to it is data; only our own trouble is retried. Without heartbeats a killed worker's outbox message
 * would come back only after the whole four minutes.
 */
export function letters(heartbeatMs = 20_000): NotificationActivities {
  return proxyActivities<NotificationActivities>({
    startToCloseTimeout: '4m',
    heartbeatTimeout: heartbeatMs,
    retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '1m' },
  });
}
