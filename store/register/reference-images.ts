import { sha256Hex } from '../../domain/canonical.ts';
import { ReferenceImageRow } from '../schema/entities/register.ts';
import { insertMissing } from '../connection/insert.ts';
import type { Manager } from '../connection/orm.ts';

/**
 * Addresses of reference pictures that were never looked at, at most so many, in a fixed order: the first of each brand, then the second of
 * each. So a brand whose pictures never come does not hold up the others'.
 */
export async function unseenReferenceImages(em: Manager, most: number): Promise<readonly string[]> {
  const rows = await em.execute<{ address: string }[]>(
    `select address from (
       select image.address, row_number() over (partition by r.brand order by image.address) as nth
       from reference r, jsonb_array_elements_text(coalesce(r.row->'images', '[]')) as image(address)
       where not exists (select from reference_image i where i.address = image.address)
       group by r.brand, image.address) as unseen
     group by address order by min(nth), address limit ?`,
    [most],
  );
  return rows.map(({ address }) => address);
}

/** What became of one reference picture: its hash, or why it has none for good. */
export type SeenImage = { readonly hash: string } | { readonly refused: string };

/** Keeps what became of reference pictures; what is known already stays. */
export async function keepReferenceImages(em: Manager, seen: ReadonlyMap<string, SeenImage>): Promise<void> {
  const rows = [...seen].map(([address, image]) => ({
    digest: sha256Hex(address),
    address,
    hash: 'hash' in image ? image.hash : null,
    refused: 'refused' in image ? image.refused : null,
  }));
  await insertMissing(em, ReferenceImageRow, rows);
}

/** The known hashes by address. */
export async function referenceHashes(em: Manager): Promise<ReadonlyMap<string, string>> {
  const rows = await em.find(ReferenceImageRow, { hash: { $ne: null } });
  return new Map(rows.map(({ address, hash }) => [address, hash ?? '']));
}
