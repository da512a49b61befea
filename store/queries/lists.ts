import type { Manager } from '../connection/orm.ts';

/** Which aggregates a list shows. Absent means all. */
export interface ListFilter {
  readonly kind: 'case' | 'appeal' | 'sanction' | 'referral';
  readonly status?: string | undefined;
  readonly statuses?: readonly string[] | undefined;
  readonly isOpen?: boolean | undefined;
  readonly holders?: readonly string[] | undefined;
  readonly seller?: string | undefined;
  readonly marketplace?: string | undefined;
  readonly listing?: string | undefined;
  readonly about?: string | undefined;
  readonly dueBefore?: string | undefined;
  readonly dueFrom?: string | undefined;
  readonly dueRule?: string | undefined;
  /** Only these ids, for readers to whom not everything that they are a party to is told. */
  readonly among?: readonly string[] | undefined;
}

/** Where a page ends: the next one begins behind it. */
export interface PageEnd {
  readonly due: string | null;
  readonly id: string;
}

/** One line of a list of cases, appeals or sanctions. */
export interface ListLine {
  readonly id: string;
  readonly kind: string;
  readonly status: string;
  readonly isFinal: boolean;
  readonly marketplace: string;
  readonly listing: string;
  readonly holder: string;
  readonly openedAt: string;
  readonly changedAt: string;
  readonly due: string | null;
  readonly dueRule: string | null;
  readonly about: string | null;
  /** Of a sanction: its measure. */
  readonly measureKind: string | null;
  readonly title: string | null;
}

const COLUMNS = `a.id, a.kind, a.status, a.is_final as "isFinal", a.marketplace, a.listing, a.holder, a.opened_at as "openedAt",
  a.changed_at as "changedAt", a.due, a.due_rule as "dueRule", a.about,
  case when a.kind = 'sanction' then a.state->'step'->>'measure' end as "measureKind"`;

/**
 * One page, the earliest deadline first, then what waits for nothing; each part is one range of an index, so that a page costs
 * the same wherever it lies. Run it as the portal's role: what the party must not see is not there.
 */
export async function listPage(em: Manager, filter: ListFilter, limit: number, after?: PageEnd): Promise<readonly Omit<ListLine, 'title'>[]> {
  const due = after === undefined || after.due !== null ? await part(em, filter, limit, true, after) : [];
  if (due.length >= limit) return due;
  const rest = await part(em, filter, limit - due.length, false, after?.due === null ? after : undefined);
  return [...due, ...rest];
}

type Line = Omit<ListLine, 'title'>;

function part(em: Manager, filter: ListFilter, limit: number, hasDue: boolean, after: PageEnd | undefined): Promise<Line[]> {
  const { sql, params } = conditions(filter);
  if (after !== undefined) {
    sql.push(hasDue ? '(a.due, a.id) > (?, ?)' : 'a.id > ?');
    params.push(...(hasDue ? [after.due, after.id] : [after.id]));
  }
  sql.push(`a.due is ${hasDue ? 'not null' : 'null'}`);
  const order = hasDue ? 'a.due, a.id' : 'a.id';
  return em.execute<Line[]>(`select ${COLUMNS} from aggregate a where ${sql.join(' and ')} order by ${order} limit ${limit}`, params);
}

function conditions(filter: ListFilter): { sql: string[]; params: unknown[] } {
  const sql = ["a.operator = current_setting('interdict.operator', true)", 'a.kind = ?'];
  const params: unknown[] = [filter.kind];
  const add = (text: string, ...values: readonly unknown[]) => {
    sql.push(text);
    params.push(...values);
  };
  if (filter.status !== undefined) add('a.status = ?', filter.status);
  if (filter.statuses !== undefined) add('a.status in (?)', filter.statuses);
  if (filter.isOpen !== undefined) add('a.is_final = ?', !filter.isOpen);
  if (filter.holders !== undefined)
    add(filter.holders.length === 0 ? 'false' : 'a.holder in (?)', ...(filter.holders.length === 0 ? [] : [filter.holders]));
  if (filter.marketplace !== undefined) add('a.marketplace = ?', filter.marketplace);
  if (filter.listing !== undefined) add('a.listing = ?', filter.listing);
  if (filter.about !== undefined) add('a.about = ?', filter.about);
  if (filter.dueBefore !== undefined) add('a.due < ?', filter.dueBefore);
  if (filter.dueFrom !== undefined) add('a.due >= ?', filter.dueFrom);
  if (filter.dueRule !== undefined) add('a.due_rule = ?', filter.dueRule);
  if (filter.among !== undefined) add(filter.among.length === 0 ? 'false' : 'a.id in (?)', ...(filter.among.length === 0 ? [] : [filter.among]));
  return { sql, params };
}

