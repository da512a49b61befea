import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { engineRows, operatorColumn } from './operator.ts';

/** A rights holder, an agent or the platform itself; unknown owners of rights become organisations without mail. */
export const OrganisationRow = defineEntity({
  name: 'OrganisationRow',
  tableName: 'organisation',
  properties: {
    operator: operatorColumn().primary(),
    id: p.string().length(256).primary(),
    name: p.text(),
    kind: p.string().length(32),
    zone: p.string().length(64).nullable(),
    hours: p.string().length(16).nullable(),
    country: p.string().length(8).nullable(),
    mail: p.string().length(320).nullable(),
    accountManager: p.string().length(128).nullable(),
    /** In which it is written to (BCP 47); absent = English. So of persons and sellers. */
    language: p.string().length(16).nullable(),
    /** Of an owner of record: the organisation that it turned out to be, and since when. */
    adoptedBy: p.string().length(256).nullable(),
    adoptedAt: p.string().length(24).nullable(),
  },
  indexes: [{ name: 'organisation_adopted', properties: ['adoptedBy'], where: 'adopted_by is not null' }],
  policies: [engineRows('organisation')],
  rowLevelSecurity: 'force',
});
export type OrganisationRow = InferEntity<typeof OrganisationRow>;

/** A name by which an organisation is known, in the form that owners are compared in: exact, never fuzzy. Several may claim one; it then means none. */
export const AliasRow = defineEntity({
  name: 'AliasRow',
  tableName: 'organisation_alias',
  properties: {
    operator: operatorColumn().primary(),
    alias: p.string().length(512).primary(),
    organisation: p.string().length(256).primary().index(),
  },
  policies: [engineRows('organisation_alias')],
  rowLevelSecurity: 'force',
});
export type AliasRow = InferEntity<typeof AliasRow>;

/** A person who acts: role, the organisations that gave a mandate, hours of duty, and when the mandate ended. */
export const PersonRow = defineEntity({
  name: 'PersonRow',
  tableName: 'person',
  properties: {
    operator: operatorColumn().primary(),
    id: p.string().length(128).primary(),
    name: p.text(),
    mail: p.string().length(320).nullable(),
    role: p.string().length(32),
    organisations: p.json<readonly string[]>(),
    duty: p.json<readonly { readonly from: string; readonly until: string }[]>(),
    revokedAt: p.string().length(24).nullable(),
    language: p.string().length(16).nullable(),
  },
  policies: [engineRows('person')],
  rowLevelSecurity: 'force',
});
export type PersonRow = InferEntity<typeof PersonRow>;

/** A registered right as imported; whether it is in force is asked when it is used. */
export const RightRow = defineEntity({
  name: 'RightRow',
  tableName: 'right',
  properties: {
    operator: operatorColumn().primary(),
    id: p.string().length(128).primary(),
    jurisdiction: p.string().length(16),
    organisation: p.string().length(256).nullable(),
    row: p.json<Record<string, unknown>>(),
  },
  indexes: [{ properties: ['organisation'] }],
  policies: [engineRows('right')],
  rowLevelSecurity: 'force',
});
export type RightRow = InferEntity<typeof RightRow>;

/** The newest version of a listing as the feed gave it. `scanned` names the version and detectors it was last scanned with. */
export const ListingRow = defineEntity({
  name: 'ListingRow',
  tableName: 'listing',
  properties: {
    operator: operatorColumn().primary(),
    id: p.string().length(256).primary(),
    marketplace: p.string().length(128),
    market: p.string().length(8),
    seller: p.string().length(256).nullable(),
    version: p.string().length(64),
    row: p.json<Record<string, unknown>>(),
    scanned: p.string().length(160).nullable(),
  },
  indexes: [{ properties: ['marketplace', 'id'] }],
  policies: [engineRows('listing')],
  rowLevelSecurity: 'force',
});
export type ListingRow = InferEntity<typeof ListingRow>;

