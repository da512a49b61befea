import type { Instant } from '../../domain/instant.ts';
import { CalendarFeedRow } from '../schema/entities/access.ts';
import { insertOrReplace } from '../connection/insert.ts';
import type { Manager } from '../connection/orm.ts';
import { newToken, tokenHash } from './tokens.ts';

/** Makes the feed of a person for an organisation; where there is one, its token is replaced and the old address is nothing any more. */
export async function makeFeed(em: Manager, who: string, organisation: string, now: Instant): Promise<string> {
  const token = newToken();
  await insertOrReplace(em, CalendarFeedRow, [{ who, organisation, hash: tokenHash(token), madeAt: now }], ['operator', 'who', 'organisation']);
  return token;
}

/** Ends a feed at once. */
export async function removeFeed(em: Manager, who: string, organisation: string): Promise<void> {
  await em.nativeDelete(CalendarFeedRow, { who, organisation });
}

/** The feeds of a person; never a token. */
export function feedsOf(em: Manager, who: string): Promise<CalendarFeedRow[]> {
  return em.find(CalendarFeedRow, { who }, { orderBy: { organisation: 'asc' } });
}

/** The feed behind a token. */
export async function feedOf(em: Manager, token: string): Promise<CalendarFeedRow | undefined> {
  return (await em.findOne(CalendarFeedRow, { hash: tokenHash(token) })) ?? undefined;
}
