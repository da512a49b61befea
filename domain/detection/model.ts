import type { Instant } from '../instant.ts';
import type { Money } from '../money.ts';

/** What a detector may know of one listing version. `market` is an ISO 3166 code or `EU-FR`; an outside suspicion is not here. */
export interface ListingFacts {
  readonly listing: string;
  readonly marketplace: string;
  readonly market: string;
  readonly title: string;
  readonly description?: string;
  readonly brand?: string;
  readonly category?: string;
  readonly price?: Money;
  readonly seller?: string;
  /** Addresses, in feed order. */
  readonly images?: readonly string[];
}

/** A listing that was removed on a confirmed verdict and is still down; `seller` is one of its party's accounts, the one asked about. */
export interface RemovedListing {
  readonly seller: string;
  readonly case: string;
  readonly marketplace: string;
  readonly listing: string;
  readonly holder: string;
  readonly removedAt: Instant;
  readonly title: string;
  readonly description?: string;
  readonly images: readonly string[];
}

/** A registered right. `owner` is the organisation's id; a right without owner opens no case. */
export interface RightFacts {
  readonly right: string;
  readonly jurisdiction: string;
  readonly rightType: string;
  readonly status: string;
  readonly markText?: string;
  readonly niceClasses: readonly string[];
  readonly owner?: string;
  /** `2025-07`, `2025-07-14` or longer: when the register said so. */
  readonly observedAt: string;
}

export interface OrganisationFacts {
  readonly organisation: string;
  readonly name: string;
  readonly aliases: readonly string[];
}

/** A seller authorised by a holder; without market everywhere, dates are inclusive civil dates (UTC). */
export interface AuthorisedSellerFacts {
  readonly seller: string;
  readonly organisation: string;
  readonly market?: string;
  readonly from?: string;
  readonly until?: string;
}

/** A reference product of a brand with the price its holder suggests. */
export interface ReferenceFacts {
  readonly brand: string;
  readonly partNumber?: string;
  readonly product: string;
  readonly price?: Money;
  /** Perceptual hashes of its pictures, as far as they are known. */
  readonly hashes?: readonly string[];
}

/** Why a detector says what it says: a closed set, each with a sentence in `reasons.ts`. */
export const DetectionReason = {
  brandField: 'mark-in-brand-field',
  title: 'mark-in-title',
  description: 'mark-in-description',
  lookAlike: 'look-alike-spelling',
  replicaWords: 'words-of-a-copy',
  replicaHint: 'words-hint-at-a-copy',
  brandNamed: 'brand-field-names-holder',
  relisting: 'near-duplicate-of-removed',
  sameImage: 'same-image-address',
  referenceImage: 'reference-image',
  imagesUnread: 'images-not-read',
  manyHolders: 'seller-offers-many-holders',
  sellerNotAuthorised: 'seller-not-authorised',
  sellerUnknown: 'seller-unknown',
  referential: 'named-for-reference-only',
  unknownClass: 'goods-class-unknown',
  belowReference: 'price-below-reference',
  belowMedian: 'price-below-median',
  external: 'external-detector',
} as const;
export type DetectionReason = (typeof DetectionReason)[keyof typeof DetectionReason];

export interface Reason {
  readonly code: DetectionReason;
  readonly params: Readonly<Record<string, string | number>>;
}

/** What one detector found about one listing and one holder; `score` is 0..1, `rights` at least one right in force. */
export interface Finding {
  readonly detector: string;
  readonly version: number;
  readonly holder: string;
  readonly rights: readonly string[];
  readonly score: number;
  readonly reasons: readonly Reason[];
  /** The earlier case that a near-duplicate comes back from. */
  readonly linkedTo?: string;
}

/** All findings on one listing for one holder, combined. `opens` = the score reaches the policy's threshold. */
export interface Suspicion {
  readonly holder: string;
  readonly rights: readonly string[];
  readonly score: number;
  readonly opens: boolean;
  readonly linkedTo?: string;
  readonly findings: readonly Finding[];
}

/** A picture's perceptual hash: 128 bits as 32 hexadecimal digits (adapters/sharp-images.ts). Few bits differ = the same picture. */
export type ImageHash = string;

/** A holder's reference picture. */
export interface ReferenceImage {
  readonly holder: string;
  readonly product: string;
  readonly hash: ImageHash;
}
