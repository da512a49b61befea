import type { HolidayNotice } from '../../calendars/holiday-notice.ts';
import { canonical, sha256Hex } from '../../domain/canonical.ts';
import { AggregateKind } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';
import { Capacity } from '../../domain/aggregate.ts';
import type { Clock } from '../../domain/clock.ts';
import { HolidayNoticeRow } from '../schema/entities/calendars.ts';
import { acceptMessage } from '../log/inbox.ts';
import type { Manager } from '../connection/orm.ts';
import { statement } from '../connection/statement.ts';

/** The newest notice of each year of a country. They are few; whoever counts asks only where the shipped data end. */
export async function noticesOf(em: Manager, country: string): Promise<readonly HolidayNotice[]> {
  const rows = await statement<{ document: HolidayNotice }>(
    em,
    'select distinct on (year) document from holiday_notice where country = $1 order by year, version desc',
    [country],
  );
  // Checked by policies/holiday-notice.ts before it was stored.
  return rows.map(({ document }) => document);
}

/** What became of a notice: `known` is the same one again, the others say which version stands in its way. */
export type NoticeStored =
  | { readonly kind: 'loaded'; readonly recounts: number }
  | { readonly kind: 'known' }
  | { readonly kind: 'differs' | 'older'; readonly version: number };

/**
 * Stores a checked notice and asks every open aggregate with a provisional instant of that country, and every sealed case whose
 * points do not count yet, to count it again. Both in the caller's transaction: a notice that is there has been followed.
 */
export async function loadNotice(em: Manager, clock: Clock, notice: HolidayNotice): Promise<NoticeStored> {
  const { country, year, version } = notice;
  const digest = sha256Hex(canonical(notice));
  await statement(em, 'select pg_advisory_xact_lock(hashtext($1))', [`holiday-notice:${country}:${year}`]);
  const [newest] = await em.find(HolidayNoticeRow, { country, year }, { orderBy: { version: 'desc' }, limit: 1 });
  if (newest !== undefined && newest.version >= version) {
    if (newest.version > version) return { kind: 'older', version: newest.version };
    return newest.digest === digest ? { kind: 'known' } : { kind: 'differs', version };
  }
  const at = clock.now();
  await em.insert(HolidayNoticeRow, { country, year, version, digest, document: { ...notice }, since: at });
  const open = await openWith(em, country);
  const sealed = await pointsAhead(em, country, at);
  for (const id of open) await ask(em, clock, id, digest, {});
  for (const { id, from, told } of sealed) await ask(em, clock, id, digest, { points: { from, told } });
  return { kind: 'loaded', recounts: open.length + sealed.length };
}

async function ask(em: Manager, clock: Clock, aggregate: string, digest: string, more: Readonly<Record<string, unknown>>): Promise<void> {
  const content = { by: { capacity: Capacity.engine }, kind: 'recountInstants', ...more };
  await acceptMessage(em, clock, { id: `recount:${digest}:${aggregate}`, aggregate, sender: 'calendar', content, fingerprint: digest });
}

/** Open aggregates whose state holds a provisional instant of the country. */
async function openWith(em: Manager, country: string): Promise<readonly string[]> {
  const rows = await statement<{ id: string }>(em, OPEN_WITH, [JSON.stringify([{ calendar: { country } }])]);
  return rows.map(({ id }) => id);
}

const OPEN_WITH = `select id from aggregate where not is_final
  and (state->'window'->'provisional' @> $1::jsonb or state->'untilOpen' @> $1::jsonb or state->'offerOpen' @> $1::jsonb) order by id`;

interface PointsAhead {
  readonly id: string;
  readonly from: Instant;
  readonly told: Instant;
}

/** Sealed cases whose points count from a provisional instant that lies ahead, with what that was counted from. */
async function pointsAhead(em: Manager, country: string, at: Instant): Promise<readonly PointsAhead[]> {
  return statement<PointsAhead>(em, POINTS_AHEAD, [at, country]);
}

/** The last event that dated the row is the one that counts; it may be an appeal's. */
const POINTS_AHEAD = `
  select l."case" as id, l.counts_from as told, dated.event->'provisional'->0->>'from' as "from"
  from (select coalesce(a.about, a.id) as "case", row.counts_from from ledger row join aggregate a on a.id = row.aggregate
        where row.voided_by is null and row.counts_from > $1) l
  cross join lateral (
    select event from aggregate a join decision d on d.aggregate = a.id
      cross join lateral jsonb_array_elements(coalesce(d.envelope->'outcome'->'events', '[]'::jsonb)) as event
    where (a.id = l."case" or (a.about = l."case" and a.kind = '${AggregateKind.appeal}'))
      and event->>'type' in ('LedgerEntered', 'LedgerReleased', 'LedgerRecounted')
    order by d.at desc, (a.about is not null) desc, d.n desc limit 1) dated
  where dated.event->'provisional'->0->'calendar'->>'country' = $2 order by 1`;
