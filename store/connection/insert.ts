import type { EntityName, RequiredEntityData } from '@mikro-orm/core';
import type { Manager } from './orm.ts';
import { statement } from './statement.ts';

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

/** What a write came to; rows that are neither were there already, with the same values. */
export interface Written {
  readonly added: number;
  readonly changed: number;
}

/**
 * Inserts rows and overwrites those with the same key (`key` names its properties) where a value differs; rows that are the same are not
 * touched. All rows have the same properties. A property in `kept` that is null in a row stays as it is on record. Counts by what the database did.
 */
export async function insertOrReplace<T extends object>(
  em: Manager,
  entity: EntityName<T>,
  rows: readonly RequiredEntityData<T>[],
  key: readonly (keyof T & string)[],
  kept: readonly (keyof T & string)[] = [],
): Promise<Written> {
  const [first] = rows;
  if (first === undefined) return { added: 0, changed: 0 };
  const { tableName, properties } = em.getMetadata(entity);
  const columnOf = (property: string) => `"${properties[property as keyof typeof properties]?.fieldNames[0] ?? property}"`;
  const columns = Object.keys(first);
  const values = columns.filter((property) => !key.some((part) => part === property)).map(columnOf);
  const named = columns.map(columnOf).join(', ');
  const keeps = kept.map(columnOf);
  const next = values.map((column) => (keeps.includes(column) ? `coalesce(excluded.${column}, t.${column})` : `excluded.${column}`)).join(', ');
  const act =
    values.length === 0
      ? 'nothing'
      : `update set (${values.join(', ')}) = row(${next})
         where (${values.map((column) => `t.${column}`).join(', ')}) is distinct from (${next})`;
  // The rows travel as one value in the table's own types; xmax is zero in a row that nobody has overwritten.
  const written = await statement<{ is_new: boolean }>(
    em,
    `insert into "${tableName}" as t (${named}) select ${named} from jsonb_populate_recordset(null::"${tableName}", $1::jsonb)
     on conflict (${key.map(columnOf).join(', ')}) do ${act} returning t.xmax = 0 as is_new`,
    [JSON.stringify(rows.map((row) => Object.fromEntries(Object.entries(row).map(([property, value]) => [columnOf(property).slice(1, -1), value]))))],
  );
  const added = written.filter(({ is_new: isNew }) => isNew).length;
  return { added, changed: written.length - added };
}
