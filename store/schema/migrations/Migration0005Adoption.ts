import { Migration } from '@mikro-orm/migrations';

/** An owner of record may turn out to be an imported organisation; a name may be claimed by several, and then means none of them. */
export class Migration0005Adoption extends Migration {
  override up(): void {
    this.addSql('alter table "organisation" add column "adopted_by" varchar(256) null, add column "adopted_at" varchar(24) null;');
    this.addSql('create index "organisation_adopted" on "organisation" ("adopted_by") where adopted_by is not null;');
    this.addSql('alter table "organisation_alias" drop constraint "organisation_alias_pkey";');
    this.addSql('alter table "organisation_alias" add primary key ("operator", "alias", "organisation");');
  }

  override down(): void {
    this.addSql('alter table "organisation_alias" drop constraint "organisation_alias_pkey";');
    this.addSql(
      'delete from "organisation_alias" a using "organisation_alias" b where a.operator = b.operator and a.alias = b.alias and a.organisation > b.organisation;',
    );
    this.addSql('alter table "organisation_alias" add primary key ("operator", "alias");');
    this.addSql('drop index "organisation_adopted";');
    this.addSql('alter table "organisation" drop column "adopted_by", drop column "adopted_at";');
  }
}
