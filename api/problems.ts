import type { FastifyReply, FastifyRequest } from 'fastify';
import type { SendRefusal } from '../client/case-client.ts';

/** Why a request was not done, in the form of RFC 9457: what is wrong, where, and what cures it. */
export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly cure: string;
  /** Places in the request: a JSON pointer, a parameter's name or a line. */
  readonly places?: readonly { readonly place: string; readonly message: string }[];
}

/** Thrown by a route; the error handler answers it. */
export class Refused extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.name = 'Refused';
    this.problem = problem;
  }
}

type Words = readonly [status: number, title: string, detail: string, cure: string];

/** Every problem of the API. Unknown and foreign ids are told alike. */
const PROBLEMS = {
  'bad-request': [400, 'The request cannot be read', 'A part of the request does not match the API document.', 'Correct the places listed below.'],
  'bad-json': [400, 'The request cannot be read', 'The body is not valid JSON.', 'Send a JSON document.'],
  'bad-cursor': [400, 'The request cannot be read', 'This API did not issue the cursor.', 'Start again with the first page.'],
  'no-idempotency-key': [
    400,
    'A write needs a message id',
    'The header Idempotency-Key is missing or not 8 to 128 visible ASCII characters.',
    'Send a new id with every message, and the same id when you repeat it.',
  ],
  'not-signed-in': [401, 'Not signed in', 'This needs a session or a key.', 'Sign in, or send a key as a bearer token.'],
  'link-not-good': [401, 'The link cannot be used', 'It was used before, has expired, or is not ours.', 'Ask for a new one.'],
  'wrong-capacity': [403, 'Not allowed in your role', 'Your role does not allow this.', 'Ask a person with the right role.'],
  'wrong-scope': [403, 'Not in the scope of the key', 'The key does not have this scope.', 'Use a key that has it.'],
  csrf: [403, 'The request is not from our page', 'The header X-CSRF-Token is missing or old.', 'Read /api/session again and send its token.'],
  'foreign-page': [
    403,
    'The request is not from our page',
    'A page of another site sent it.',
    'Open the link of the mail, or the portal itself, and do it there.',
  ],
  'not-found': [404, 'Not found', 'It does not exist, or you may not see it.', 'Check the id.'],
  'no-such-route': [404, 'There is no such address', 'The API document lists every address.', 'See /api/openapi.json.'],
  'wrong-method': [405, 'Method not allowed', 'The address exists, but not for this method.', 'The header Allow lists the allowed methods.'],
  'not-acceptable': [406, 'Format not available', 'None of the formats in the header Accept is available here.', 'Ask for application/json.'],
  'body-cut': [408, 'The body is incomplete', 'The rest of the body did not arrive in time.', 'Send it again, complete.'],
  'message-id-reused': [409, 'The message id was used', 'This message id was used for another message.', 'Send this one under a new id.'],
  'version-taken': [409, 'The version exists', 'A policy of this name and version has other content.', 'Give it the next version.'],
  superseded: [409, 'Another version has followed', 'This version was in force before another one.', 'Give its content the next version.'],
  claimed: [409, 'A colleague is working on it', 'Someone else is working on this case.', 'Wait until they release it, or choose another case.'],
  'too-large': [413, 'Too large', 'The body is larger than this address accepts.', 'Send less, or use an import.'],
  'wrong-content-type': [415, 'Wrong content type', 'The body is not in a format that this address accepts.', 'Send application/json.'],
  refused: [422, 'Refused by the rules', 'The rules refuse this.', 'See the case for what can be done now.'],
  'too-many': [429, 'Too many requests', 'More requests arrived than are allowed.', 'Wait as long as the header Retry-After says.'],
  fault: [
    500,
    'Something went wrong here',
    'The request could not be processed; the error was recorded.',
    'Try again; if it happens again, quote the request id.',
  ],
  'quota-full': [
    422,
    'No space for more files',
    'The organisation has stored as many bytes of files as it may.',
    'Name files that are stored already.',
  ],
  'no-space': [
    503,
    'No space is left',
    'There is no space left to store anything.',
    'The operator has to free disk space. Then send it again with the same message id; nothing that was stored is lost.',
  ],
  unavailable: [503, 'Not available right now', 'A service that this needs does not answer.', 'Try again later.'],
} as const satisfies Record<string, Words>;

export type ProblemCode = keyof typeof PROBLEMS;

/** A problem by its code; more exact words may be given. */
export function problem(code: ProblemCode, more: Partial<Pick<Problem, 'detail' | 'cure' | 'places'>> = {}): Problem {
  const [status, title, detail, cure]: Words = PROBLEMS[code];
  return { status, code, title, detail, cure, ...more };
}

/** Refuses with a problem. */
export function refuse(code: ProblemCode, more?: Partial<Pick<Problem, 'detail' | 'cure' | 'places'>>): never {
  throw new Refused(problem(code, more));
}

/** Conflicts with what is on record already; every other refusal of the rules is 422. */
const CONFLICTS: readonly string[] = [
  'already-open',
  'is-final',
  'not-now',
  'already-answered',
  'answered-meanwhile',
  'extended-already',
  'contested-already',
  'seller-known',
  'holder-known',
  'acting-already',
  'version-known',
];
const FORBIDDEN: readonly string[] = ['wrong-capacity', 'no-mandate', 'mandate-revoked'];

/** A refusal of the rules as a problem: the code and the words are the domain's. */
export function ofRefusal({ code, message, cure }: { readonly code: string; readonly message: string; readonly cure: string }): Problem {
  const status = CONFLICTS.includes(code) ? 409 : FORBIDDEN.includes(code) ? 403 : 422;
  return { status, code, title: 'Refused by the rules', detail: message, cure };
}

/** Why the client did not accept a message. */
export function ofSendRefusal(code: SendRefusal): Problem {
  return problem(code === 'message-id-reused' ? 'message-id-reused' : 'not-found');
}

/** Sends a problem document. */
export function sendProblem(request: FastifyRequest, reply: FastifyReply, { status, code, title, detail, cure, places }: Problem): FastifyReply {
  const body = {
    type: `urn:interdict:problem:${code}`,
    title,
    status,
    code,
    detail,
    cure,
    instance: `urn:interdict:request:${request.id}`,
    ...(places && { places }),
  };
  return reply.status(status).header('cache-control', 'no-store').type('application/problem+json').send(JSON.stringify(body));
}
