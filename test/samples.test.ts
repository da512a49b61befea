import { createReadStream } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { detect } from '../domain/detection/detect.ts';
import { buildDetectionIndex, surveyListing } from '../domain/detection/detection-index.ts';
import type { RightFacts } from '../domain/detection/model.ts';
import { ownerIndex, resolveOwner } from '../domain/detection/owners.ts';
import { instant } from '../domain/instant.ts';
import { valuesOf } from '../domain/policy/policy.ts';
import { shippedPolicy } from '../policies/load.ts';
import { parseImport } from '../store/register/imports/parse.ts';
import type { ImportKind } from '../store/register/imports/kinds.ts';
import type { ImportRow } from '../store/register/imports/schemas.ts';

/** Every row of a sample file; any error or warning fails the test that reads it. */
async function rowsOf<K extends ImportKind>(kind: K, file: string): Promise<ImportRow[K][]> {
  const rows: ImportRow[K][] = [];
  for await (const item of parseImport(kind, createReadStream(fileURLToPath(new URL(`../samples/${file}`, import.meta.url))))) {
    expect(item).toHaveProperty('ok');
    if ('ok' in item) rows.push(item.ok);
  }
  return rows;
}

async function samples() {
  const policy = valuesOf(await shippedPolicy());
  const named = (await rowsOf('organisations', 'organisations.jsonl')).map((row) => ({ ...row, organisation: row.id }));
  const organisations = [...named, { organisation: 'org-new', name: 'Moorfalken Mode GmbH', aliases: [] }];
  const owners = ownerIndex(organisations);
  const organisationOf = (name: string): string => {
    const owner = resolveOwner(name, owners);
    return 'organisation' in owner ? owner.organisation : '';
  };
  const rights = (await rowsOf('rights', 'rights.csv')).map(({ owner, ...row }): RightFacts => {
    return owner === undefined ? row : { ...row, owner: organisationOf(owner) };
  });
  const authorisedSellers = (await rowsOf('authorised-sellers', 'authorised-sellers.csv')).map(({ holder, ...row }) => ({
    ...row,
    organisation: organisationOf(holder),
  }));
  const facts = { rights, organisations, authorisedSellers, references: await rowsOf('references', 'references.csv') };
  const index = buildDetectionIndex(facts, policy, instant('2026-11-01T00:00:00Z'));
  const listings = await rowsOf('listings', 'listings.jsonl');
  for (const listing of listings) surveyListing(listing, index);
  return { policy, index, listings, rights };
}

test('every sample file is read without a word, and every owner but one is known', async () => {
  await rowsOf('people', 'people.jsonl');
  await rowsOf('sellers', 'sellers.csv');
  const { rights, listings } = await samples();
  expect(rights.filter((right) => right.owner === undefined).map((right) => right.right)).toEqual(['SMP-EU-8']);
  expect(rights.filter((right) => right.owner === '')).toEqual([]);
  expect(new Set(listings.map((listing) => listing.marketplace))).toEqual(new Set(['bazaar', 'mercado']));
  expect(listings.filter((listing) => listing.seller === undefined)).toHaveLength(2);
});

test('a sweep of the samples opens what is wrong and nothing else', async () => {
  const { policy, index, listings } = await samples();
  const opened = listings.filter((listing) => detect(listing, index, policy).some((found) => found.opens)).map((listing) => listing.listing);
  const infringing = [...Array.from({ length: 17 }, (_, n) => `bazaar:${1001 + n}`), ...Array.from({ length: 8 }, (_, n) => `mercado:${1001 + n}`)];
  expect(opened).toEqual(infringing);
  const two = listings.filter((listing) => detect(listing, index, policy).filter((found) => found.opens).length === 2);
  expect(two.map((listing) => listing.listing)).toEqual(['bazaar:1016']);
});
