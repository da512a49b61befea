import { canonical } from '../domain/canonical.ts';
import type { CaptureManifest } from '../domain/capture.ts';
import type { Clock } from '../domain/clock.ts';
import type { MarketplacePort, ServedListing, VaultPort } from '../adapters/ports.ts';

/** What a capture works with. */
export interface CapturePorts {
  readonly marketplace: MarketplacePort;
  readonly vault: VaultPort;
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
  for (const { url, bytes, why } of images)
    stored.push({ url, digest: bytes === null ? null : await vault.put(bytes), ...(why !== undefined && { why }) });
  return stored;
}
