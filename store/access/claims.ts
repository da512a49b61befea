import { type Instant, plusMs } from '../../domain/instant.ts';
import { ClaimRow } from '../schema/entities/access.ts';
import type { Manager } from '../connection/orm.ts';

/** Made up: a reviewer who is called away must not keep a case from the others. */
const CLAIM_LASTS_MS = 10 * 60_000;

/** Who works on a case since when and until when. */
interface Held {
  readonly who: string;
  readonly since: string;
  readonly until: string;
}

/**
 * Takes a case up, or goes on with it; the holder of a claim that has not run out keeps it. Returns who holds it afterwards, and
 * whose claim had run out where one was taken over.
 */
export async function claim(em: Manager, aggregate: string, who: string, now: Instant): Promise<Held & { readonly ranOut?: Omit<Held, 'since'> }> {
  const until = plusMs(now, CLAIM_LASTS_MS);
  const [row] = await em.execute<(Held & { readonly wasWho: string | null; readonly wasUntil: string | null })[]>(
    `with was as (select who, until from claim where aggregate = ? and who <> ? and until <= ?)
     insert into claim (aggregate, who, since, until) values (?, ?, ?, ?)
     on conflict (aggregate) do update set
       since = case when claim.who = excluded.who and claim.until > excluded.since then claim.since else excluded.since end,
       who = excluded.who, until = excluded.until
     where claim.who = excluded.who or claim.until <= excluded.since
     returning who, since, until, (select who from was) as "wasWho", (select until from was) as "wasUntil"`,
    [aggregate, who, now, aggregate, who, now, until],
  );
  if (row === undefined) return (await claimOf(em, aggregate, now)) ?? claim(em, aggregate, who, now);
  const { wasWho, wasUntil, ...held } = row;
  return { ...held, ...(wasWho !== null && wasUntil !== null && { ranOut: { who: wasWho, until: wasUntil } }) };
}

/** Gives a case back; somebody else's claim stays. Says whether there was one to give back. */
export async function release(em: Manager, aggregate: string, who: string): Promise<boolean> {
  return (await em.nativeDelete(ClaimRow, { aggregate, who })) > 0;
}

/** Who works on a case now. */
export async function claimOf(em: Manager, aggregate: string, now: Instant): Promise<ClaimRow | undefined> {
  return (await claimsOf(em, [aggregate], now)).get(aggregate);
}

/** The claims on several cases that have not run out. */
export async function claimsOf(em: Manager, aggregates: readonly string[], now: Instant): Promise<ReadonlyMap<string, ClaimRow>> {
  if (aggregates.length === 0) return new Map();
  const rows = await em.find(ClaimRow, { aggregate: { $in: [...aggregates] }, until: { $gt: now } });
  return new Map(rows.map((row) => [row.aggregate, row]));
}
