import { z } from 'zod';
import { PictureTrouble } from '../domain/capture.ts';
import { ActivityFailure, marketplaceUnavailable, NoReplyInTime } from './failures.ts';
import type { ServedListing } from './ports.ts';
import { exchange, type HttpReply } from './http-exchange.ts';
import { isUnknownListing, jsonOf, type MarketplaceHttp, problemOf } from './marketplace-replies.ts';

const DATA_LIMIT = 2 * 1024 * 1024;
const PAGE_LIMIT = 5 * 1024 * 1024;
const IMAGE_LIMIT = 5 * 1024 * 1024;
const IMAGES_LIMIT = 40 * 1024 * 1024;
const MOST_IMAGES = 20;
/** Pictures that a seller may name; what is beyond stands in the data. */
const MOST_NAMED = 1_000;
const LONGEST_ADDRESS = 2_000;
/** Several at once and each for a short time: a picture that stalls must not use up the time of those behind it. */
const IMAGES_AT_ONCE = 5;
const IMAGE_MS = 5_000;

/** What a capture needs of the listing's data; the rest is kept as it came. */
const listingSchema = z.looseObject({
  version: z.string().regex(/^[0-9a-f]{64}$/),
  status: z.string().max(64).optional(),
  // The seller's own words: whatever they are, they must not keep the rest from being captured.
  images: z.array(z.unknown()).catch([]),
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

/** A few at a time: an honest listing has few, and a hostile one shall not make us busy. */
async function readImages(http: MarketplaceHttp, addresses: readonly unknown[], signal?: AbortSignal): Promise<readonly Image[]> {
  const images: Image[] = [];
  let left = IMAGES_LIMIT;
  const wanted = addresses.slice(0, MOST_IMAGES);
  for (let at = 0; at < wanted.length; at += IMAGES_AT_ONCE) {
    const limit = Math.min(IMAGE_LIMIT, left);
    const batch = await Promise.all(wanted.slice(at, at + IMAGES_AT_ONCE).map((address) => imageOf(http, address, limit, signal)));
    for (const image of batch) left = Math.max(0, left - (image.bytes?.length ?? 0));
    images.push(...batch);
  }
  const beyond = addresses
    .slice(MOST_IMAGES, MOST_NAMED)
    .map((address): Image => ({ url: named(address), bytes: null, why: PictureTrouble.tooMany }));
  return [...images, ...beyond];
}

/** One picture of a capture: its trouble, the marketplace's included, is a fact about this picture. A server that is overloaded is asked twice. */
async function imageOf(http: MarketplaceHttp, address: unknown, limit: number, signal?: AbortSignal): Promise<Image> {
  const url = named(address);
  if (typeof address !== 'string' || url.length < address.length) return { url, bytes: null, why: PictureTrouble.noAddress };
  for (let tries = 1; ; tries += 1) {
    try {
      return { url, ...(await readImage(http, address, limit, signal)) };
    } catch (error) {
      if (!(error instanceof ActivityFailure)) throw error;
      if (error instanceof NoReplyInTime) return { url, bytes: null, why: PictureTrouble.stalled };
      if (tries === 2) return { url, bytes: null, why: PictureTrouble.failed };
    }
  }
}

function named(address: unknown): string {
  return typeof address === 'string' ? address.slice(0, LONGEST_ADDRESS) : '';
}

type Read = Pick<Image, 'bytes' | 'why'>;

/**
 * The bytes, or why they cannot be had for good: elsewhere, too large, refused.
 * @throws ActivityFailure `marketplace-unavailable` for what may pass
 */
async function readImage(http: MarketplaceHttp, address: string, limit: number, signal?: AbortSignal): Promise<Read> {
  const url = URL.canParse(address, http.base) ? new URL(address, http.base) : undefined;
  if (url === undefined || !isOurs(http, url)) return { bytes: null, why: PictureTrouble.elsewhere };
  const reply = await exchange({ ...http, timeoutMs: Math.min(IMAGE_MS, http.timeoutMs) }, { url, method: 'GET', limit }, signal);
  if (reply.status >= 500 || reply.status === 429) throw problemOf(reply);
  if (reply.status !== 200) return { bytes: null, why: PictureTrouble.refused };
  return reply.body === undefined ? { bytes: null, why: PictureTrouble.tooLarge } : { bytes: reply.body };
}

/** On an origin where pictures may be, and nothing that a request cannot be made of: a name before the host, a blob. */
function isOurs({ imageOrigins }: MarketplaceHttp, { origin, protocol, username, password }: URL): boolean {
  return imageOrigins.has(origin) && (protocol === 'http:' || protocol === 'https:') && username === '' && password === '';
}

/** One picture by its address, as a listing or a reference names it. */
export async function serveImage(http: MarketplaceHttp, address: string, signal?: AbortSignal): Promise<Uint8Array | undefined> {
  return (await readImage(http, address, IMAGE_LIMIT, signal)).bytes ?? undefined;
}

/** Whether the marketplace itself answers for a listing, whatever the answer: what no picture of a seller's decides. */
export async function answersFor(http: MarketplaceHttp, listing: string, signal?: AbortSignal): Promise<boolean> {
  try {
    const reply = await get(http, new URL(`listings/${encodeURIComponent(listing)}`, http.base), DATA_LIMIT, signal);
    return reply.status < 500 && reply.status !== 429;
  } catch (error) {
    if (error instanceof ActivityFailure) return false;
    throw error;
  }
}

function get(http: MarketplaceHttp, url: URL, limit: number, signal?: AbortSignal): Promise<HttpReply> {
  return exchange(http, { url, method: 'GET', limit }, signal);
}
