import { Migration } from '@mikro-orm/migrations';

const OWN = "operator = current_setting('interdict.operator', true)";

/** Official notices of public holidays, loaded without a release. */
export class Migration0004Notices extends Migration {
  override up(): void {
    this.addSql(`create table "holiday_notice" ("operator" varchar(64) not null default current_setting('interdict.operator'::text, true),
      "country" varchar(8) not null, "year" int not null, "version" int not null, "digest" varchar(64) not null, "document" jsonb not null,
      "since" varchar(24) not null, primary key ("operator", "country", "year", "version"));`);
    this.addSql('alter table "holiday_notice" enable row level security;');
    this.addSql('alter table "holiday_notice" force row level security;');
    this.addSql(`create policy "holiday_notice_engine" on "holiday_notice" to "interdict_engine" using (${OWN}) with check (${OWN});`);
    this.addSql('grant select, insert, update, delete on "holiday_notice" to interdict_engine;');
  }

  override down(): void {
    this.addSql('drop table if exists "holiday_notice" cascade;');
  }
}
