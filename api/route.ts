import type { FastifyInstance, FastifyReply, FastifyRequest, RawServerDefault, RouteOptions as Route } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger } from 'fastify';
import { sha256Hex } from '../domain/canonical.ts';
import type { RouteAccess } from './guard.ts';
import type { Principal } from './identity.ts';
import { problemSchema } from './schemas/basics.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Absent: open to everybody. */
    access?: RouteAccess;
    /** Whoever asks has mail sent: counted under the address, and strictly. */
    ordersLinks?: boolean;
  }
  interface FastifyInstance {
    /** Every route, with what it asks of the access table. */
    readonly apiRoutes: readonly Route[];
  }
  interface FastifyRequest {
    principal?: Principal | undefined;
  }
}

/** The server with schemas as types. */
export type App = FastifyInstance<RawServerDefault, IncomingMessage, ServerResponse, FastifyBaseLogger, ZodTypeProvider>;

const WORDS: Readonly<Record<number, string>> = {
  400: 'The request is not as this document says.',
  401: 'Nobody is signed in, or the token is not good (any more).',
  403: 'Not for this capacity, not in the scope of the key, or without the CSRF token.',
  404: 'Does not exist, or is not yours to see: both are answered alike.',
  406: 'None of the accepted forms can be had.',
  408: 'The body ended before its end; the detail says how far it came.',
  409: 'Conflicts with what is on record; the code says how.',
  413: 'The body is too large.',
  415: 'The body is not in a form that this address reads.',
  422: 'The rules refuse it; code and cure are theirs.',
  429: 'Too many requests; see Retry-After.',
  503: 'A part that this needs does not answer, or no space is left.',
};

type Problems = Record<number, { description: string; content: { 'application/problem+json': { schema: typeof problemSchema } } }>;

/** The documented problems of a route. */
export function problems(...statuses: readonly number[]): Problems {
  return Object.fromEntries(
    statuses.map((status) => [status, { description: WORDS[status] ?? '', content: { 'application/problem+json': { schema: problemSchema } } }]),
  );
}

/** What a read can answer besides its own form. */
export const READ_PROBLEMS = problems(400, 401, 403, 404, 406, 429, 503);
/** What a message can answer besides its own form. */
export const WRITE_PROBLEMS = problems(400, 401, 403, 404, 406, 408, 409, 413, 415, 422, 429, 503);

/** The one who makes a request on a route that asks for somebody. */
export function principalOf(request: FastifyRequest): Principal {
  if (request.principal === undefined) throw new Error(`${request.url} has no access rule`);
  return request.principal;
}

/** Answers 304 when the reader has this very content. Otherwise the tag goes out with it. */
export function tagged(request: FastifyRequest, reply: FastifyReply, tag: string): boolean {
  const etag = `"${tag}"`;
  reply.header('etag', etag).header('cache-control', 'private, no-cache');
  const known = request.headers['if-none-match'];
  return known?.split(',').some((one) => one.trim().replace(/^W\//, '') === etag) === true;
}

/** Sends a view under a tag of its content; the instant at which it is read is content only where it was asked for. */
export function sendView(request: FastifyRequest, reply: FastifyReply, view: { readonly at: string }, askedAt: string | undefined): FastifyReply {
  const { at: _, ...content } = view;
  const tag = sha256Hex(JSON.stringify(askedAt === undefined ? content : view)).slice(0, 32);
  return tagged(request, reply, tag) ? reply.status(304).send() : reply.send(view);
}
