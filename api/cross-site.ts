import type { FastifyRequest } from 'fastify';
import type { ServerDeps } from './deps.ts';
import { refuse } from './problems.ts';

/** Methods that change nothing (RFC 9110, 9.2.1). */
export const SAFE_METHODS: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Refuses a write that a browser sends for a page of another site; signing in is one: whoever could post a link of their own from
 * there would have somebody work under their name. Browsers say where a request comes from in `Sec-Fetch-Site` (Fetch Metadata) and,
 * where that is missing because the address is plain HTTP, in `Origin`; `null` is what a page says that hides where it is. A program
 * sends neither and keeps no foreign cookies; a key in `Authorization` is put there by nobody but its holder.
 */
export function checkSite({ origin: ours }: Pick<ServerDeps, 'origin'>, { method, headers }: Pick<FastifyRequest, 'method' | 'headers'>): void {
  if (SAFE_METHODS.includes(method) || headers.authorization !== undefined) return;
  const site = headers['sec-fetch-site'];
  if (site !== undefined) {
    // `none`: the reader's own doing, such as a page restored with its form.
    if (site !== 'same-origin' && site !== 'none') refuse('foreign-page');
    return;
  }
  const { origin, host } = headers;
  if (origin !== undefined && origin !== ours && (!URL.canParse(origin) || new URL(origin).host !== host)) refuse('foreign-page');
}
