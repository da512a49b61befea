import { readFileSync } from 'node:fs';
import { Migration } from '@mikro-orm/migrations';

/** The two roles, once per server; the login that migrates may step into them. */
const ROLES = `
do $$ begin
  if not exists (select from pg_roles where rolname = 'interdict_engine') then create role interdict_engine nologin; end if;
exception when duplicate_object or unique_violation then null; end $$;
do $$ begin
  if not exists (select from pg_roles where rolname = 'interdict_portal') then create role interdict_portal nologin; end if;
exception when duplicate_object or unique_violation then null; end $$;
do $$ begin
  execute format('grant interdict_engine, interdict_portal to %I', current_user);
exception when others then
  raise notice 'the roles interdict_engine and interdict_portal are not granted to %: %', current_user, sqlerrm;
end $$;`;

/** What each role may do. Decisions, seals and the log of reads are only ever added; the portal reads. */
const GRANTS = `
grant usage on schema public to interdict_engine, interdict_portal;
grant select, insert, update, delete on all tables in schema public to interdict_engine;
grant usage on all sequences in schema public to interdict_engine;
revoke update, delete on decision, seal, access_log from interdict_engine;
grant update (exported, archive, archive_waits_since) on seal to interdict_engine;
revoke all on migration from interdict_engine;
grant select on aggregate, decision, inbox, seal, ledger, party, reporter, referral_brand, change to interdict_portal;`;

/** The log and everything beside it. */
export class Migration0001Log extends Migration {
  override up(): void {
    for (const statement of [
      ...statements(ROLES),
      ...statements(readFileSync(new URL('0001-log.sql', import.meta.url), 'utf8')),
      ...statements(GRANTS),
    ]) {
      this.addSql(statement);
    }
  }

  override async down(): Promise<void> {
    const tables = await this.execute("select tablename from pg_tables where schemaname = 'public' and tablename <> 'migration'");
    for (const { tablename } of tables) this.addSql(`drop table "${tablename}" cascade;`);
    this.addSql('drop function if exists "aggregate_aggregate_change_fn"();');
  }
}

/** One statement a time; a block in $$ is one statement. */
function statements(sql: string): readonly string[] {
  return sql
    .split(/;\s*\n(?![^$]*\$\$;)|;\s*$/)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}
