import { createReadStream } from 'node:fs';
import type { DetectionFacts, DetectionIndex } from '../domain/detection/detection-index.ts';
import { buildDetectionIndex, surveyListing } from '../domain/detection/detection-index.ts';
import type { AuthorisedSellerFacts, ListingFacts, OrganisationFacts, RightFacts } from '../domain/detection/model.ts';
import type { OwnerIndex } from '../domain/detection/owners.ts';
import { ownerIndex, resolveOwner } from '../domain/detection/owners.ts';
import { instant } from '../domain/instant.ts';
import type { PolicyValues } from '../domain/policy/policy.ts';
import { parseImport } from '../store/register/imports/parse.ts';
import type { ImportKind } from '../store/register/imports/kinds.ts';
import type { ImportRow } from '../store/register/imports/schemas.ts';
import { sharedData } from './shared-data.ts';

/** Everything the measurements read: the shared data, as the importer reads it. The outside labels are dropped. */
export interface DetectionData {
  readonly listings: readonly ListingFacts[];
  readonly suspicions: readonly ListingFacts[];
  readonly answers: readonly ImportRow['answers'][];
  readonly organisations: readonly OrganisationFacts[];
  readonly owners: OwnerIndex;
  readonly index: DetectionIndex;
}

/** The instant the fixtures are meant for: after the rights were observed, before the suspicions were. */
const AT = instant('2025-10-01T00:00:00Z');

/** Loads the shared data and builds the index over both listing files, or `undefined` when the data is absent. */
export async function loadDetectionData(policy: PolicyValues): Promise<DetectionData | undefined> {
  if (sharedData('fixtures/brand-answers.csv') === undefined) return undefined;
  const named = (await rowsOf('organisations', 'fixtures/organisations.jsonl')).map((row) => ({ ...row, organisation: row.id }));
  const rows = [
    ...(await rowsOf('rights', 'rights.csv')),
    ...(await rowsOf('rights', 'fixtures/rights-hp-br.csv')),
    ...(await rowsOf('rights', 'fixtures/rights-de.csv')),
  ];
  const organisations = [...named, ...newOwners(rows, ownerIndex(named))];
  const owners = ownerIndex(organisations);
  const facts: DetectionFacts = {
    rights: rows.map((row) => withOwner(row, owners)),
    organisations,
    authorisedSellers: authorised(await rowsOf('authorised-sellers', 'fixtures/authorised-sellers.csv'), owners),
    references: await rowsOf('references', 'reference-prices.csv'),
  };
  const listings = await rowsOf('listings', 'listings.jsonl.gz');
  const suspicions = (await rowsOf('listings', 'fixtures/suspicions.jsonl.gz')).map(({ suspicion: _label, ...listing }) => listing);
  const index = buildDetectionIndex(facts, policy, AT);
  for (const listing of [...listings, ...suspicions]) surveyListing(listing, index);
  return { listings, suspicions, answers: await rowsOf('answers', 'fixtures/brand-answers.csv'), organisations, owners, index };
}

async function rowsOf<K extends ImportKind>(kind: K, name: string): Promise<ImportRow[K][]> {
  const path = sharedData(name);
  if (path === undefined) return [];
  const rows: ImportRow[K][] = [];
  for await (const item of parseImport(kind, createReadStream(path))) if ('ok' in item) rows.push(item.ok);
  return rows;
}

/** What the importer does with owners nobody has named: one new organisation a name, never a fuzzy merge. */
function newOwners(rows: readonly ImportRow['rights'][], known: OwnerIndex): OrganisationFacts[] {
  const fresh = new Map<string, OrganisationFacts>();
  for (const { owner } of rows) {
    const found = owner === undefined ? undefined : resolveOwner(owner, known);
    if (found === undefined || 'organisation' in found || owner === undefined) continue;
    const organisation = `new:${found.unknown.bare}`;
    const aliases = [...(fresh.get(organisation)?.aliases ?? []), owner];
    fresh.set(organisation, { organisation, name: owner, aliases });
  }
  return [...fresh.values()];
}

function withOwner(row: ImportRow['rights'], owners: OwnerIndex): RightFacts {
  const { owner, ...rest } = row;
  const found = owner === undefined ? undefined : resolveOwner(owner, owners);
  return found !== undefined && 'organisation' in found ? { ...rest, owner: found.organisation } : rest;
}

function authorised(rows: readonly ImportRow['authorised-sellers'][], owners: OwnerIndex): AuthorisedSellerFacts[] {
  return rows.flatMap(({ holder, ...row }) => {
    const found = resolveOwner(holder, owners);
    return 'organisation' in found ? [{ ...row, organisation: found.organisation }] : [];
  });
}
