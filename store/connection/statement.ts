import { CompiledQuery } from 'kysely';
import type { Manager } from './orm.ts';

/**
 * Sends one statement with its values apart: the server parses and plans its text once a connection, and no value is written
 * into it. For what every decision sends; elsewhere the ORM's own ways read better. Rows come with the columns' names.
 */
export async function statement<Row = Record<string, unknown>>(em: Manager, text: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
  if (!em.isInTransaction()) await em.getConnection().ensureConnection();
  const { rows } = await em.getKysely().executeQuery<Row>(CompiledQuery.raw(text, [...values]));
  return rows;
}
