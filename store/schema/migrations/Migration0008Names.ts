import { Migration } from '@mikro-orm/migrations';

/** Names of before and of today, in what is not hashed: folded states, natural keys, letters, unread messages. */
const COMMANDS = [
  ['fileCounterStatement', 'fileCounterNotice'],
  ['recordFact', 'recordAuthorityAction'],
] as const;
const NOTICE = ['counter-statement', 'counter-notice'] as const;
/** They force their row policies on their owner too, who migrates for every operator. */
const TABLES = ['aggregate', 'natural_key', 'letter', 'inbox'];

/** A counter-statement is called counter-notice, an outcome of a referral an authority's action. Decisions keep what they recorded (domain/earlier-names.ts). */
export class Migration0008Names extends Migration {
  override up(): void {
    this.#rename(0, 1);
  }

  override down(): void {
    this.#rename(1, 0);
  }

  #rename(from: 0 | 1, to: 0 | 1): void {
    for (const table of TABLES) this.addSql(`alter table "${table}" no force row level security;`);
    // Nothing has happened to these aggregates that followers should hear of.
    this.addSql('alter table "aggregate" disable trigger "aggregate_change";');
    this.addSql(`update "aggregate" set "state" = jsonb_set("state", '{kind}', '"${NOTICE[to]}"')
      where "kind" = 'appeal' and "state"->>'kind' = '${NOTICE[from]}';`);
    this.addSql('alter table "aggregate" enable trigger "aggregate_change";');
    this.addSql(`update "natural_key" set "key" = replace("key", '"${NOTICE[from]}"', '"${NOTICE[to]}"') where "key" like '["appeal",%';`);
    this.addSql(`update "letter" set "kind" = '${NOTICE[to]}' where "kind" = '${NOTICE[from]}';`);
    this.addSql(`update "letter" set "about" = jsonb_set("about", '{appeal}', '"${NOTICE[to]}"') where "about"->>'appeal' = '${NOTICE[from]}';`);
    for (const names of COMMANDS) {
      this.addSql(
        `update "letter" set "about" = jsonb_set("about", '{kind}', '"${names[to]}"') where "kind" in ('message', 'reopen') and "about"->>'kind' = '${names[from]}';`,
      );
      this.addSql(
        `update "inbox" set "content" = jsonb_set("content", '{kind}', '"${names[to]}"') where "answer" is null and "content"->>'kind' = '${names[from]}';`,
      );
    }
    for (const table of TABLES) this.addSql(`alter table "${table}" force row level security;`);
  }
}
