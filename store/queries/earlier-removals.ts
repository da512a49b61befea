import type { RemovedListing } from '../../domain/detection/model.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Manager } from '../connection/orm.ts';

/** So many of the newest removals of a party are compared: whoever has more is well known. */
const MOST_REMOVED = 200;

/**
 * One statement for a page of sellers: every account of the actor behind each, their closed cases that still keep a listing down, and the
 * instant of the removal. A ground goes with the put-back or as soon as one is ordered, so what was overturned is not here; a provisional removal's case is not
 * closed. The content is compared only in a version that the case was about.
 */
const REMOVED = `
  with asked as (
    select a.seller, coalesce(s.actor, a.seller) as actor
    from jsonb_array_elements_text(?::jsonb) as a(seller) left join seller s on s.id = a.seller
  ), account as (
    select asked.seller, s.id as account from asked join seller s on s.actor = asked.actor
    union select seller, seller from asked
  ), down as (
    select account.seller, c.id as "case", g.marketplace, g.listing, c.holder, removal.at, g.content,
      row_number() over (partition by account.seller order by removal.at desc, c.id) as nth
    from account
    join party p on p.organisation = account.account and p.capacity = 'seller'
    join aggregate c on c.id = p.aggregate and c.kind = 'case' and c.is_final
    join ground g on g.marketplace = c.marketplace and g.listing = c.listing and g."case" = c.id
      and jsonb_exists(c.state->'versions', g.content->>'version')
    join lateral (
      select max(d.at) as at from decision d join aggregate a on a.id = d.aggregate
      where (a.id = c.id or a.about = c.id) and d.envelope @> '{"outcome":{"events":[{"type":"ListingRemoved"}]}}'
    ) removal on removal.at >= ?
  )
  select seller, "case", marketplace, listing, holder, at, content from down where nth <= ? order by seller, nth`;

/** Every account of every party that has a listing kept down: few beside the sellers there are. */
const SELLERS = `
  with down as (
    select distinct p.organisation as account from ground g
    join aggregate c on c.id = g."case" and c.kind = 'case' and c.is_final
    join party p on p.aggregate = c.id and p.capacity = 'seller'
  )
  select account as seller from down
  union select s.id from seller s where s.actor in (select coalesce(known.actor, down.account) from down left join seller known on known.id = down.account)
  order by 1`;

interface Row {
  readonly seller: string;
  readonly case: string;
  readonly marketplace: string;
  readonly listing: string;
  readonly holder: string;
  readonly at: Instant;
  readonly content: { readonly title: string; readonly description: string | null; readonly images: readonly string[] | null };
}

/** What the parties behind the sellers had removed on a confirmed verdict at or after `since` and is still down, newest first. */
export async function removedOf(em: Manager, sellers: readonly string[], since: Instant): Promise<readonly RemovedListing[]> {
  if (sellers.length === 0) return [];
  const rows = await em.execute<Row[]>(REMOVED, [JSON.stringify(sellers), since, MOST_REMOVED]);
  return rows.map(({ seller, case: id, marketplace, listing, holder, at, content: { title, description, images } }) => ({
    seller,
    case: id,
    marketplace,
    listing,
    holder,
    removedAt: at,
    title,
    images: images ?? [],
    ...(description !== null && { description }),
  }));
}

/** Sellers for whom `removedOf` may have an answer. */
export async function sellersWithRemovals(em: Manager): Promise<readonly string[]> {
  return (await em.execute<{ seller: string }[]>(SELLERS)).map(({ seller }) => seller);
}
