import { Capacity } from '../domain/aggregate.ts';
import { claimsOf } from '../store/access/claims.ts';
import { nameOf } from '../store/access/sign-in.ts';
import { type Manager, work } from '../store/connection/orm.ts';
import { asParty } from '../store/queries/as-party.ts';
import { aggregatesOfSeller, type ListFilter, type ListLine, listPage, namesOf, titlesOf, toldToSeller } from '../store/queries/lists.ts';
import { cursorOf, readCursor } from './cursor.ts';
import type { ServerDeps } from './deps.ts';
import type { Principal } from './identity.ts';
import type { Line, Lines, ListQuery } from './schemas/lists.ts';

/** One page of cases, appeals or sanctions as somebody may see them. */
export async function listFor(deps: ServerDeps, who: Principal, kind: ListFilter['kind'], query: ListQuery): Promise<Lines> {
  const filter = await filterFor(deps, who, kind, query);
  const rows = await asParty(deps.portal, who, (em) => listPage(em, filter, query.limit + 1, readCursor(query.cursor)));
  const page = rows.slice(0, query.limit);
  const last = page.at(-1);
  const next = rows.length > query.limit && last !== undefined ? cursorOf(last) : null;
  return { lines: await withNames(deps, who, page), next };
}

/** What of a kind somebody may list, narrowed by the query. */
export async function filterFor(
  deps: ServerDeps,
  who: Principal,
  kind: ListFilter['kind'],
  query: Omit<ListQuery, 'limit' | 'cursor'>,
): Promise<ListFilter> {
  const { status, open, holder, seller, marketplace, listing, about, dueBefore, dueFrom, dueRule } = query;
  const em = work(deps.engine);
  const isBrand = who.seenAs === Capacity.rightsHolder;
  const among =
    who.capacity === Capacity.seller
      ? await toldToSeller(em, who.id, kind)
      : seller === undefined
        ? undefined
        : await aggregatesOfSeller(em, seller, kind);
  return {
    kind,
    status,
    marketplace,
    listing,
    about,
    dueBefore,
    dueFrom,
    dueRule,
    ...(open !== undefined && { isOpen: open === 'true' }),
    // The row policies say the same; naming the holders lets the database go straight to them.
    ...(holder !== undefined ? { holders: [holder] } : isBrand && { holders: who.organisations }),
    ...(among !== undefined && { among }),
  };
}

/** Lines with titles, names and claims: what a list shows beside the projection. */
export async function withNames(deps: ServerDeps, who: Principal, rows: readonly Omit<ListLine, 'title'>[]): Promise<Line[]> {
  const em = work(deps.engine);
  const titles = await titlesOf(
    em,
    rows.map((row) => row.listing),
  );
  const names = await namesOf(
    em,
    rows.map((row) => row.holder),
  );
  const claims =
    who.capacity === Capacity.seller
      ? new Map()
      : await claimsOf(
          em,
          // A claim outlives what it was for: on what is closed nobody works any more.
          rows.flatMap((row) => (row.isFinal ? [] : [row.id])),
          deps.clock.now(),
        );
  const people = new Map<string, string>();
  for (const { who: holder } of claims.values()) if (!people.has(holder)) people.set(holder, await nameOf(em as Manager, holder));
  return rows.map((row) => {
    const held = claims.get(row.id);
    return {
      ...row,
      kind: row.kind as Line['kind'],
      title: titles.get(row.listing) ?? null,
      holderName: names.get(row.holder) ?? null,
      claim: held === undefined ? null : { who: held.who, name: people.get(held.who) ?? held.who, until: held.until, isMine: held.who === who.id },
    };
  });
}
