/** Why a picture could not be had: elsewhere than pictures may be, too large, refused, no reply in time, an error, one of too many, no address at all. */
export const PictureTrouble = {
  elsewhere: 'elsewhere',
  tooLarge: 'too-large',
  refused: 'refused',
  stalled: 'stalled',
  failed: 'failed',
  tooMany: 'too-many',
  noAddress: 'no-address',
} as const;
export type PictureTrouble = (typeof PictureTrouble)[keyof typeof PictureTrouble];

/** Where the parts of a capture lie in the vault. The digest of its RFC 8785 bytes stands for the whole capture. */
export interface CaptureManifest {
  readonly v: 1;
  readonly marketplace: string;
  readonly listing: string;
  readonly version: string;
  readonly at: string;
  readonly page: string;
  readonly data: string;
  /** In the listing's order; null for an image that could not be had, with the reason (captures of earlier versions have none). */
  readonly images: readonly { readonly url: string; readonly digest: string | null; readonly why?: PictureTrouble }[];
}

/** One part of a capture: what it is, where it came from, its vault digest. */
export interface CapturePart {
  readonly role: 'page' | 'data' | 'image';
  readonly url?: string;
  readonly digest: string | null;
}

const VAULT_DIGEST = /^sha256:[0-9a-f]{64}$/;

/** Reads the manifest of a capture from bytes that have its digest; undefined when they are none of ours. */
export function readCapture(text: string): CaptureManifest | undefined {
  const value = parsed(text);
  if (!isRecord(value) || value['v'] !== 1 || !Array.isArray(value['images'])) return undefined;
  const { marketplace, listing, version, at, page, data } = value;
  const texts = [marketplace, listing, version, at].every((each) => typeof each === 'string');
  const images = value['images'].every(
    (image) => isRecord(image) && typeof image['url'] === 'string' && (image['digest'] === null || isDigest(image['digest'])),
  );
  // Every field has just been looked at.
  return texts && images && isDigest(page) && isDigest(data) ? (value as unknown as CaptureManifest) : undefined;
}

/** The parts of a capture in a fixed order. */
export function partsOf({ page, data, images }: CaptureManifest): readonly CapturePart[] {
  return [
    { role: 'page', digest: page },
    { role: 'data', digest: data },
    ...images.map(({ url, digest }): CapturePart => ({ role: 'image', url, digest })),
  ];
}

/** What a captured listing says of itself, as far as it says it. */
export interface CapturedOffer {
  readonly title?: string;
  readonly price?: { readonly amount: number; readonly currency: string };
}

/** Reads a captured listing's data, which the marketplace wrote: whatever is not as expected is left out. */
export function readOffer(text: string): CapturedOffer {
  const value = parsed(text);
  if (!isRecord(value)) return {};
  const { title, price } = value;
  const isMoney = isRecord(price) && Number.isSafeInteger(price['amount']) && typeof price['currency'] === 'string';
  return {
    ...(typeof title === 'string' && { title }),
    ...(isMoney && { price: { amount: Number(price['amount']), currency: String(price['currency']) } }),
  };
}

/** Whether a value has the form of a vault digest. */
export function isDigest(value: unknown): value is string {
  return typeof value === 'string' && VAULT_DIGEST.test(value);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
