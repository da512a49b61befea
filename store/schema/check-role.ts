import type { Manager } from '../connection/orm.ts';

/** Why this connection must not serve, in words with the cure. */
export class UnsafeDatabaseRole extends Error {
  readonly code = 'unsafe-database-role';
  readonly cure: string;

  constructor(message: string, cure: string) {
    super(message);
    this.name = 'UnsafeDatabaseRole';
    this.cure = cure;
  }
}

interface RoleFacts {
  readonly role: string;
  readonly superuser: boolean;
  readonly bypass: boolean;
  readonly owned: number;
  readonly open: number;
  readonly operator: string | null;
}

/**
 * Refuses to serve on a connection to which row policies would not apply: a superuser, a role that bypasses them, one that owns
 * tables, tables without forced policies, or a connection that names no operator (design.md section 2.9).
 */
export async function checkRole(em: Manager): Promise<void> {
  const [facts] = await em.execute<RoleFacts[]>(`
    select current_user as role, r.rolsuper as superuser, r.rolbypassrls as bypass,
      (select count(*)::int from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'public' and c.relkind in ('r', 'p') and pg_has_role(r.oid, c.relowner, 'member')) as owned,
      (select count(*)::int from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'public' and c.relkind in ('r', 'p') and c.relname <> 'migration'
        and not (c.relrowsecurity and c.relforcerowsecurity)) as open,
      current_setting('interdict.operator', true) as operator
    from pg_roles r where r.rolname = current_user`);
  if (facts === undefined) throw new UnsafeDatabaseRole('The database does not tell which role this is.', 'Check ENGINE_DATABASE_URL.');
  const cure = 'Use a login that is a member of interdict_engine and nothing else (ENGINE_DATABASE_URL), or leave it unset.';
  if (facts.superuser) throw new UnsafeDatabaseRole(`The database role ${facts.role} is a superuser: row policies do not bind it.`, cure);
  if (facts.bypass) throw new UnsafeDatabaseRole(`The database role ${facts.role} bypasses row policies.`, cure);
  if (facts.owned > 0)
    throw new UnsafeDatabaseRole(
      `The database role ${facts.role} owns ${facts.owned} tables (itself or as a member of their owner) and could switch their policies off.`,
      cure,
    );
  if (facts.open > 0)
    throw new UnsafeDatabaseRole(`${facts.open} tables have no forced row policies.`, 'Migrate the database with its owner (DATABASE_URL).');
  if (facts.operator === null || facts.operator === '') {
    throw new UnsafeDatabaseRole('The connection names no marketplace operator: it would see nothing.', 'Set INTERDICT_OPERATOR.');
  }
}
