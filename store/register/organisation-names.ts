import { type OwnerIndex, ownerIndex, ownerKeys, resolveOwner } from '../../domain/detection/owners.ts';
import { AliasRow, OrganisationRow } from '../schema/entities/register.ts';
import type { Manager } from '../connection/orm.ts';

/** Kind of an organisation that nobody imported: a right names it as its owner. */
export const OWNER_OF_RECORD = 'owner-of-record';

/** Organisations by their names; with or without those that stand for an owner whom nobody imported. Adopted ones are nobody's any more. */
export async function organisationNames(em: Manager, withOwnersOfRecord: boolean): Promise<OwnerIndex> {
  const known = await em.find(OrganisationRow, { adoptedBy: null });
  const organisations = known.filter((row) => withOwnersOfRecord || row.kind !== OWNER_OF_RECORD);
  const aliases = Map.groupBy(await em.find(AliasRow, {}), (row) => row.organisation);
  return ownerIndex(
    organisations.map((row) => ({ organisation: row.id, name: row.name, aliases: (aliases.get(row.id) ?? []).map(({ alias }) => alias) })),
  );
}

/** What a name stands for: an organisation, several of which none is meant, or none. */
export type Named = { readonly organisation: string } | { readonly fits: readonly string[] };

/** The organisation of that id or name: those that were imported go before owners of record. */
export async function organisationBy(em: Manager, text: string): Promise<Named> {
  const row = await em.findOne(OrganisationRow, { id: text });
  if (row !== null) return { organisation: row.adoptedBy ?? row.id };
  // The common case needs one look; what remains is compared without legal forms, which no index knows.
  const exact = await em.find(AliasRow, { alias: ownerKeys(text).full }, { limit: 2 });
  const [only] = exact;
  const isImported =
    only !== undefined && exact.length === 1 && (await em.count(OrganisationRow, { id: only.organisation, kind: { $ne: OWNER_OF_RECORD } })) > 0;
  if (isImported) return { organisation: only.organisation };
  return namedIn(text, await organisationNames(em, false), await organisationNames(em, true));
}

/** The same from indexes at hand. */
export function namedIn(text: string, imported: OwnerIndex, all: OwnerIndex): Named {
  const first = resolveOwner(text, imported);
  if ('organisation' in first || first.candidates.length > 0) return 'organisation' in first ? first : { fits: first.candidates };
  const second = resolveOwner(text, all);
  return 'organisation' in second ? second : { fits: second.candidates };
}