/** How many match, and the earliest deadline among them. */
export async function countOpen(em: Manager, filter: ListFilter): Promise<{ readonly count: number; readonly nextDue: string | null }> {
  const { sql, params } = conditions(filter);
  const [row] = await em.execute<{ count: number; nextDue: string | null }[]>(
    `select count(*)::int as count, min(a.due) as "nextDue" from aggregate a where ${sql.join(' and ')}`,
    params,
  );
  return row ?? { count: 0, nextDue: null };
}

/** The aggregates in which a seller is a party. */
export async function aggregatesOfSeller(em: Manager, seller: string, kind: string): Promise<readonly string[]> {
  const rows = await em.execute<{ id: string }[]>(
    `select a.id from party p join aggregate a on a.id = p.aggregate where p.organisation = ? and p.capacity = 'seller' and a.kind = ?`,
    [seller, kind],
  );
  return rows.map((row) => row.id);
}

/**
 * The aggregates of which a seller has been told: an outbox message has gone to it, about the thing itself or about an appeal of it.
 * Before that a case is a question to a brand, and nothing that the seller could act on.
 */
export async function toldToSeller(em: Manager, seller: string, kind?: string): Promise<readonly string[]> {
  const rows = await em.execute<{ id: string }[]>(
    `select a.id from party p join aggregate a on a.id = p.aggregate
     where p.organisation = ? and p.capacity = 'seller' ${kind === undefined ? '' : 'and a.kind = ?'}
     and (exists (select 1 from outbox l where l.aggregate = a.id and jsonb_exists(l."to", 'seller') and l.state <> 'unwanted')
       or exists (select 1 from aggregate b join outbox l on l.aggregate = b.id where (b.about = a.id or b.id = a.about)
         and jsonb_exists(l."to", 'seller') and l.state <> 'unwanted'))`,
    kind === undefined ? [seller] : [seller, kind],
  );
  return rows.map((row) => row.id);
}

/** Titles of listings as the register holds them. */
export async function titlesOf(em: Manager, listings: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (listings.length === 0) return new Map();
  const rows = await em.execute<{ id: string; title: string | null }[]>("select id, row->>'title' as title from listing where id in (?)", [
    [...new Set(listings)],
  ]);
  return new Map(rows.flatMap(({ id, title }) => (title === null ? [] : [[id, title] as const])));
}

/** Names of organisations. */
export async function namesOf(em: Manager, organisations: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (organisations.length === 0) return new Map();
  const rows = await em.execute<{ id: string; name: string }[]>('select id, name from organisation where id in (?)', [[...new Set(organisations)]]);
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** How many there are by status and holder, and how soon the open ones are due. */
export interface Counts {
  readonly byStatus: readonly { readonly kind: string; readonly status: string; readonly count: number }[];
  readonly ageing: readonly {
    readonly holder: string;
    readonly overdue: number;
    readonly day: number;
    readonly threeDays: number;
    readonly later: number;
  }[];
  /** Cases opened and closed by day (UTC), the oldest first; days without either are left out. */
  readonly load: readonly { readonly day: string; readonly opened: number; readonly closed: number }[];
}

/** Now, ends of the columns of the ageing table, and since when the load is counted. */
interface CountInstants {
  readonly now: string;
  readonly day: string;
  readonly threeDays: string;
  readonly since: string;
}

/** Counts as the party sees them. `instants` bound the columns of the ageing table. */
export async function countAll(em: Manager, instants: CountInstants): Promise<Counts> {
  const byStatus = await em.execute<{ kind: string; status: string; count: number }[]>(
    'select kind, status, count(*)::int as count from aggregate group by kind, status order by kind, status',
  );
  const { now, day, threeDays, since } = instants;
  const ageing = await em.execute<Counts['ageing'][number][]>(
    `select holder, (count(*) filter (where due < ?))::int as overdue, (count(*) filter (where due >= ? and due < ?))::int as day,
       (count(*) filter (where due >= ? and due < ?))::int as "threeDays", (count(*) filter (where due >= ?))::int as later
     from aggregate where kind = 'case' and not is_final and due is not null group by holder order by holder`,
    [now, now, day, day, threeDays, threeDays],
  );
  const load = await em.execute<Counts['load'][number][]>(
    `select day, sum(opened)::int as opened, sum(closed)::int as closed from (
       select left(opened_at, 10) as day, 1 as opened, 0 as closed from aggregate where kind = 'case' and opened_at >= ?
       union all
       select left(changed_at, 10), 0, 1 from aggregate where kind = 'case' and is_final and changed_at >= ?
     ) each group by day order by day`,
    [since, since],
  );
  return { byStatus, ageing, load };
}
