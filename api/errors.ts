import type { FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { ZodError } from 'zod';
import { ImportBrokenOff } from '../store/register/imports/broken-off.ts';
import { PolicyRefused } from '../store/register/policies.ts';
import { isAway, isNoSpace } from '../store/connection/error-codes.ts';
import { BodyCut } from './body-patience.ts';
import type { ServerDeps } from './deps.ts';
import { type Problem, problem, type ProblemCode, Refused, sendProblem } from './problems.ts';

/** The framework's own errors, by their code. */
const OF_FRAMEWORK: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'wrong-content-type',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'bad-json',
  FST_ERR_CTP_INVALID_JSON_BODY: 'bad-json',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'bad-request',
  FST_ERR_BAD_URL: 'bad-request',
};

/** What is said of texts with NUL or half a character. */
export const UNSTORABLE = { detail: 'A text contains characters that cannot be stored.', cure: 'Remove NUL and half characters.' } as const;

/** Answers every error of a request as a problem document; what is not foreseen is noted and told without its words. */
export function answerError(deps: ServerDeps, error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return sendProblem(request, reply, problemOf(deps, error, request));
}

function problemOf(deps: ServerDeps, error: unknown, request: FastifyRequest): Problem {
  if (error instanceof Refused) return error.problem;
  if (error instanceof BodyCut || error instanceof ImportBrokenOff) return brokenOff(deps, error, request);
  if (error instanceof PolicyRefused) return problem(error.code, { detail: error.message, cure: error.cure });
  if (hasZodFastifySchemaValidationErrors(error)) {
    const places = error.validation.slice(0, 50).map(({ instancePath, message }) => ({
      place: `${error.validationContext ?? 'request'}${instancePath}`,
      message: message ?? 'is wrong',
    }));
    const isKey = places.some(({ place }) => place === 'headers/idempotency-key');
    return problem(isKey ? 'no-idempotency-key' : 'bad-request', { places });
  }
  if (error instanceof ZodError)
    return problem('bad-request', { places: error.issues.map(({ path, message }) => ({ place: path.join('.'), message })) });
  const { code = '', statusCode } = error as { code?: string; statusCode?: number };
  const known = OF_FRAMEWORK[code];
  if (known !== undefined) return problem(known);
  if (statusCode === 429) return problem('too-many');
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) return { ...problem('bad-request'), status: statusCode };
  if (isUnstorable(error)) return problem('bad-request', UNSTORABLE);
  // Not the address as it was sent: a link to sign in and a calendar's address are keys.
  deps.log.error({ error, request: request.id, method: request.method, route: request.routeOptions.url }, 'a request failed');
  if (isNoSpace(error)) return problem('no-space');
  return problem(isAway(error) ? 'unavailable' : 'fault');
}

/** The database refuses texts with NUL or half a character: no honest text has one. */
function isUnstorable(error: unknown): boolean {
  return hasCode(error, ['22021', '22P05', '22P02']);
}

/** What ended in the middle: told with how far it came, and noted, for its sender may be the one who went away. */
function brokenOff(deps: ServerDeps, error: BodyCut | ImportBrokenOff, { id, method, routeOptions }: FastifyRequest): Problem {
  deps.log.warn({ error, request: id, method, route: routeOptions.url }, 'a request broke off');
  if (error instanceof BodyCut) return problem('body-cut', { detail: `The body broke off: ${error.message}.` });
  const { place, line, cure, message, outside } = error;
  const places = [{ place: `line ${line}`, message: 'The last line that was read.' }];
  return place === 'file' ? problem('body-cut', { detail: message, cure, places }) : problem('unavailable', { detail: outside, cure, places });
}

function hasCode(error: unknown, codes: readonly string[]): boolean {
  for (let at: unknown = error; typeof at === 'object' && at !== null; at = (at as { cause?: unknown }).cause) {
    if (codes.includes(String((at as { code?: unknown }).code))) return true;
  }
  return false;
}
