/** What the exit code of every command says. */
export const ExitCode = {
  done: 0,
  /** Refused, or a check that failed. */
  failed: 1,
  usage: 2,
  /** A server that is needed is not reachable. */
  unreachable: 3,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

const AWAY: readonly string[] = ['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'ETIMEDOUT', 'EHOSTUNREACH', '57P03'];

/** The exit code of an error that nothing else explains. */
export function exitCodeOf(error: unknown): ExitCode {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth++) {
    if ('code' in cause && AWAY.includes(String(cause.code))) return ExitCode.unreachable;
    if (cause instanceof AggregateError && cause.errors.some((inner) => exitCodeOf(inner) === ExitCode.unreachable)) return ExitCode.unreachable;
  }
  return ExitCode.failed;
}
