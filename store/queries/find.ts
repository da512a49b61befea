import { ownerKeys } from '../../domain/detection/owners.ts';
import type { Manager } from '../connection/orm.ts';

/** Parties whose name or id is a text: organisations, and sellers with what they are a party to. */
export interface NamedParties {
  readonly holders: readonly string[];
  readonly ofSellers: readonly string[];
}

/** Something that a text names, and by what. */
export interface Found {
  readonly id: string;
  readonly as: 'id' | 'listing' | 'holder' | 'seller' | 'seal' | 'message';
  readonly kind: string;
  readonly status: string;
  readonly isFinal: boolean;
  readonly listing: string;
  readonly holder: string;
  readonly openedAt: string;
  /** Of a sanction: its measure. */
  readonly measureKind: string | null;
}

/** Names are compared without case and punctuation, as owners are (domain/detection/owners.ts). Reads the register as the engine does. */
export async function partiesNamed(em: Manager, text: string, limit: number): Promise<NamedParties> {
  const holders = await em.execute<{ id: string }[]>(
    'select id from organisation where id = ? or lower(name) = lower(?) union select organisation from organisation_alias where alias = ? order by 1 limit ?',
    [text, text, ownerKeys(text).full, limit],
  );
  const ofSellers = await em.execute<{ id: string }[]>(
    `select a.id from party p join aggregate a on a.id = p.aggregate where p.capacity = 'seller'
     and p.organisation in (select ?::text union select id from seller where lower(row->>'name') = lower(?)) order by a.opened_at desc, a.id limit ?`,
    [text, text, limit],
  );
  return { holders: holders.map(({ id }) => id), ofSellers: ofSellers.map(({ id }) => id) };
}

/** What a text names among what a party may see, the newest first: by id, listing, holder, seller, seal or message. Run it as the portal's role. */
export async function findAnything(em: Manager, text: string, { holders, ofSellers }: NamedParties, limit: number): Promise<readonly Found[]> {
  return em.execute<Found[]>(
    `select a.id, f."as", a.kind, a.status, a.is_final as "isFinal", a.listing, a.holder, a.opened_at as "openedAt",
       case when a.kind = 'sanction' then a.state->'step'->>'measure' end as "measureKind" from (
       select id, 'id' as "as" from aggregate where id = ?
       union select id, 'listing' from aggregate where listing = ?
       union select id, 'holder' from aggregate where holder in (?)
       union select id, 'seller' from aggregate where id in (?)
       union select aggregate, 'seal' from seal where root = ? or sequence::text = ?
       union select aggregate, 'message' from decision where command = ?) f join aggregate a on a.id = f.id
     order by a.opened_at desc, a.id, f."as" limit ?`,
    [text, text, among([text, ...holders]), among(ofSellers), text, text, text, limit],
  );
}

/** An empty list matches nothing. */
function among(ids: readonly string[]): readonly string[] {
  return ids.length === 0 ? [''] : ids;
}
