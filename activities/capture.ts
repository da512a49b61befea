import { canonical } from '../domain/canonical.ts';
import type { Clock, MarketplacePort, ServedListing, VaultPort } from './ports.ts';

/** What a capture works with. */
export interface CapturePorts {
  readonly marketplace: MarketplacePort;
  readonly vault: VaultPort;
}

/** Where the parts of a capture lie in the vault. The digest of its RFC 8785 bytes stands for the whole capture. */
export interface CaptureManifest {
  readonly v: 1;
  readonly marketplace: string;
  readonly listing: string;
  readonly version: string;
  readonly at: string;
  readonly page: string;
  readonly data: string;
  /** In the listing's order; null for an image that could not be had. */
  readonly images: readonly { readonly url: string; readonly digest: string | null }[];
}

export type Captured = { readonly digest: string; readonly version: string } | { readonly gone: true };

/**
 * Captures a listing as the marketplace serves it: page, data and images go into the vault, then the manifest that names
 * them. A capture that is broken off leaves objects that nothing names, which is harmless.
 * @returns the manifest's digest (`sha256:<hex>`) and the version captured, or that the listing is gone
 * @throws ActivityFailure of the marketplace and of the vault
 */
export async function captureListing(
  ports: CapturePorts,
  clock: Clock,
  { marketplace, listing }: { readonly marketplace: string; readonly listing: string },
  signal?: AbortSignal,
): Promise<Captured> {
  const served = await ports.marketplace.serve(marketplace, listing, signal);
  if (served === undefined) return { gone: true };
  const manifest: CaptureManifest = {
    v: 1,
    marketplace,
    listing,
    version: served.version,
    at: clock.now(),
    page: await ports.vault.put(served.page),
    data: await ports.vault.put(served.dataBytes),
    images: await storeImages(ports.vault, served.images),
  };
  const digest = await ports.vault.put(new TextEncoder().encode(canonical(manifest)));
  return { digest, version: served.version };
}

async function storeImages(vault: VaultPort, images: ServedListing['images']): Promise<CaptureManifest['images']> {
  const stored: CaptureManifest['images'][number][] = [];
  for (const { url, bytes } of images) stored.push({ url, digest: bytes === null ? null : await vault.put(bytes) });
  return stored;
}
