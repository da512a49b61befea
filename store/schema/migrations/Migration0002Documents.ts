import { Migration } from '@mikro-orm/migrations';

const OWN = "operator = current_setting('interdict.operator', true)";

/** What organisations are charged with of the files in the vault. Files of before are nobody's: they count for no quota. */
export class Migration0002Documents extends Migration {
  override up(): void {
    for (const sql of [
      `create table "document" ("operator" varchar(64) not null default current_setting('interdict.operator'::text, true), "organisation" varchar(256) not null, "digest" varchar(80) not null, "bytes" bigint not null, "at" varchar(24) not null, primary key ("operator", "organisation", "digest"));`,
      'alter table "document" enable row level security;',
      'alter table "document" force row level security;',
      `create policy "document_engine" on "document" to "interdict_engine" using (${OWN}) with check (${OWN});`,
      'grant select, insert, update, delete on "document" to interdict_engine;',
    ])
      this.addSql(sql);
  }

  override down(): void {
    this.addSql('drop table if exists "document";');
  }
}
