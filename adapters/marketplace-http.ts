import { z } from 'zod';
import { sha256Hex } from '../domain/canonical.ts';
import type { EffectResult } from '../domain/effects.ts';
import { instant } from '../domain/instant.ts';
import { marketplaceUnavailable } from './failures.ts';
import type { ListingMeasure, MarketplacePort } from './ports.ts';
import { exchange, type HttpReply } from './http-exchange.ts';
import { codeOf, isUnknownListing, jsonOf, type MarketplaceHttp, problemOf } from './marketplace-replies.ts';
import { answersFor, serveImage, serveListing } from './marketplace-serve.ts';
import { actOnShop } from './marketplace-shops.ts';

/** How to reach a marketplace that speaks the HTTP API of the reference marketplace. */
export interface HttpMarketplaceOptions {
  /** Base address; may have a path. */
  readonly baseUrl: string;
  /** For each request, body included; 10 s when absent. */
  readonly timeoutMs?: number;
  readonly fetch?: typeof fetch;
  /**
   * Origins beside the marketplace's own from which images are fetched. Image addresses are the seller's: fetching any
   * would let a seller send our requests wherever they like.
   */
  readonly imageOrigins?: readonly string[];
}

const SMALL_REPLY = 64 * 1024;
const DEFAULT_TIMEOUT_MS = 10_000;

const versionSchema = z.string().regex(/^[0-9a-f]{64}$/);
const instantSchema = z.iso.datetime({ offset: true }).transform(instant);

const takedownReplySchema = z.discriminatedUnion('status', [
  z.object({ status: z.literal('removed'), at: instantSchema, version: versionSchema, completedOrders: z.int().min(0) }),
  z.object({ status: z.literal('already-gone'), was: z.string().min(1).max(64) }),
]);
const putBackReplySchema = z.object({ status: z.enum(['restored', 'already-live', 'gone']) });
const editedSchema = z.object({ code: z.literal('listing-edited'), version: versionSchema });

/** The marketplace over HTTP: the same key is the same act, every reply is checked, and sizes and times are limited. */
export function httpMarketplace(options: HttpMarketplaceOptions): MarketplacePort {
  const base = new URL(options.baseUrl.endsWith('/') ? options.baseUrl : `${options.baseUrl}/`);
  const http: MarketplaceHttp = {
    base,
    fetch: options.fetch ?? fetch,
    timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    imageOrigins: new Set([base.origin, ...(options.imageOrigins ?? [])]),
  };
  return {
    takedown: (measure, signal) => takeDown(http, measure, signal),
    putBack: (measure, signal) => putBack(http, measure, signal),
    onShop: (measure, signal) => actOnShop((method, path, key, body) => act(http, method, path, key, body, signal), measure),
    serve: (_marketplace, listing, signal) => serveListing(http, listing, signal),
    answersFor: (listing, signal) => answersFor(http, listing, signal),
    image: (address, signal) => serveImage(http, address, signal),
    messageShop: async (shop, { key, ...message }, signal) => {
      const reply = await post(http, `shops/${encodeURIComponent(shop)}/messages`, key, message, signal);
      if (reply.status < 200 || reply.status > 299) throw problemOf(reply);
    },
  };
}

async function takeDown(
  http: MarketplaceHttp,
  { key, listing, versions = [], reason, reference }: ListingMeasure,
  signal?: AbortSignal,
): Promise<EffectResult> {
  const reply = await post(http, `listings/${encodeURIComponent(listing)}/takedown`, key, { versions, reason, reference }, signal);
  if (isUnknownListing(reply)) return { kind: 'already-gone', was: 'unknown' };
  if (reply.status === 409) {
    const edited = editedSchema.safeParse(jsonOf(reply));
    if (edited.success) return { kind: 'version-differs', version: edited.data.version };
    // Two requests about one listing met: the other one will be done in a moment.
    if (codeOf(reply) === 'conflict') throw marketplaceUnavailable('status 409, another request is changing the listing');
  }
  const said = reply.status === 200 ? takedownReplySchema.safeParse(jsonOf(reply)) : undefined;
  if (said?.success !== true) throw problemOf(reply);
  if (said.data.status === 'already-gone') return { kind: 'already-gone', was: said.data.was };
  const { at, version, completedOrders } = said.data;
  return { kind: 'removed', at, version, orders: completedOrders };
}

async function putBack(http: MarketplaceHttp, { key, listing, reason, reference }: ListingMeasure, signal?: AbortSignal): Promise<EffectResult> {
  const reply = await post(http, `listings/${encodeURIComponent(listing)}/put-back`, key, { reason, reference }, signal);
  if (isUnknownListing(reply)) return { kind: 'gone' };
  if (reply.status === 409 && codeOf(reply) === 'conflict') throw marketplaceUnavailable('status 409, another request is changing the listing');
  const said = reply.status === 200 ? putBackReplySchema.safeParse(jsonOf(reply)) : undefined;
  if (said?.success !== true) throw problemOf(reply);
  return { kind: said.data.status };
}

function post(http: MarketplaceHttp, path: string, key: string, body: unknown, signal?: AbortSignal): Promise<HttpReply> {
  return act(http, 'POST', path, key, body, signal);
}

/** A request for an effect: the same key is the same act. */
function act(http: MarketplaceHttp, method: 'POST' | 'DELETE', path: string, key: string, body: unknown, signal?: AbortSignal): Promise<HttpReply> {
  const headers = { 'content-type': 'application/json', accept: 'application/json', 'idempotency-key': headerKey(key) };
  return exchange(http, { url: new URL(path, http.base), method, headers, body: JSON.stringify(body), limit: SMALL_REPLY }, signal);
}

/** A key holds ids that people choose: what a header cannot carry is named by its digest. */
function headerKey(key: string): string {
  return /^[\x21-\x7e]{1,400}$/.test(key) ? key : `sha256:${sha256Hex(key)}`;
}
