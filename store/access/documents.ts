import type { Instant } from '../../domain/instant.ts';
import { DocumentRow } from '../schema/entities/access.ts';
import { insertMissing } from '../connection/insert.ts';
import { lockDocuments } from '../log/locks.ts';
import type { Manager } from '../connection/orm.ts';
import { statement } from '../connection/statement.ts';

/** A file as its organisation is charged with it; `bytes` is its size. */
export interface SentFile {
  readonly organisation: string;
  readonly digest: string;
  readonly bytes: number;
  readonly at: Instant;
}

/** What became of a booking: new, known already (charged once), or refused with the bytes that are stored. */
export type Booking = { readonly kind: 'booked' | 'known' } | { readonly kind: 'full'; readonly stored: number };

/** Charges an organisation with a file as long as all of its files together stay within `most` bytes. */
export async function bookDocument(em: Manager, file: SentFile, most: number): Promise<Booking> {
  return em.transactional(async (inner) => {
    const booking = inner as Manager;
    await lockDocuments(booking, file.organisation);
    const { organisation, digest } = file;
    if ((await booking.count(DocumentRow, { organisation, digest })) > 0) return { kind: 'known' };
    const [row] = await statement<{ stored: string }>(
      booking,
      'select coalesce(sum(bytes), 0)::text as stored from document where organisation = $1',
      [organisation],
    );
    const stored = Number(row?.stored ?? 0);
    if (stored + file.bytes > most) return { kind: 'full', stored };
    await insertMissing(booking, DocumentRow, [file]);
    return { kind: 'booked' };
  });
}

/** Takes a booking back: the file could not be stored after all. */
export async function forgetDocument(em: Manager, { organisation, digest }: Pick<SentFile, 'organisation' | 'digest'>): Promise<void> {
  await em.nativeDelete(DocumentRow, { organisation, digest });
}
