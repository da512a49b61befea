import type { PictureTrouble } from '../domain/capture.ts';
import type { EffectResult, MissingItem, ShopResult } from '../domain/effects.ts';
import type { Instant } from '../domain/instant.ts';

/** A takedown or put-back as the marketplace is asked for it. `key` makes a repetition the same act. */
export interface ListingMeasure {
  readonly key: string;
  readonly marketplace: string;
  readonly listing: string;
  readonly versions?: readonly string[];
  readonly reason: string;
  readonly reference: string;
}

/** An act on a shop as the marketplace is asked for it. `measure` says how a restriction binds. */
export interface ShopMeasure {
  readonly key: string;
  readonly act: 'restrict-shop' | 'close-shop' | 'lift-restriction' | 'reopen-shop';
  readonly shop: string;
  readonly measure: 'restrict' | 'freeze' | 'close-shop';
  readonly reason: string;
  readonly reference: string;
}

/** A listing as the marketplace serves it, with the bytes that prove it. */
export interface ServedListing {
  readonly data: unknown;
  readonly dataBytes: Uint8Array;
  readonly page: Uint8Array;
  /** In the listing's order; without bytes, `why` says what was wrong with this one. */
  readonly images: readonly { readonly url: string; readonly bytes: Uint8Array | null; readonly why?: PictureTrouble }[];
  readonly version: string;
}

/**
 * The marketplace. Answers that the rules can use are results; trouble on the way is thrown as a failure from
 * `failures.ts` (unavailable, throttled, rejected).
 */
export interface MarketplacePort {
  takedown(measure: ListingMeasure, signal?: AbortSignal): Promise<EffectResult>;
  putBack(measure: ListingMeasure, signal?: AbortSignal): Promise<EffectResult>;
  /** A shop that the marketplace does not know is an answer, not a failure. */
  onShop(measure: ShopMeasure, signal?: AbortSignal): Promise<ShopResult>;
  /** Undefined when the marketplace does not know the listing (any more). */
  serve(marketplace: string, listing: string, signal?: AbortSignal): Promise<ServedListing | undefined>;
  /** Whether the marketplace itself answers for a listing: tells an outage from pictures that cannot be had. */
  answersFor(listing: string, signal?: AbortSignal): Promise<boolean>;
  /** The bytes of one picture; undefined when it cannot be had: elsewhere than pictures may be, too large, not there. */
  image(address: string, signal?: AbortSignal): Promise<Uint8Array | undefined>;
  /** Leaves a message in a shop's message box: how a seller without mail is reached. */
  messageShop(shop: string, message: { key: string; subject: string; text: string; reference: string }, signal?: AbortSignal): Promise<void>;
}

/** Content-addressed store of captures, documents and packets. */
export interface VaultPort {
  /** Stores the bytes; returns `sha256:<hex>`. Storing twice is one object. */
  put(bytes: Uint8Array): Promise<string>;
  /** The bytes of a digest; undefined when there are none. The digest is checked again on reading. */
  get(digest: string): Promise<Uint8Array | undefined>;
  /** Stores what comes, however much it is, without holding it in memory; returns its digest. */
  putStream(bytes: AsyncIterable<Uint8Array>): Promise<string>;
  /** The bytes of a digest a piece at a time; undefined when there are none. Ends with `vault-corrupt` when they do not have the digest. */
  read(digest: string): Promise<AsyncIterable<Uint8Array> | undefined>;
}

/** Puts packets together. The same facts are the same packet, so a repetition is the same object. */
export interface PacketBuilder {
  /** Builds the packet of a referral's submission into the vault; gives its digest (none when it is refused) and what is missing. */
  build(referral: string): Promise<{ readonly packet?: string; readonly missing: readonly MissingItem[] }>;
}

/** What became of a mail: SMTP is at least once, so a lost reply is said and not guessed. */
export type MailResult =
  | { readonly kind: 'delivered'; readonly reply: string }
  | { readonly kind: 'refused'; readonly reply: string }
  | { readonly kind: 'possibly-sent'; readonly reply: string };

export interface Mail {
  readonly messageId: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
  /** Whom the recipient is to answer, where that is a person; absent: the address for replies. */
  readonly replyTo?: string;
  /** The Message-ID that it answers; such a mail says of itself that it is an automatic reply. */
  readonly inReplyTo?: string;
  readonly date: Instant;
  readonly attachments?: readonly Attachment[];
}

/** A file that goes with a mail. */
export interface Attachment {
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}

export interface MailerPort {
  /** Throws a `mail-unavailable` failure when the host cannot be reached or asks to try later. */
  send(mail: Mail): Promise<MailResult>;
}

/** Why a picture has no hash: no picture of a kind we read, more pixels than one may have, bytes that cannot be decoded, nothing on it. */
export const ImageRefusal = {
  noImage: 'no-image',
  tooManyPixels: 'too-many-pixels',
  unreadable: 'unreadable',
  featureless: 'featureless',
} as const;
export type ImageRefusal = (typeof ImageRefusal)[keyof typeof ImageRefusal];

/** Looks at pictures. They come from sellers: whatever the bytes are, the answer is a hash or a refusal, within a few seconds. */
export interface ImageHasher {
  /** The perceptual hash that `domain/detection/image-match.ts` compares. */
  hash(bytes: Uint8Array): Promise<{ readonly hash: string } | { readonly refused: ImageRefusal }>;
}

/** A message to an organisation's endpoint, with the secrets that sign now. */
export interface WebhookDelivery {
  readonly url: string;
  /** The same for every try: the consumer tells a repetition by it. */
  readonly id: string;
  readonly at: Instant;
  readonly body: string;
  readonly secrets: readonly string[];
}

export interface WebhookPort {
  /** `gone`: the endpoint wants no more. Throws a `webhook-unavailable` failure for everything else that is no success. */
  send(delivery: WebhookDelivery): Promise<'delivered' | 'gone'>;
}
