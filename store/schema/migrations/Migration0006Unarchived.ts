import { Migration } from '@mikro-orm/migrations';

/** Sealed chains that are not archived yet, by their sequence. */
export class Migration0006Unarchived extends Migration {
  override up(): void {
    this.addSql('create index "seal_unarchived" on "seal" ("operator", "sequence") where not exported;');
  }

  override down(): void {
    this.addSql('drop index if exists "seal_unarchived";');
  }
}
