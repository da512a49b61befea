import { isNoSpace } from '../store/connection/error-codes.ts';
import { printable } from '../verifier/values.ts';
import { CliError } from './error.ts';
import { ExitCode, isUnreachable } from './exit.ts';

/** What went wrong, in words, and how to mend it. */
export interface Trouble {
  readonly code: string;
  readonly message: string;
  readonly cure?: string;
  readonly exitCode: ExitCode;
}

/** Errors of our own by name, so that telling them apart loads no module; the code is their own unless it is given here. */
const OWN: Readonly<Record<string, { readonly exitCode: ExitCode; readonly code?: string }>> = {
  ConfigError: { exitCode: ExitCode.usage, code: 'wrong-settings' },
  NotRunning: { exitCode: ExitCode.unreachable, code: 'not-running' },
  EmbeddedError: { exitCode: ExitCode.failed },
  UnsafeDatabaseRole: { exitCode: ExitCode.failed },
  PacketTooLarge: { exitCode: ExitCode.failed, code: 'packet-too-large' },
  ActivityFailure: { exitCode: ExitCode.failed },
  HistoryFileError: { exitCode: ExitCode.failed, code: 'not-a-history' },
  PolicyRefused: { exitCode: ExitCode.failed },
  UnknownPolicySchema: { exitCode: ExitCode.failed, code: 'unknown-schema' },
  NoticeError: { exitCode: ExitCode.usage, code: 'wrong-notice' },
  AmbiguousName: { exitCode: ExitCode.failed },
  PolicyError: { exitCode: ExitCode.usage, code: 'wrong-policy' },
};
const FILE_TROUBLE: readonly string[] = ['ENOENT', 'EACCES', 'EISDIR', 'EROFS', 'ENOTDIR', 'EPERM'];

/** What an error means to the person at the terminal; the exit code of each kind of trouble is decided here and nowhere else. */
export function troubleOf(error: unknown): Trouble {
  if (error instanceof CliError) return { code: error.code, message: error.message, exitCode: error.exitCode, ...cureOf(error) };
  const { code, name } = fieldsOf(error);
  // Told with place and line by itself; whether it is a server that is away is in what caused it.
  if (name === 'ImportBrokenOff' && error instanceof Error)
    return { code, message: error.message, exitCode: isUnreachable(error) ? ExitCode.unreachable : ExitCode.failed, ...cureOf(error) };
  const own = OWN[name];
  // A vault that is full has no cure of its own.
  if (own !== undefined && error instanceof Error && code !== 'vault-full') {
    return { code: own.code ?? code, message: error.message, exitCode: own.exitCode, ...cureOf(error) };
  }
  if (isNoSpace(error)) {
    const cure = 'Free some space and run the command again. Nothing that was stored is lost.';
    return { code: 'disk-full', message: `The disk is full: ${innermost(error)}.`, cure, exitCode: ExitCode.failed };
  }
  if (isUnreachable(error)) {
    const cure = 'Check that it runs ("interdict doctor") and that the address is right.';
    return {
      code: 'not-reachable',
      message: `${placeOf(error)} does not answer: ${innermost(error).replace(/\.$/, '')}.`,
      cure,
      exitCode: ExitCode.unreachable,
    };
  }
  if (error instanceof Error && FILE_TROUBLE.includes(code)) {
    return { code: 'file', message: `${error.message}.`, cure: 'Check the path and its permissions.', exitCode: ExitCode.usage };
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  // A fault can quote a file from anybody's hands.
  const message = stack
    .split('\n')
    .map((line) => printable(line, 2_000))
    .join('\n');
  return { code: 'fault', message, cure: 'This is a bug in interdict. Please report it with this text.', exitCode: ExitCode.failed };
}

function fieldsOf(error: unknown): { readonly code: string; readonly name: string } {
  if (!(error instanceof Error)) return { code: '', name: '' };
  return { code: 'code' in error ? String(error.code) : '', name: error.name };
}

/** Of gRPC: a call that got no answer in time, a server that is not there. */
const OF_GRPC: readonly unknown[] = [4, 14];

/** Which of the servers an error is about, as far as its kind says. */
function placeOf(error: unknown): string {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 6; cause = cause.cause, depth++) {
    if ('code' in cause && OF_GRPC.includes(cause.code)) return 'Temporal';
    // The driver's and the mapper's own kinds: DatabaseError, ConnectionException, DriverException.
    if (/^(DatabaseError|\w*Exception)$/.test(cause.constructor.name)) return 'The database';
  }
  return 'A server';
}

function cureOf(error: Error): { readonly cure?: string } {
  return 'cure' in error && typeof error.cure === 'string' ? { cure: error.cure } : {};
}

function innermost(error: unknown): string {
  let last = error;
  for (let depth = 0; depth < 5 && last instanceof Error && last.cause !== undefined; depth++) last = last.cause;
  const [first] = last instanceof AggregateError ? last.errors : [last];
  return (first instanceof Error ? first.message : String(first)).split('\n')[0] ?? '';
}
