import type { Logger } from 'pino';
import type { Clock } from '../domain/clock.ts';
import type { LogContext } from '../store/log/context.ts';
import type { Store } from '../store/connection/orm.ts';
import type { WorkflowStarter } from './workflow-starter.ts';

/** What the dispatcher and the parts of its loop work with. */
export interface DispatcherDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  readonly context: LogContext;
  readonly workflows: WorkflowStarter;
  /** Opens what officers ask for: captures, then decides. */
  readonly intake: (messageId: string) => Promise<void>;
  /** Archives some sealed chains beside everything else; says whether more are left. */
  readonly archive?: () => Promise<boolean>;
  /** Off only where a benchmark measures the case alone: outbox messages are written and stay. */
  readonly sendsMail: boolean;
  /** How long a dispatcher holds the outbox messages it has claimed, in machine milliseconds; absent = a minute. */
  readonly leaseMs?: number;
}
