import { Migrator } from '@mikro-orm/migrations';
import { MikroORM } from '@mikro-orm/postgresql';
import { storeConfig } from '../connection/orm.ts';

/** Any number: what matters is that every process that migrates takes the same lock. */
const MIGRATION_LOCK = 4_242_001;

/**
 * Brings a database to today's schema with the owner's login. Safe to run from several processes at once. Returns the names of
 * the migrations it ran.
 */
export async function migrate(ownerUrl: string): Promise<readonly string[]> {
  return withOwner(ownerUrl, async (orm) => {
    const connection = orm.em.getConnection();
    await connection.execute('select pg_advisory_lock(?)', [MIGRATION_LOCK]);
    try {
      const ran = await orm.migrator.up();
      return ran.map((migration) => migration.name);
    } finally {
      await connection.execute('select pg_advisory_unlock(?)', [MIGRATION_LOCK]);
    }
  });
}

/** Takes every migration back; for tests and for an installation that is to be removed. */
export async function migrateDown(ownerUrl: string): Promise<void> {
  await withOwner(ownerUrl, (orm) => orm.migrator.down({ to: 0 }));
}

/** What the entities say and the database does not (or the other way round), as SQL; empty when they agree. */
export async function schemaDrift(ownerUrl: string): Promise<string> {
  return withOwner(ownerUrl, (orm) => orm.schema.getUpdateSchemaSQL({ wrap: false, dropTables: false }));
}

async function withOwner<T>(url: string, use: (orm: MikroORM) => Promise<T>): Promise<T> {
  // One connection: the advisory lock belongs to it.
  const config = { ...storeConfig({ url, poolSize: 1 }), pool: { min: 1, max: 1 }, extensions: [Migrator] };
  const orm = await MikroORM.init(config);
  try {
    return await use(orm);
  } finally {
    await orm.close();
  }
}
