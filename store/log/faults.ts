import { DriverException } from '@mikro-orm/core';
import { LOST_CONNECTION } from '../connection/error-codes.ts';

/** A message whose rule threw or whose row the database refused: answered `fault`, the case goes on. */
export class MessageFault extends Error {
  readonly messageId: string;
  override readonly cause: unknown;

  constructor(messageId: string, cause: unknown) {
    super(`message ${messageId} could not be decided: ${describe(cause)}`);
    this.name = 'MessageFault';
    this.messageId = messageId;
    this.cause = cause;
  }
}

/** A deadline or an outcome that cannot be decided: backed off and alerted, never dropped. */
export class DeadlineFault extends Error {
  override readonly cause: unknown;

  constructor(what: string, cause: unknown) {
    super(`${what} could not be decided: ${describe(cause)}`);
    this.name = 'DeadlineFault';
    this.cause = cause;
  }
}

/** The database refused what several steps of one transaction wrote: which of them is at fault is not known yet. */
export class UnsavedSteps extends Error {
  constructor(cause: unknown) {
    super(`several steps could not be stored: ${describe(cause)}`, { cause });
    this.name = 'UnsavedSteps';
  }
}

/** The log is behind what a workflow has seen: a restore went wrong, nothing may be decided on top of it. */
export class LogBehind extends Error {
  constructor(id: string, seen: number, head: number) {
    super(`${id} was seen at decision ${seen}, but the log ends at ${head}: restore the missing decisions before going on`);
    this.name = 'LogBehind';
  }
}

/** What PostgreSQL says when it refuses the data itself: data exceptions (22) and integrity violations (23). */
const REFUSED_DATA = /^(22|23)/;

/** Whether PostgreSQL has refused the data itself: trying again is in vain. */
export function isRefusedData(error: unknown): boolean {
  for (let cause: unknown = error, depth = 0; cause instanceof Error && depth < 10; cause = cause.cause, depth++) {
    if ('code' in cause && typeof cause.code === 'string' && REFUSED_DATA.test(cause.code)) return true;
  }
  return false;
}

/**
 * Whether trying again can help. Whatever goes wrong between us and the database is transient, unless the database refuses the
 * data itself: a message must never be answered `fault` because a server died under it. What a rule throws is a fault.
 */
export function isTransient(error: unknown): boolean {
  for (let cause: unknown = error, depth = 0; cause instanceof Error && depth < 10; cause = cause.cause, depth++) {
    const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
    if (code !== undefined && REFUSED_DATA.test(code)) return false;
    if (cause instanceof DriverException || LOST_CONNECTION.test(cause.message)) return true;
    if (code !== undefined && /^(E[A-Z]+|[0-9A-Z]{5})$/.test(code)) return true;
  }
  return false;
}

function describe(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
