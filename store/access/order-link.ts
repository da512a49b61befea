import { randomBytes } from 'node:crypto';
import type { Recipient } from '../../domain/aggregate.ts';
import { type Instant, plusMs } from '../../domain/instant.ts';
import { disclose } from '../../domain/salted.ts';
import { OutboxRow, OutboxState } from '../schema/entities/outbox.ts';
import { PersonRow } from '../schema/entities/register.ts';
import { DisclosureRow } from '../schema/entities/projections.ts';
import { insertMissing } from '../connection/insert.ts';
import { SIGN_IN_NOTIFICATION, WORK_CHANNEL } from '../outbox/messages.ts';
import type { Manager } from '../connection/orm.ts';
import { whoHasMail } from './sign-in.ts';

/** Made up: nobody's mailbox is to be filled by others. */
const MOST_LINKS = 5;
const WITHIN_MS = 3_600_000;

/** Where a link leads: the portal's address, and the page to show after signing in. */
export interface LinkOrder {
  readonly origin: string;
  readonly page?: string;
}

/**
 * Orders a link for everybody whom the address reaches; the outbox message goes out like any other. Says nothing of whether there was
 * anybody, and takes no longer for it than for an unknown address but by the writing of a row.
 */
export async function orderLinks(em: Manager, mail: string, about: LinkOrder, now: Instant): Promise<void> {
  for (const who of await whoHasMail(em, mail, now)) await em.transactional((inside) => orderLink(inside as Manager, who, about, now));
}

async function orderLink(em: Manager, who: string, about: LinkOrder, now: Instant): Promise<void> {
  const [recent] = await em.execute<{ count: number }[]>('select count(*)::int as count from sign_in_link where who = ? and made_at > ?', [
    who,
    plusMs(now, -WITHIN_MS),
  ]);
  if ((recent?.count ?? 0) >= MOST_LINKS) return;
  const row = {
    id: `${SIGN_IN_NOTIFICATION}:${randomBytes(16).toString('hex')}`,
    aggregate: '',
    n: 0,
    kind: SIGN_IN_NOTIFICATION,
    to: await recipientOf(em, who),
    about: { ...about },
    writtenAt: now,
    dueAt: now,
    state: OutboxState.waiting,
  };
  await em.insert(OutboxRow, row);
  await em.execute(`select pg_notify('${WORK_CHANNEL}', '')`);
}

/** A seller's name is personal in an outbox message too. */
async function recipientOf(em: Manager, who: string): Promise<Recipient> {
  if ((await em.count(PersonRow, { id: who })) > 0) return { person: who };
  const { salted, disclosure } = disclose(randomBytes(16).toString('base64url'), who);
  await insertMissing(em, DisclosureRow, [{ ...disclosure }]);
  return { seller: salted };
}
