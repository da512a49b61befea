import { randomBytes } from 'node:crypto';
import { type Instant, plusMs } from '../../domain/instant.ts';
import { WebhookEndpointRow } from '../schema/entities/changes.ts';
import { OutboxRow, OutboxState } from '../schema/entities/outbox.ts';
import { WEBHOOK_MESSAGE, WORK_CHANNEL } from './messages.ts';
import type { Manager } from '../connection/orm.ts';
import { isKept, newestPlace } from '../queries/changes.ts';

/** Changes of one message. */
const BATCH = 100;
/** Made up: a day to change a secret over. */
const OVERLAP_MS = 24 * 3_600_000;

/** What a webhook's message carries: where it begins, where it ends, and what changed between. */
export interface WebhookMessage {
  readonly endpoint: string;
  readonly sequence: string;
  readonly changes: readonly {
    readonly id: string;
    readonly kind: string;
    readonly status: string;
    readonly n: number;
    readonly at: string;
    readonly sequence: string;
  }[];
}

/** Standard Webhooks' form of a secret. */
function newSecret(): string {
  return `whsec_${randomBytes(24).toString('base64')}`;
}

/** An endpoint that was registered. */
export interface Registered {
  readonly id: string;
  /** Shown once; null where it was known before. */
  readonly secret: string | null;
  /** Changes between the last message and the next are not kept any more: its organisation has to read again. */
  readonly isReset: boolean;
}

/**
 * Registers an endpoint from now on; the secret is shown once. The same address again is the same endpoint, without its secret; one that
 * was disabled goes on where it stopped: with the messages that it never took, then with everything since.
 */
export async function registerEndpoint(
  em: Manager,
  { organisation, capacity, url }: { readonly organisation: string; readonly capacity: string; readonly url: string },
  now: Instant,
): Promise<Registered> {
  const known = await em.findOne(WebhookEndpointRow, { organisation, url });
  if (known !== null) {
    const isReset = known.disabledAt != null && (await em.transactional((inside) => enableAgain(inside as Manager, known, now)));
    return { id: known.id, secret: null, isReset };
  }
  const id = `hook-${randomBytes(8).toString('hex')}`;
  const secret = newSecret();
  const { xid, id: change } = await newestPlace(em);
  await em.insert(WebhookEndpointRow, {
    id,
    organisation,
    capacity,
    url,
    secret,
    formerSecret: null,
    formerUntil: null,
    madeAt: now,
    disabledAt: null,
    disabledBecause: null,
    xid,
    change,
  });
  return { id, secret, isReset: false };
}

/** Returns whether something was let go of meanwhile. */
async function enableAgain(em: Manager, { id, xid, change }: WebhookEndpointRow, now: Instant): Promise<boolean> {
  await em.nativeUpdate(WebhookEndpointRow, { id }, { disabledAt: null, disabledBecause: null });
  // What it did not take after the last message that it took: with the same ids and bodies, and with all its tries again.
  await em.execute(
    `update outbox set state = ?, tries = 0, due_at = ?, result = null, settled_at = null, address = null, leased_until = 0
     where kind = ? and about->>'endpoint' = ? and state in (?, ?) and ${PLACE_OF_MESSAGE} > coalesce(
       (select max(${PLACE_OF_MESSAGE}) from outbox where kind = ? and about->>'endpoint' = ? and state = ?), array[0, 0]::bigint[])`,
    [OutboxState.waiting, now, WEBHOOK_MESSAGE, id, OutboxState.refused, OutboxState.noAddress, WEBHOOK_MESSAGE, id, OutboxState.delivered],
  );
  await em.execute(`select pg_notify('${WORK_CHANNEL}', '')`);
  return !(await isKept(em, { xid, id: change }));
}

/** Where a message ends, as a pair that can be compared. */
const PLACE_OF_MESSAGE = "string_to_array(about->>'sequence', '-')::bigint[]";

/** A new secret; for a day the old one signs too. */
export async function rotateSecret(em: Manager, id: string, now: Instant): Promise<string | undefined> {
  const row = await em.findOne(WebhookEndpointRow, { id });
  if (row === null) return undefined;
  const secret = newSecret();
  await em.nativeUpdate(WebhookEndpointRow, { id }, { secret, formerSecret: row.secret, formerUntil: plusMs(now, OVERLAP_MS) });
  return secret;
}

/** Ends an endpoint; what was on its way to it is not sent any more. */
export async function removeEndpoint(em: Manager, id: string): Promise<void> {
  await em.nativeDelete(WebhookEndpointRow, { id });
}

