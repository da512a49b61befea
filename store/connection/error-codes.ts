/** Connection trouble that the driver reports without a code. */
export const LOST_CONNECTION =
  /connection terminated|terminating connection|connection error|not queryable|timeout exceeded when trying to connect|connection closed/i;

/** Of the file system, of PostgreSQL (disk_full) and of the vault. */
const NO_SPACE: readonly string[] = ['ENOSPC', 'EDQUOT', '53100', 'vault-full'];

/** Whether an error, or what caused it, says that a disk is full: nothing is wrong with what was asked. */
export function isNoSpace(error: unknown): boolean {
  return hasCode(error, (code) => NO_SPACE.includes(code));
}

/** Of sockets and the system (too many files), and of PostgreSQL: connections (08), resources (53, but for the disk), shutdown and crash (57P). */
const AWAY = /^(ECONN\w+|EPIPE|ETIMEDOUT|EHOSTUNREACH|EMFILE|ENFILE|08\w{3}|53\w{3}|57P0\d)$/;

/** Whether an error, or what caused it, says that a server is away or has nothing left to work with: that passes. */
export function isAway(error: unknown): boolean {
  if (hasCode(error, (code) => AWAY.test(code))) return true;
  return causesOf(error).some((cause) => LOST_CONNECTION.test(cause.message));
}

function hasCode(error: unknown, isMeant: (code: string) => boolean): boolean {
  return causesOf(error).some((cause) => 'code' in cause && isMeant(String(cause.code)));
}

/** An error and what caused it, outermost first. */
function causesOf(error: unknown): readonly Error[] {
  const causes: Error[] = [];
  for (let cause: unknown = error; cause instanceof Error && causes.length < 10; cause = cause.cause) causes.push(cause);
  return causes;
}
