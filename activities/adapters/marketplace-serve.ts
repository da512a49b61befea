import { z } from 'zod';
import { marketplaceUnavailable } from '../failures.ts';
import type { ServedListing } from '../ports.ts';
import { exchange, type HttpReply } from './http-exchange.ts';
import { isUnknownListing, jsonOf, type MarketplaceHttp, problemOf } from './marketplace-replies.ts';

const DATA_LIMIT = 2 * 1024 * 1024;
const PAGE_LIMIT = 5 * 1024 * 1024;
const IMAGE_LIMIT = 5 * 1024 * 1024;
const IMAGES_LIMIT = 40 * 1024 * 1024;
const MOST_IMAGES = 20;

/** What a capture needs of the listing's data; the rest is kept as it came. */
const listingSchema = z.looseObject({
  version: z.string().regex(/^[0-9a-f]{64}$/),
  status: z.string().max(64).optional(),
  images: z.array(z.string().max(2_000)).max(1_000).default([]),
});

/** Not on sale any more: there is nothing left to be captured. */
const GONE: ReadonlySet<string> = new Set(['removed', 'gone']);

type Image = ServedListing['images'][number];

/**
 * The listing as buyers get it: data, page, images. Data is read again at the end, so that what is kept belongs to one version.
 * @returns undefined when it is unknown, removed or gone
 */
export async function serveListing(http: MarketplaceHttp, listing: string, signal?: AbortSignal): Promise<ServedListing | undefined> {
  const path = `listings/${encodeURIComponent(listing)}`;
  const first = await readData(http, path, signal);
  if (first === undefined) return undefined;
  const page = await get(http, new URL(`${path}/page`, http.base), PAGE_LIMIT, signal);
  if (page.status === 404 || page.status === 410) return undefined;
  if (page.status !== 200) throw problemOf(page);
  if (page.body === undefined) throw marketplaceUnavailable(`the page is larger than ${PAGE_LIMIT} bytes`);
  const images = await readImages(http, first.images, signal);
  const last = await readData(http, path, signal);
  if (last === undefined) return undefined;
  if (last.version !== first.version) throw marketplaceUnavailable('the listing was edited while it was captured');
  const { data, bytes, version } = first;
  return { data, dataBytes: bytes, page: page.body, images, version };
}

async function readData(http: MarketplaceHttp, path: string, signal?: AbortSignal) {
  const reply = await get(http, new URL(path, http.base), DATA_LIMIT, signal);
  if (isUnknownListing(reply)) return undefined;
  const data = jsonOf(reply);
  const listing = listingSchema.safeParse(data);
  if (reply.status !== 200 || reply.body === undefined || !listing.success) throw problemOf(reply);
  const { status, version, images } = listing.data;
  return status !== undefined && GONE.has(status) ? undefined : { data, bytes: reply.body, version, images };
}

/** One after the other: an honest listing has few, and a hostile one shall not make us busy. */
async function readImages(http: MarketplaceHttp, addresses: readonly string[], signal?: AbortSignal): Promise<readonly Image[]> {
  const images: Image[] = [];
  let left = IMAGES_LIMIT;
  for (const [index, url] of addresses.entries()) {
    const bytes = index < MOST_IMAGES ? await readImage(http, url, Math.min(left, IMAGE_LIMIT), signal) : null;
    left -= bytes?.length ?? 0;
    images.push({ url, bytes });
  }
  return images;
}

/** Null for what cannot be had: elsewhere, too large, refused. Trouble of the marketplace itself is trouble of the capture. */
async function readImage(http: MarketplaceHttp, address: string, limit: number, signal?: AbortSignal): Promise<Uint8Array | null> {
  const url = URL.canParse(address, http.base) ? new URL(address, http.base) : undefined;
  if (url === undefined || !http.imageOrigins.has(url.origin)) return null;
  const reply = await get(http, url, limit, signal);
  if (reply.status >= 500 || reply.status === 429) throw problemOf(reply);
  return reply.status === 200 ? (reply.body ?? null) : null;
}

/** One picture by its address, as a listing or a reference names it. */
export async function serveImage(http: MarketplaceHttp, address: string, signal?: AbortSignal): Promise<Uint8Array | undefined> {
  return (await readImage(http, address, IMAGE_LIMIT, signal)) ?? undefined;
}

function get(http: MarketplaceHttp, url: URL, limit: number, signal?: AbortSignal): Promise<HttpReply> {
  return exchange(http, { url, method: 'GET', limit }, signal);
}
