import { LOST_CONNECTION } from '../store/connection/error-codes.ts';

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

/** Of sockets, of PostgreSQL (connections, shutdown) and of gRPC (unavailable, deadline). */
const AWAY = /^(ECONN\w+|ENOTFOUND|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE|UND_ERR_\w+|08\w{3}|57P0\d|53300|14|4)$/;

/** Whether an error, or what caused it, says that a server is away. */
export function isUnreachable(error: unknown): boolean {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 6; cause = cause.cause, depth++) {
    if (cause.name === 'TimeoutError' || ('code' in cause && AWAY.test(String(cause.code))) || LOST_CONNECTION.test(cause.message)) return true;
    if (cause instanceof AggregateError && cause.errors.some(isUnreachable)) return true;
  }
  return false;
}
