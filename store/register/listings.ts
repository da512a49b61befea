import { canonical, sha256Hex } from '../../domain/canonical.ts';
import type { DetectionIndex } from '../../domain/detection/detection-index.ts';
import { buildDetectionIndex } from '../../domain/detection/detection-index.ts';
import type { ExternalSuspicion } from '../../domain/detection/external.ts';
import type { AuthorisedSellerFacts, ListingFacts, OrganisationFacts, ReferenceFacts, RightFacts } from '../../domain/detection/model.ts';
import type { Instant } from '../../domain/instant.ts';
import type { PolicyValues } from '../../domain/policy/policy.ts';
import { AliasRow, AuthorisedSellerRow, ListingRow, OrganisationRow, ReferenceRow, RightRow } from '../schema/entities/register.ts';
import type { ImportRow } from './imports/schemas.ts';
import type { Manager } from '../connection/orm.ts';
import { referenceHashes } from './reference-images.ts';

/** A listing of the register: what detectors may read, and beside it what they must not. */
export interface KnownListing {
  readonly facts: ListingFacts;
  readonly version: string;
  readonly suspicion?: ExternalSuspicion;
}

/** The newest known version of a listing; undefined when it was never imported. */
export async function readListing(em: Manager, id: string): Promise<KnownListing | undefined> {
  const row = await em.findOne(ListingRow, { id });
  return row === null ? undefined : knownListing(row);
}

/** A register row as detection reads it. */
export function knownListing(row: ListingRow): KnownListing {
  // Written by store/register/imports/write.ts from a parsed row of this kind only.
  const { suspicion, title, description, brand, category, price, images = [] } = row.row as unknown as ImportRow['listings'];
  const facts: ListingFacts = {
    listing: row.id,
    marketplace: row.marketplace,
    market: row.market,
    title,
    ...(description !== undefined && { description }),
    ...(brand !== undefined && { brand }),
    ...(category !== undefined && { category }),
    ...(price !== undefined && { price }),
    ...(row.seller != null && { seller: row.seller }),
    ...(images.length > 0 && { images }),
  };
  return { facts, version: row.version, ...(suspicion !== undefined && { suspicion: suspicion as ExternalSuspicion }) };
}

/** What detection looks up, as the register holds it now, with a digest that tells whether anything changed since a scan. */
export async function detectionFacts(em: Manager) {
  const rights = (await em.find(RightRow, {}, { orderBy: { id: 'asc' } })).map(rightFacts);
  const organisations = await organisationFacts(em);
  const authorisedSellers = (await em.find(AuthorisedSellerRow, {}, { orderBy: { seller: 'asc', organisation: 'asc' } })).map(authorisedFacts);
  const hashes = await referenceHashes(em);
  const rows = await em.find(ReferenceRow, {}, { orderBy: { brand: 'asc', partNumber: 'asc' } });
  const references = rows.map((row) => referenceFacts(row, hashes));
  const facts = { rights, organisations, authorisedSellers, references };
  return { facts, digest: sha256Hex(canonical(facts)) };
}

/** The index of one holder's rights, for an opening by hand: nothing else of the register is looked at. */
export async function indexOfHolder(em: Manager, holder: string, policy: PolicyValues, at: Instant): Promise<DetectionIndex> {
  const rows = await em.find(RightRow, { organisation: holder }, { orderBy: { id: 'asc' } });
  return buildDetectionIndex({ rights: rows.map(rightFacts), organisations: [], authorisedSellers: [], references: [] }, policy, at);
}

async function organisationFacts(em: Manager): Promise<readonly OrganisationFacts[]> {
  const aliases = Map.groupBy(await em.find(AliasRow, {}, { orderBy: { alias: 'asc' } }), (row) => row.organisation);
  const rows = await em.find(OrganisationRow, { adoptedBy: null }, { orderBy: { id: 'asc' } });
  return rows.map((row) => ({ organisation: row.id, name: row.name, aliases: (aliases.get(row.id) ?? []).map((alias) => alias.alias) }));
}

function rightFacts(row: RightRow): RightFacts {
  const { right, jurisdiction, rightType, status, markText, niceClasses, observedAt } = row.row as unknown as ImportRow['rights'];
  return {
    right,
    jurisdiction,
    rightType,
    status,
    niceClasses,
    observedAt,
    ...(markText !== undefined && { markText }),
    ...(row.organisation != null && { owner: row.organisation }),
  };
}

function authorisedFacts(row: AuthorisedSellerRow): AuthorisedSellerFacts {
  return {
    seller: row.seller,
    organisation: row.organisation,
    ...(row.market !== '' && { market: row.market }),
    ...(row.from !== '' && { from: row.from }),
    ...(row.until != null && { until: row.until }),
  };
}

function referenceFacts(row: ReferenceRow, known: ReadonlyMap<string, string>): ReferenceFacts {
  const { brand, partNumber, product, price, images = [] } = row.row as unknown as ImportRow['references'];
  const hashes = images.flatMap((address) => known.get(address) ?? []);
  return {
    brand,
    product,
    ...(partNumber !== undefined && { partNumber }),
    ...(price !== undefined && { price }),
    ...(hashes.length > 0 && { hashes }),
  };
}
