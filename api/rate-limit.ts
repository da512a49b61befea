import { isIP } from 'node:net';
import rateLimit, { normalizeIP } from '@fastify/rate-limit';
import type { FastifyRequest } from 'fastify';
import { sha256Hex } from '../domain/canonical.ts';
import type { ServerDeps } from './deps.ts';
import { cookieName } from './identity.ts';
import type { App } from './route.ts';

const MINUTE_MS = 60_000;
/** Made up: what a person at work and a machine that reads page by page stay under. */
const PER_MINUTE = 600;
/** Made up: links that one address may order. */
const LINKS_PER_MINUTE = 20;
/** Credentials that are remembered; one that was forgotten is counted once with its address and known again. */
const MOST_PROVEN = 10_000;

/**
 * Whose the credentials are that were good when they were last looked at, by digest. Only what was proven has a count of its own: who
 * invents a cookie or a key is counted with the address that it comes from.
 */
export class Proven {
  readonly #whose = new Map<string, string>();
  readonly #cookie: string;

  constructor(deps: ServerDeps) {
    this.#cookie = cookieName(deps);
  }

  /** Whose the request's credential was when it was last looked at. */
  whose(request: FastifyRequest): string | undefined {
    const digest = this.#digestOf(request);
    return digest === undefined ? undefined : this.#whose.get(digest);
  }

  /** Keeps what looking at the request's credential gave: a person, or nobody. */
  note(request: FastifyRequest, who: string | undefined): void {
    const digest = this.#digestOf(request);
    if (digest === undefined) return;
    // Put in anew, so that the first is the one that was not used for the longest time.
    this.#whose.delete(digest);
    if (who === undefined) return;
    this.#whose.set(digest, who);
    const [oldest] = this.#whose.keys();
    if (this.#whose.size > MOST_PROVEN && oldest !== undefined) this.#whose.delete(oldest);
  }

  #digestOf({ headers, cookies }: FastifyRequest): string | undefined {
    const credential = headers.authorization ?? cookies[this.#cookie];
    return credential === undefined ? undefined : sha256Hex(credential);
  }
}

/**
 * Counts every request, also one to an address that does not exist, before anything is read for it: under the person whose
 * credential was proven, else under the address.
 */
export async function addRateLimit(app: App, deps: ServerDeps, proven: Proven): Promise<void> {
  await app.register(rateLimit, {
    global: false,
    max: deps.perMinute ?? PER_MINUTE,
    timeWindow: MINUTE_MS,
    keyGenerator: (request) => {
      const who = proven.whose(request);
      return who === undefined ? `address ${addressOf(request)}` : `person ${who}`;
    },
    errorResponseBuilder: () => Object.assign(new Error('too many'), { statusCode: 429 }),
  });
  const everything = app.rateLimit();
  const links = app.rateLimit({ max: LINKS_PER_MINUTE, keyGenerator: addressOf });
  app.addHook('onRequest', function (request, reply) {
    return (request.routeOptions.config.ordersLinks === true ? links : everything).call(this, request, reply);
  });
}

/** The address that a request comes from, as far as it can be believed; an IPv6 network that one subscriber has for himself (/64) is one address. */
function addressOf({ ip, socket }: FastifyRequest): string {
  // Some proxies name the port too, and it is the client's to choose.
  const bare = /^\[?([0-9a-f:.]+?)\]?(?::\d{1,5})?$/i.exec(ip)?.[1] ?? '';
  const believed = [ip, bare, socket.remoteAddress].find((one) => one !== undefined && isIP(one) !== 0);
  return believed === undefined ? 'none' : normalizeIP(believed);
}
