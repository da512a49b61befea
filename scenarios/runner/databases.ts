import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { migrate } from '../../store/schema/migrate.ts';

const TEMPLATE = 'interdict_template';

/** A throw-away database; the owner's address. */
export interface Database {
  readonly url: string;
  drop(): Promise<void>;
}

/** Makes the migrated database that others are copied from. `owner` is the address of the server's owner. */
export async function makeTemplate(owner: string): Promise<void> {
  await asOwner(owner, `drop database if exists ${TEMPLATE}`, `create database ${TEMPLATE}`);
  await migrate(inDatabase(owner, TEMPLATE));
}

/** A copy of the template under a name of its own that starts with `prefix`. */
export async function newDatabase(owner: string, prefix: string): Promise<Database> {
  const name = `${prefix}_${randomBytes(6).toString('hex')}`;
  await asOwner(owner, `create database ${name} template ${TEMPLATE} strategy file_copy`);
  return { url: inDatabase(owner, name), drop: () => asOwner(owner, `drop database if exists ${name} with (force)`) };
}

function inDatabase(owner: string, name: string): string {
  const url = new URL(owner);
  url.pathname = `/${name}`;
  return url.toString();
}

async function asOwner(url: string, ...statements: readonly string[]): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