/** The endpoints of some organisations. */
export function endpointsOf(em: Manager, organisations: readonly string[]): Promise<WebhookEndpointRow[]> {
  return em.find(WebhookEndpointRow, { organisation: { $in: [...organisations] } }, { orderBy: { madeAt: 'asc', id: 'asc' } });
}

/** An endpoint with the secrets that sign now, the newest first; undefined when it was removed or disabled. */
export async function endpointOf(
  em: Manager,
  id: string,
  now: Instant,
): Promise<{ readonly url: string; readonly secrets: readonly string[] } | undefined> {
  const row = await em.findOne(WebhookEndpointRow, { id, disabledAt: null });
  if (row === null) return undefined;
  const former = row.formerSecret != null && row.formerUntil != null && row.formerUntil > now ? [row.formerSecret] : [];
  return { url: row.url, secrets: [row.secret, ...former] };
}

/** Stops an endpoint that does not want any more, or has not answered for days. */
export async function disableEndpoint(em: Manager, id: string, because: string, now: Instant): Promise<void> {
  await em.nativeUpdate(WebhookEndpointRow, { id, disabledAt: null }, { disabledAt: now, disabledBecause: because });
}

/**
 * Writes the next message of every endpoint that waits for none: what has changed since the last one, for its organisation in
 * its capacity. One on its way holds back the next: after an outage a consumer gets everything, in order. Returns how many.
 */
export async function orderWebhooks(em: Manager, now: Instant): Promise<number> {
  const idle = await em.execute<{ id: string }[]>(
    `select e.id from webhook_endpoint e where e.disabled_at is null
     and exists (select 1 from change c where c.operator = e.operator and (c.xid, c.id) > (e.xid, e.change))
     and not exists (select 1 from outbox l where l.state = 'waiting' and l.kind = ? and l.about->>'endpoint' = e.id)
     and not exists (select 1 from outbox l where l.state = 'sending' and l.kind = ? and l.about->>'endpoint' = e.id)`,
    [WEBHOOK_MESSAGE, WEBHOOK_MESSAGE],
  );
  let ordered = 0;
  for (const { id } of idle) if (await em.transactional((inside) => orderOne(inside as Manager, id, now))) ordered += 1;
  return ordered;
}

interface Found {
  readonly xid: number;
  readonly change: number;
  readonly aggregate: string | null;
  readonly kind: string;
  readonly status: string;
  readonly n: number;
  readonly at: string;
}

async function orderOne(em: Manager, id: string, now: Instant): Promise<boolean> {
  const [endpoint] = await em.execute<{ organisation: string; capacity: string; xid: string; change: string }[]>(
    'select organisation, capacity, xid, change from webhook_endpoint where id = ? for update skip locked',
    [id],
  );
  if (endpoint === undefined) return false;
  // The party is asked for in the statement: this is the engine's role, which sees every row of its operator.
  const found = await em.execute<Found[]>(
    `select c.xid::float8 as xid, c.id::float8 as change, c.kind, c.status, c.n, c.at,
       (select p.aggregate from party p where p.aggregate = c.aggregate and p.organisation = ? and p.capacity = ?) as aggregate
     from change c where c.operator = current_setting('interdict.operator', true) and (c.xid, c.id) > (?, ?)
       and c.xid < ((pg_snapshot_xmin(pg_current_snapshot()))::text)::bigint
     order by c.xid, c.id limit ${BATCH}`,
    [endpoint.organisation, endpoint.capacity, endpoint.xid, endpoint.change],
  );
  const last = found.at(-1);
  if (last === undefined) return false;
  await em.nativeUpdate(WebhookEndpointRow, { id }, { xid: last.xid, change: last.change });
  const changes = found.flatMap(({ aggregate, kind, status, n, at, xid, change }) =>
    aggregate === null ? [] : [{ id: aggregate, kind, status, n, at, sequence: `${xid}-${change}` }],
  );
  if (changes.length === 0) return false;
  const about: WebhookMessage = { endpoint: id, sequence: `${last.xid}-${last.change}`, changes };
  const to = { organisation: endpoint.organisation, capacity: endpoint.capacity as 'governance' };
  await em.insert(OutboxRow, {
    id: `${WEBHOOK_MESSAGE}:${id}/${last.xid}-${last.change}`,
    aggregate: '',
    n: 0,
    kind: WEBHOOK_MESSAGE,
    to,
    about: { ...about },
    writtenAt: now,
    dueAt: now,
    state: OutboxState.waiting,
  });
  await em.execute(`select pg_notify('${WORK_CHANNEL}', '')`);
  return true;
}
