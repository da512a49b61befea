import type { Clock } from '../../../domain/clock.ts';
import { canonical, sha256Hex } from '../../../domain/canonical.ts';
import { ownerKeys } from '../../../domain/detection/owners.ts';
import { adoptOwners } from '../adoption.ts';
import { AliasRow, AuthorisedSellerRow, OrganisationRow, PersonRow, RightRow } from '../../schema/entities/register.ts';
import { insertMissing, insertOrReplace, type Written } from '../../connection/insert.ts';
import { type Named, namedIn, OWNER_OF_RECORD, organisationNames } from '../organisation-names.ts';
import type { Manager } from '../../connection/orm.ts';
import { deskOf } from '../people.ts';
import { lastOf, type Rows, type Said, type WrittenRows } from './written.ts';

/** Organisations with their names; owners of record whose name is one of them are adopted. */
export async function writeOrganisations(em: Manager, rows: Rows<'organisations'>, clock: Clock): Promise<Written & Partial<WrittenRows>> {
  const values = lastOf(rows, (row) => row.id);
  const aliases = values.flatMap(({ id, name, aliases: more }) =>
    [name, ...more].map((alias) => ({ alias: ownerKeys(alias).full, organisation: id })),
  );
  const claims = lastOf(
    aliases.filter(({ alias }) => alias !== ''),
    ({ alias, organisation }) => canonical([alias, organisation]),
  );
  const written = await insertOrReplace(
    em,
    OrganisationRow,
    values.map(({ id, name, kind, zone, hours, country, mail, accountManager, language }) => ({
      id,
      name,
      kind,
      zone: zone ?? null,
      hours: hours ?? null,
      country: country ?? null,
      mail: mail ?? null,
      accountManager: accountManager ?? null,
      language: language ?? null,
    })),
    ['operator', 'id'],
    ['language'],
  );
  await insertMissing(em, AliasRow, [...claims]);
  // Every organisation can answer from the day it is known: its desk stands for it until people are named.
  await insertMissing(
    em,
    PersonRow,
    values.map(({ id, name, mail }) => ({
      id: deskOf(id),
      name: `${name}, desk`,
      mail: mail ?? null,
      role: 'brand-reviewer',
      organisations: [id],
      duty: [],
    })),
  );
  const adopted = await adoptOwners(em, clock);
  return { ...written, adopted, doubts: await claimedTwice(em, rows) };
}

/** A name that more than one imported organisation claims means none of them from then on. */
async function claimedTwice(em: Manager, rows: Rows<'organisations'>): Promise<readonly Said[]> {
  const names = await organisationNames(em, false);
  return rows.flatMap((row, index) =>
    [...new Set([row.name, ...row.aliases])].flatMap((name) => {
      const claimed = [...(names.full.get(ownerKeys(name).full) ?? [])].filter((id) => id !== row.id).sort();
      if (claimed.length === 0) return [];
      const message = `the name "${name}" is also that of ${claimed.join(', ')}, so it means none of them`;
      return [{ index, message, cure: 'take it from one of them, or name owners and holders by another alias' }];
    }),
  );
}

/** Rights go to the organisation that their owner names; an owner whom nobody imported becomes one of record, never a fuzzy merge. */
export async function writeRights(em: Manager, rows: Rows<'rights'>): Promise<Written & Partial<WrittenRows>> {
  const imported = await organisationNames(em, false);
  const all = await organisationNames(em, true);
  const unknown = new Map<string, string>();
  const doubts: Said[] = [];
  const organisationOf = (owner: string | undefined): string | null => {
    if (owner === undefined) return null;
    const found = namedIn(owner, imported, all);
    if ('organisation' in found) return found.organisation;
    const { bare } = ownerKeys(owner);
    if (bare === '') return null;
    const id = `org:${sha256Hex(bare).slice(0, 16)}`;
    unknown.set(id, owner);
    return id;
  };
  rows.forEach(({ owner }, index) => {
    const found = owner === undefined ? undefined : namedIn(owner, imported, all);
    if (found !== undefined && 'fits' in found && found.fits.length > 0) doubts.push({ index, ...twoFit('owner', owner ?? '', found) });
  });
  const rights = lastOf(rows, (row) => row.right).map((row) => ({
    id: row.right,
    jurisdiction: row.jurisdiction,
    organisation: organisationOf(row.owner),
    row: { ...row },
  }));
  await insertMissing(
    em,
    OrganisationRow,
    [...unknown].map(([id, name]) => ({ id, name, kind: OWNER_OF_RECORD })),
  );
  await insertMissing(
    em,
    AliasRow,
    [...unknown].map(([organisation, name]) => ({ alias: ownerKeys(name).full, organisation })),
  );
  return { ...(await insertOrReplace(em, RightRow, rights, ['operator', 'id'])), doubts };
}

function twoFit(field: string, name: string, { fits }: Extract<Named, { fits: readonly string[] }>): Omit<Said, 'index'> {
  const message = `${field}: "${name}" fits ${fits.length} organisations (${fits.join(', ')}) and is taken for none of them`;
  return { message, cure: 'give exactly this name as an alias to one of them' };
}

/** Sellers whom a holder has authorised; the holder is an id or a name. */
export async function writeAuthorisedSellers(em: Manager, rows: Rows<'authorised-sellers'>): Promise<Written & Partial<WrittenRows>> {
  const imported = await organisationNames(em, false);
  const all = await organisationNames(em, true);
  const wrong: Said[] = [];
  const known = await em.find(OrganisationRow, {}, { fields: ['id', 'adoptedBy'] });
  const ids = new Map(known.map(({ id, adoptedBy }) => [id, adoptedBy ?? id]));
  const values = rows.flatMap((row, index) => {
    const byId = ids.get(row.holder);
    const holder: Named = byId === undefined ? namedIn(row.holder, imported, all) : { organisation: byId };
    if (!('organisation' in holder)) {
      wrong.push({ index, ...(holder.fits.length > 0 ? ambiguousHolder(row.holder, holder.fits) : unknownHolder(row.holder)) });
      return [];
    }
    const { seller, market = '', from = '', until } = row;
    return [{ seller, organisation: holder.organisation, market, from, until: until ?? null }];
  });
  const written = await insertOrReplace(
    em,
    AuthorisedSellerRow,
    lastOf(values, (row) => canonical([row.seller, row.organisation, row.market, row.from])),
    ['operator', 'seller', 'organisation', 'market', 'from'],
  );
  return { ...written, wrong };
}

function unknownHolder(name: string): Omit<Said, 'index'> {
  return { message: `no organisation is known as "${name}"`, cure: 'import organisations and rights first' };
}

function ambiguousHolder(name: string, fits: readonly string[]): Omit<Said, 'index'> {
  return { message: `"${name}" fits ${fits.length} organisations (${fits.join(', ')})`, cure: 'name the holder by its id' };
}
