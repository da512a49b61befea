import type { Adopted } from '../adoption.ts';
import type { Written } from '../../connection/insert.ts';
import type { ImportKind } from './kinds.ts';
import type { ImportRow } from './schemas.ts';

/** Rows of one batch; the last of two rows with one id wins, as if they had been imported one after the other. */
export type Rows<K extends ImportKind> = readonly ImportRow[K][];

/** What is to be said of a row: `index` is its place in the batch. */
export interface Said {
  readonly index: number;
  readonly message: string;
  readonly cure: string;
}

/** What a batch came to: rows that cannot be stored although they read well, rows that are stored with a doubt, owners that were adopted. */
export interface WrittenRows extends Written {
  readonly wrong: readonly Said[];
  readonly doubts: readonly Said[];
  readonly adopted: readonly Adopted[];
}

/** One row per key, the last one: a statement cannot write one row twice. */
export function lastOf<T>(rows: readonly T[], key: (row: T) => string): readonly T[] {
  return [...new Map(rows.map((row) => [key(row), row])).values()];
}
