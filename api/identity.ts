import { createHmac, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Capacity } from '../domain/aggregate.ts';
import { keyOf, KEY_PREFIX } from '../store/access/machine-keys.ts';
import { isRevoked, nameOf, sessionOf } from '../store/access/sign-in.ts';
import { work } from '../store/connection/orm.ts';
import { findPrincipal } from '../store/register/people.ts';
import { SAFE_METHODS } from './cross-site.ts';
import type { ServerDeps } from './deps.ts';
import { refuse } from './problems.ts';

/** Who makes a request. */
export interface Principal {
  readonly id: string;
  readonly name: string;
  readonly capacity: Capacity;
  readonly seenAs: Capacity;
  readonly organisations: readonly string[];
  /** `session`, or `key:` and the key's id: what the log of reads says. */
  readonly how: string;
  /** Of a machine's key; absent for people. */
  readonly scopes?: readonly string[];
  /** Of a session: what ends it. */
  readonly session?: string;
  readonly csrf?: string;
}

/** `__Host-` binds the cookie to this host over https; on plain loopback browsers would not keep such a name. */
export function cookieName({ origin }: Pick<ServerDeps, 'origin'>): string {
  return isSecure(origin) ? '__Host-interdict' : 'interdict';
}

/** The cookie that a sign-in with an identity provider is remembered by until it comes back. */
export function roundTripCookie(deps: ServerDeps): { readonly name: string; readonly options: ReturnType<typeof cookieOptions> } {
  return { name: `${cookieName(deps)}-oidc`, options: cookieOptions(deps) };
}

/** Sets the session's cookie: not for scripts, not for other sites. */
export function setSessionCookie(deps: ServerDeps, reply: FastifyReply, token: string): void {
  reply.setCookie(cookieName(deps), token, cookieOptions(deps));
}

/** Takes the cookie back. */
export function clearSessionCookie(deps: ServerDeps, reply: FastifyReply): void {
  reply.clearCookie(cookieName(deps), cookieOptions(deps));
}

function cookieOptions({ origin }: ServerDeps) {
  // Lax, not strict: a link in a mail leads to a page of a signed-in reader. Writes carry the CSRF token besides.
  return { path: '/', httpOnly: true, sameSite: 'lax', secure: isSecure(origin) } as const;
}

function isSecure(origin: string): boolean {
  return origin.startsWith('https://');
}

/** Who makes the request: by a key in `Authorization: Bearer`, else by the session's cookie; undefined for nobody. `unseen`: an open page alone keeps no session alive. */
export async function identify(deps: ServerDeps, request: FastifyRequest, as: 'seen' | 'unseen' = 'seen'): Promise<Principal | undefined> {
  const bearer = /^Bearer ([\x21-\x7e]+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (request.headers.authorization !== undefined) return bearer?.startsWith(KEY_PREFIX) === true ? byKey(deps, bearer) : undefined;
  const token = request.cookies[cookieName(deps)];
  return token === undefined ? undefined : bySession(deps, token, as);
}

async function byKey(deps: ServerDeps, key: string): Promise<Principal | undefined> {
  const row = await keyOf(work(deps.engine), key, deps.clock.now());
  if (row === undefined) return undefined;
  const who = await somebody(deps, row.who);
  return who === undefined ? undefined : { ...who, how: `key:${row.id}`, scopes: row.scopes };
}

async function bySession(deps: ServerDeps, token: string, as: 'seen' | 'unseen'): Promise<Principal | undefined> {
  const row = await sessionOf(work(deps.engine), token, deps.clock.now(), as);
  if (row === undefined) return undefined;
  const who = await somebody(deps, row.who);
  return who === undefined ? undefined : { ...who, how: 'session', session: row.hash, csrf: csrfOf(token) };
}

/** A revoked person is nobody from that instant on, whatever sessions and keys are left. */
export async function somebody(deps: ServerDeps, who: string): Promise<Omit<Principal, 'how'> | undefined> {
  const em = work(deps.engine);
  const principal = await findPrincipal(em, who);
  if (principal === undefined || (await isRevoked(em, who, deps.clock.now()))) return undefined;
  return { ...principal, name: await nameOf(em, who) };
}

/** Follows from the session's secret, so that nothing more has to be kept. */
function csrfOf(token: string): string {
  return createHmac('sha256', token).update('csrf').digest('base64url');
}

/** A write with a cookie must come from our own page: the page knows the token, another site does not. Keys are not sent by browsers. */
export function checkCsrf(who: Principal | undefined, request: FastifyRequest): void {
  if (who?.csrf === undefined || SAFE_METHODS.includes(request.method)) return;
  const sent = request.headers['x-csrf-token'];
  const expected = Buffer.from(who.csrf);
  const given = Buffer.from(typeof sent === 'string' ? sent : '');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) refuse('csrf');
}
