import { Migration } from '@mikro-orm/migrations';

/** In which language people, organisations and sellers are written to. */
export class Migration0007Languages extends Migration {
  override up(): void {
    for (const table of ['organisation', 'person', 'seller']) this.addSql(`alter table "${table}" add column "language" varchar(16) null;`);
  }

  override down(): void {
    for (const table of ['organisation', 'person', 'seller']) this.addSql(`alter table "${table}" drop column "language";`);
  }
}
