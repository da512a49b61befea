import type { EntityName, RequiredEntityData } from '@mikro-orm/core';
import type { Field } from '@mikro-orm/sql';
import type { Manager } from './orm.ts';

/** Inserts the rows that are not there yet; the others stay as they are. For rows whose key says everything. */
export async function insertMissing<T extends object>(em: Manager, entity: EntityName<T>, rows: readonly RequiredEntityData<T>[]): Promise<void> {
  if (rows.length === 0) return;
  await em
    .createQueryBuilder(entity)
    .insert([...rows])
    .onConflict()
    .ignore()
    .execute('run', false);
}

/** Inserts rows and overwrites those with the same key (`key` names its properties). */
export async function insertOrReplace<T extends object>(
  em: Manager,
  entity: EntityName<T>,
  rows: readonly RequiredEntityData<T>[],
  key: readonly (keyof T & string)[],
): Promise<void> {
  if (rows.length === 0) return;
  // The library's field type is wider than property names and cannot be told so for an open T.
  const fields = key as unknown as Field<T>[];
  const values = Object.keys(rows[0] as object).filter((property) => !key.some((part) => part === property)) as unknown as Field<T>[];
  const query = em
    .createQueryBuilder(entity)
    .insert([...rows])
    .onConflict(fields);
  await (values.length === 0 ? query.ignore() : query.merge(values)).execute('run', false);
}