export const SellerRow = defineEntity({
  name: 'SellerRow',
  tableName: 'seller',
  properties: {
    operator: operatorColumn().primary(),
    id: p.string().length(256).primary(),
    market: p.string().length(8).nullable(),
    mail: p.string().length(320).nullable(),
    /** One party behind several accounts; a merge changes this reference, never the ids. */
    actor: p.string().length(256),
    language: p.string().length(16).nullable(),
    row: p.json<Record<string, unknown>>(),
  },
  indexes: [{ properties: ['actor'] }],
  policies: [engineRows('seller')],
  rowLevelSecurity: 'force',
});
export type SellerRow = InferEntity<typeof SellerRow>;

export const AuthorisedSellerRow = defineEntity({
  name: 'AuthorisedSellerRow',
  tableName: 'authorised_seller',
  properties: {
    operator: operatorColumn().primary(),
    seller: p.string().length(256).primary(),
    organisation: p.string().length(256).primary(),
    market: p.string().length(8).primary(),
    from: p.string().length(10).primary(),
    until: p.string().length(10).nullable(),
  },
  policies: [engineRows('authorised_seller')],
  rowLevelSecurity: 'force',
});
export type AuthorisedSellerRow = InferEntity<typeof AuthorisedSellerRow>;

export const ReferenceRow = defineEntity({
  name: 'ReferenceRow',
  tableName: 'reference',
  properties: {
    operator: operatorColumn().primary(),
    brand: p.string().length(256).primary(),
    partNumber: p.string().length(128).primary(),
    currency: p.string().length(8).primary(),
    row: p.json<Record<string, unknown>>(),
  },
  policies: [engineRows('reference')],
  rowLevelSecurity: 'force',
});
export type ReferenceRow = InferEntity<typeof ReferenceRow>;

/** What became of a reference's picture, by its address: its perceptual hash, or why it has none. Fetched once. */
export const ReferenceImageRow = defineEntity({
  name: 'ReferenceImageRow',
  tableName: 'reference_image',
  properties: {
    operator: operatorColumn().primary(),
    /** Digest of the address: addresses are longer than a key may be. */
    digest: p.string().length(64).primary(),
    address: p.text(),
    hash: p.string().length(32).nullable(),
    refused: p.string().length(64).nullable(),
  },
  policies: [engineRows('reference_image')],
  rowLevelSecurity: 'force',
});
export type ReferenceImageRow = InferEntity<typeof ReferenceImageRow>;
/** An authority that referrals can go to. */
export const RecipientRow = defineEntity({
  name: 'RecipientRow',
  tableName: 'recipient',
  properties: {
    operator: operatorColumn().primary(),
    id: p.string().length(128).primary(),
    name: p.text(),
    mail: p.string().length(320).nullable(),
    country: p.string().length(8),
    markets: p.json<readonly string[]>(),
    takes: p.json<readonly string[]>(),
    language: p.string().length(16),
    profiles: p.json<readonly string[]>(),
  },
  policies: [engineRows('recipient')],
  rowLevelSecurity: 'force',
});
export type RecipientRow = InferEntity<typeof RecipientRow>;

/** A policy version: immutable and named by its digest. The newest `since` is what new cases pin. */
export const PolicyRow = defineEntity({
  name: 'PolicyRow',
  tableName: 'policy',
  properties: {
    operator: operatorColumn().primary(),
    digest: p.string().length(80).primary(),
    name: p.string().length(128),
    version: p.integer(),
    document: p.json<Record<string, unknown>>(),
    since: p.string().length(24),
  },
  policies: [engineRows('policy')],
  rowLevelSecurity: 'force',
});
export type PolicyRow = InferEntity<typeof PolicyRow>;

/** The rules that decided, as one plain module, kept by digest for as long as a decision names it. */
export const RulesRow = defineEntity({
  name: 'RulesRow',
  tableName: 'rules',
  properties: {
    operator: operatorColumn().primary(),
    digest: p.string().length(64).primary(),
    text: p.text(),
  },
  policies: [engineRows('rules')],
  rowLevelSecurity: 'force',
});
export type RulesRow = InferEntity<typeof RulesRow>;
