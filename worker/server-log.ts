import pino, { type DestinationStream, type Logger } from 'pino';

/** Causes and members of one error that are told. */
const DEEPEST = 5;

/**
 * An error as the log tells it: kind, message, stack, code, and what caused it. No other property is: a database puts rows into them, a
 * library whole requests. What is no error is told as it is.
 */
export function errorInWords(error: unknown, depth = 0): unknown {
  if (!isErrorLike(error)) return error;
  const { name, message, stack, code, cause, errors } = error;
  const more = (inner: unknown) => (depth < DEEPEST ? errorInWords(inner, depth + 1) : '...');
  return {
    ...{ type: name, message, stack },
    ...(code !== undefined && { code }),
    // A cause that is no error is a value: the answer of an identity provider, a person's claims.
    ...(isErrorLike(cause) && { cause: more(cause) }),
    ...(Array.isArray(errors) && { errors: errors.slice(0, DEEPEST).map(more) }),
  };
}

interface ErrorLike {
  readonly name?: unknown;
  readonly message: string;
  readonly stack?: unknown;
  readonly code?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
}

/** Errors of a workflow's own realm are no `Error` here. */
function isErrorLike(value: unknown): value is ErrorLike {
  return typeof value === 'object' && value !== null && 'message' in value && typeof value.message === 'string' && 'stack' in value;
}

/** JSON of whatever is told beside a line, errors within it in words. */
export function metaText(meta: unknown): string {
  return JSON.stringify(meta, (_, value: unknown) => errorInWords(value));
}

/** Not the descriptor itself: what `keepTalking` (steady-output.ts) does for standard error holds for the log. */
const STANDARD_ERROR: DestinationStream = { write: (line) => void process.stderr.write(line) };

/** The log of a serving process: JSON lines on standard error, an `error` with message, stack and causes. */
export function serverLog(to: DestinationStream = STANDARD_ERROR, level: 'warn' | 'error' = 'warn'): Logger {
  return pino({ level, serializers: { error: (error: unknown) => errorInWords(error) } }, to);
}
