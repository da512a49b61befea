import type { Manager, Store } from '../connection/orm.ts';

/** For whom the API reads: what the row policies compare with the parties of an aggregate. */
export interface Party {
  readonly organisations: readonly string[];
  /** The capacity under which the parties of an aggregate are looked up. */
  readonly seenAs: string;
}

/**
 * Reads through the portal's database role for a party: one read-only transaction in which the row policies know for whom it is.
 * Whatever a query forgets, a foreign row is not there.
 */
export function asParty<T>(portal: Store, { organisations, seenAs }: Party, read: (em: Manager) => Promise<T>): Promise<T> {
  return portal.em.fork().transactional(
    async (em) => {
      await em.execute("select set_config('interdict.organisations', ?, true), set_config('interdict.capacity', ?, true)", [
        arrayText(organisations),
        seenAs,
      ]);
      return read(em as Manager);
    },
    { readOnly: true },
  );
}

/** PostgreSQL's text form of an array. */
function arrayText(items: readonly string[]): string {
  return `{${items.map((item) => `"${item.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
}
