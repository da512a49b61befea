import { createHash } from 'node:crypto';
import type { ImportRow } from './schemas.ts';
import type { RegisterKind } from './write.ts';

type Keys = { readonly [K in RegisterKind]: (row: ImportRow[K]) => readonly string[] };

/** What makes two rows of a file one row of the register. */
const KEYS: Keys = {
  listings: ({ listing }) => [listing],
  rights: ({ right }) => [right],
  organisations: ({ id }) => [id],
  people: ({ id }) => [id],
  sellers: ({ seller }) => [seller],
  recipients: ({ id }) => [id],
  'authorised-sellers': ({ seller, holder, market = '', from = '' }) => [seller, holder, market, from],
  references: ({ brand, partNumber = '', price }) => [brand, partNumber, price?.currency ?? ''],
};

/** The key of a row, in words. */
export function keyOfRow<K extends RegisterKind>(kind: K, row: ImportRow[K]): string {
  // One key per kind; the table's type cannot say that this kind's key takes this kind's row.
  const keyOf = KEYS[kind] as (row: ImportRow[K]) => readonly string[];
  return keyOf(row)
    .filter((part) => part !== '')
    .join(' / ');
}

const SHARDS = 64;

/**
 * Where each key of a file stood first. Millions of keys are kept as 52 bits of their digest: 40 bytes each, and of ten thousand
 * files of a million rows one is told of a pair that is none.
 */
export class SeenKeys {
  private readonly lines = Array.from({ length: SHARDS }, () => new Map<number, number>());

  /** The line in which the key stood last, if it did; from then on it stands in `line`. */
  before(key: string, line: number): number | undefined {
    const digest = createHash('sha256').update(key).digest();
    const hash = digest.readUIntBE(0, 6) * 16 + ((digest[6] ?? 0) & 15);
    const shard = this.lines[hash % SHARDS];
    const known = shard?.get(hash);
    shard?.set(hash, line);
    return known;
  }
}
