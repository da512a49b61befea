import { Migration } from '@mikro-orm/migrations';

const INDEXES = ['due', 'sending', 'aggregate_n_index', 'digest_index', 'mark_index', 'pkey'];

/** What decisions make happen later is called the outbox. Rows, rights and policies stay as they are. */
export class Migration0009Outbox extends Migration {
  override up(): void {
    this.rename('letter', 'outbox');
  }

  override down(): void {
    this.rename('outbox', 'letter');
  }

  private rename(from: string, to: string): void {
    this.addSql(`alter table "${from}" rename to "${to}";`);
    for (const index of INDEXES) this.addSql(`alter index "${from}_${index}" rename to "${to}_${index}";`);
    this.addSql(`alter policy "${from}_engine" on "${to}" rename to "${to}_engine";`);
  }
}
