import { onTestFinished } from 'vitest';
import { listingVersion } from '../../domain/listing-version.ts';
import type { ListingMeasure, PacketBuilder } from '../../adapters/ports.ts';
import { type RunningMarketplace, startMarketplace } from '../../embedded/marketplace/marketplace.ts';
import { aFolder, call } from '../embedded/support.ts';

export const AT = '2026-01-05T09:00:00.000Z';

/** A listing with one image that the marketplace has, one that it has not and one that lies elsewhere. */
export const WATCH = {
  id: 'ebay:1/ä',
  marketplace: 'ebay',
  market: 'US',
  title: 'Rolex <script>alert(1)</script>',
  brand: 'Rolex',
  images: ['/images/generated-1.png', '/images/none.png', 'http://169.254.169.254/latest/meta-data'],
  price: { amount: 19_900, currency: 'USD' },
  seller: 'S-1',
};
export const VERSION = listingVersion(WATCH);

/** Where no referral is looked at. */
export const noPackets: PacketBuilder = { build: () => Promise.reject(new Error('no packet is wanted here')) };

/** A reference marketplace with the watch on sale. */
export async function aMarketplace(): Promise<RunningMarketplace> {
  const marketplace = await startMarketplace({ dir: await aFolder(), port: 0, host: '127.0.0.1', now: () => AT, log: () => {} });
  onTestFinished(() => marketplace.stop());
  await call(`${marketplace.url}/admin/listings`, 'PUT', { listings: [WATCH] });
  return marketplace;
}

/** Path of the watch's administration. */
export function adminOf(url: string, act: string): string {
  return `${url}/admin/listings/${encodeURIComponent(WATCH.id)}/${act}`;
}

/** A takedown of the watch as the engine asks for it. */
export function aMeasure(more: Partial<ListingMeasure> = {}): ListingMeasure {
  const { id: listing, marketplace } = WATCH;
  return { key: 'case:1/takedown:v1', marketplace, listing, versions: [VERSION], reason: 'intellectual-property', reference: 'case:1', ...more };
}

/** Scripts a fault of the marketplace. */
export async function script(url: string, fault: Readonly<Record<string, unknown>>): Promise<void> {
  await call(`${url}/admin/faults`, 'POST', fault);
}

/** Status of the watch, and how each request for an effect ended. */
export async function lookBehind(url: string): Promise<{ status: unknown; outcomes: readonly unknown[] }> {
  const { body } = await call(`${url}/admin/state?listing=${encodeURIComponent(WATCH.id)}`);
  const { body: asked } = await call(`${url}/admin/requests`);
  const requests = Array.isArray(asked['requests']) ? asked['requests'] : [];
  return { status: body['status'], outcomes: requests.map((request: { outcome?: unknown }) => request.outcome) };
}
