import { qualifying } from '../../domain/referral/qualifying-cases.ts';
import { casesOf, typesOf } from '../log/cases-of-actor.ts';
import type { Manager } from '../connection/orm.ts';
import { LEFT_OUT } from '../log/brand-stages.ts';
import { RecipientRow } from '../schema/entities/register.ts';

/** A case that may be referred, and to whom. */
export interface CandidateCase {
  readonly id: string;
  readonly listing: string;
  readonly holder: string;
  readonly seller: string;
  readonly recipients: readonly string[];
}

/** The cases of one actor that at least one authority may get now. */
export interface Candidate {
  readonly actor: string;
  readonly cases: readonly CandidateCase[];
}

interface Point {
  readonly actor: string;
  readonly seller: string;
  readonly id: string;
}

interface Before {
  readonly actor: string;
  readonly recipient: string;
  readonly id: string;
  readonly stage: string;
}

/** Actors with points that count at an instant, by id, after one; each can have something to refer. */
export async function actorsWithPoints(em: Manager, at: string, after: string | undefined, limit: number): Promise<readonly string[]> {
  const rows = await em.execute<{ actor: string }[]>(
    `select distinct coalesce(s.actor, l.seller) as actor from ledger l left join seller s on s.id = l.seller
     where l.voided_by is null and l.counts_from <= ? and l.expires_at > ? ${after === undefined ? '' : 'and coalesce(s.actor, l.seller) > ?'}
     order by 1 limit ?`,
    [at, at, ...(after === undefined ? [] : [after]), limit],
  );
  return rows.map(({ actor }) => actor);
}

/**
 * What of these actors could be referred at an instant, by the very rule that opens referrals (domain/referral/qualifying-cases.ts): a case
 * whose points count, in the jurisdiction of an authority that takes its kind of right, and that this authority has not had.
 */
export async function candidatesOf(em: Manager, actors: readonly string[], at: string): Promise<readonly Candidate[]> {
  if (actors.length === 0) return [];
  const points = await pointsOf(em, actors, at);
  const cases = await casesOf(em, orNothing([...new Set(points.map(({ id }) => id))]));
  const types = await typesOf(em, cases);
  const before = await referredBefore(em, actors);
  const recipients = await em.find(RecipientRow, {}, { orderBy: { id: 'asc' } });
  const byId = new Map(cases.map((one) => [one.id, one]));
  return actors.flatMap((actor) => {
    const own = points.flatMap((point) => (point.actor === actor && byId.has(point.id) ? [point] : []));
    const takers = new Map<string, string[]>(own.map(({ id }) => [id, []]));
    for (const recipient of recipients.filter(({ profiles }) => profiles.length > 0)) {
      const had = before.filter((row) => row.actor === actor && row.recipient === recipient.id && row.stage !== LEFT_OUT).map(({ id }) => id);
      const linked = [...takers.keys()].flatMap((id) => {
        const one = byId.get(id);
        if (one === undefined) return [];
        const rightTypes = [...new Set(one.rights.flatMap((right) => types.get(right) ?? []))];
        return [{ ...one, case: id, rightTypes, counts: true, ...(had.includes(id) && { before: 'sent' as const }) }];
      });
      for (const { case: id } of qualifying({ recipient, cases: linked })) takers.get(id)?.push(recipient.id);
    }
    const fit = own.flatMap(({ id, seller }) => {
      const [one, to = []] = [byId.get(id), takers.get(id)];
      return one === undefined || to.length === 0 ? [] : [{ id, seller, listing: one.listing, holder: one.holder, recipients: to }];
    });
    return fit.length === 0 ? [] : [{ actor, cases: fit }];
  });
}

async function pointsOf(em: Manager, actors: readonly string[], at: string): Promise<readonly Point[]> {
  return em.execute<Point[]>(
    `select distinct coalesce(s.actor, l.seller) as actor, l.seller, coalesce(a.about, l.aggregate) as id
     from ledger l left join seller s on s.id = l.seller left join aggregate a on a.id = l.aggregate
     where l.voided_by is null and l.counts_from <= ? and l.expires_at > ? and coalesce(s.actor, l.seller) in (?) order by 1, 3, 2`,
    [at, at, actors],
  );
}

async function referredBefore(em: Manager, actors: readonly string[]): Promise<readonly Before[]> {
  return em.execute<Before[]>(
    `select r.actor, r.recipient, jsonb_array_elements(b.cases) #>> '{}' as id, b.stage
     from referral r join referral_brand b on b.referral = r.referral where r.actor in (?)`,
    [actors],
  );
}

function orNothing(ids: readonly string[]): readonly string[] {
  return ids.length === 0 ? [''] : ids;
}
