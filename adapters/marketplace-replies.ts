import { z } from 'zod';
import type { ActivityFailure } from './failures.ts';
import { type HttpOptions, type HttpReply, troubleOf } from './http-exchange.ts';

/** What the requests of one marketplace share. */
export interface MarketplaceHttp extends HttpOptions {
  readonly base: URL;
  readonly imageOrigins: ReadonlySet<string>;
}

const problemSchema = z.object({ code: z.string(), message: z.string().catch('') });

/** A 404 of any other kind is a wrong address of ours, and must never be taken for a listing that is gone. */
export function isUnknownListing(reply: HttpReply): boolean {
  return reply.status === 404 && codeOf(reply) === 'unknown-listing';
}

/** The code of a problem in a reply. */
export function codeOf(reply: HttpReply): string | undefined {
  return problemSchema.safeParse(jsonOf(reply)).data?.code;
}

/** The failure of a reply that is no answer. */
export function problemOf(reply: HttpReply): ActivityFailure {
  const problem = problemSchema.safeParse(jsonOf(reply)).data;
  return troubleOf(reply, problem?.code, problem?.message ?? 'no reason given');
}

/** The reply's JSON; undefined for anything else. */
export function jsonOf({ body }: HttpReply): unknown {
  if (body === undefined) return undefined;
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}
