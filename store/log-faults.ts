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

/** The log is behind what a workflow has seen: a restore went wrong, nothing may be decided on top of it. */
export class LogBehind extends Error {
  constructor(id: string, seen: number, head: number) {
    super(`${id} was seen at decision ${seen}, but the log ends at ${head}: restore the missing decisions before going on`);
    this.name = 'LogBehind';
  }
}

/**
 * Whether trying again can help: connection trouble (08), operator intervention (57), resources (53), deadlocks and
 * serialization (40), lock and statement timeouts (55, 25P04). Everything else is a fault of the message or the rule.
 */
export function isTransient(error: unknown): boolean {
  for (let cause: unknown = error; typeof cause === 'object' && cause !== null; cause = (cause as { cause?: unknown }).cause) {
    const { code, name } = cause as { code?: unknown; name?: unknown };
    if (typeof code === 'string' && (/^(08|40|53|55|57)/.test(code) || code === '25P04' || /^E(CONN|PIPE|TIMEDOUT|HOSTUNREACH)/.test(code))) return true;
    if (typeof name === 'string' && /^(Connection|Deadlock|LockWaitTimeout)Exception$/.test(name)) return true;
  }
  return false;
}

function describe(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
