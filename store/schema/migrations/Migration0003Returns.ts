import { Migration } from '@mikro-orm/migrations';

/** Where a mail that was passed on has ended, and what a mail host wrote in words only. */
export class Migration0003Returns extends Migration {
  override up(): void {
    this.addSql('alter table "delivery_fact" add column "address" varchar(320) null, add column "words" text null;');
  }

  override down(): void {
    this.addSql('alter table "delivery_fact" drop column "address", drop column "words";');
  }
}
