import { canonical, sha256Hex } from './canonical.ts';

/** The part of a listing that a verdict is about: what a buyer reads and sees. */
export interface ListingContent {
  readonly title: string;
  readonly description?: string | null | undefined;
  readonly brand?: string | null | undefined;
  /** Addresses in the order of the feed. */
  readonly images?: readonly string[] | null | undefined;
}

/**
 * The version of a listing: SHA-256, in hex, of the RFC 8785 JSON of title, description, brand and images. Texts are
 * NFC and trimmed; an absent, empty or blank one is null, and so is a list without images: sources differ in how they
 * leave a field out, and that alone must not look like an edit. Neither price nor seller is in it.
 */
export function listingVersion(content: ListingContent): string {
  const images = (content.images ?? []).map((address) => address.normalize('NFC').trim());
  const json = canonical({
    title: plain(content.title),
    description: plain(content.description),
    brand: plain(content.brand),
    images: images.length === 0 ? null : images,
  });
  return sha256Hex(json);
}

function plain(text: string | null | undefined): string | null {
  const trimmed = text?.normalize('NFC').trim() ?? '';
  return trimmed === '' ? null : trimmed;
}
