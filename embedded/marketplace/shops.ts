import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { Answer } from './listings.ts';
import { type Restriction, restrictionSchema, type ShopMessage } from './schemas.ts';

const storedSchema = z.object({ id: z.string(), restriction: z.string().nullable(), closed_at: z.string().nullable() });
const messageSchema = z.object({
  id: z.number(),
  at: z.string(),
  subject: z.string(),
  text: z.string(),
  reference: z.string(),
});

const UNKNOWN: Answer = { status: 404, body: { code: 'unknown-shop', message: 'There is no such shop.' } };

interface Shop {
  readonly id: string;
  readonly restriction?: Restriction | undefined;
  readonly closedAt?: string | undefined;
}

/** A restriction whose end has passed is none any more. */
function find(db: DatabaseSync, at: string, id: string): Shop | undefined {
  const row = db.prepare('select * from shops where id = ?').get(id);
  if (row === undefined) return undefined;
  const { restriction, closed_at } = storedSchema.parse(row);
  const parsed = restriction === null ? undefined : restrictionSchema.parse(JSON.parse(restriction));
  const isOver = parsed?.until !== undefined && Date.parse(parsed.until) <= Date.parse(at);
  return { id, restriction: isOver ? undefined : parsed, closedAt: closed_at ?? undefined };
}

/** The shop as the public API shows it. */
export function answerShop(db: DatabaseSync, at: string, id: string): Answer {
  const shop = find(db, at, id);
  if (shop === undefined) return UNKNOWN;
  const listings = z.object({ n: z.number() }).parse(db.prepare('select count(*) as n from listings where seller = ?').get(id)).n;
  return { status: 200, body: { ...shop, status: shop.closedAt === undefined ? 'open' : 'closed', listings } };
}

/** Restricts or freezes the shop; a later measure takes the place of an earlier one. */
export function restrict(db: DatabaseSync, at: string, id: string, measure: Restriction): Answer {
  if (find(db, at, id) === undefined) return UNKNOWN;
  db.prepare('update shops set restriction = ? where id = ?').run(JSON.stringify({ ...measure, at }), id);
  return {
    status: 200,
    body: {
      status: 'restricted',
      measure: measure.measure,
      at,
      ...(measure.until === undefined ? {} : { until: measure.until }),
    },
  };
}

/** Lifts the measure. */
export function liftRestriction(db: DatabaseSync, at: string, id: string): Answer {
  const shop = find(db, at, id);
  if (shop === undefined) return UNKNOWN;
  if (shop.restriction === undefined) return { status: 200, body: { status: 'not-restricted' } };
  db.prepare('update shops set restriction = null where id = ?').run(id);
  return { status: 200, body: { status: 'lifted', at } };
}

/** Closes the shop. Its listings keep their own status: what is removed is told listing by listing. */
export function closeShop(db: DatabaseSync, at: string, id: string): Answer {
  const shop = find(db, at, id);
  if (shop === undefined) return UNKNOWN;
  if (shop.closedAt !== undefined) return { status: 200, body: { status: 'already-closed', at: shop.closedAt } };
  db.prepare('update shops set closed_at = ? where id = ?').run(at, id);
  return { status: 200, body: { status: 'closed', at } };
}

/** Opens a closed shop again. */
export function reopenShop(db: DatabaseSync, at: string, id: string): Answer {
  const shop = find(db, at, id);
  if (shop === undefined) return UNKNOWN;
  if (shop.closedAt === undefined) return { status: 200, body: { status: 'already-open' } };
  db.prepare('update shops set closed_at = null where id = ?').run(id);
  return { status: 200, body: { status: 'reopened', at } };
}

/** Puts a message in the shop's box: how a seller without mail is reached. */
export function sendMessage(db: DatabaseSync, at: string, id: string, { subject, text, reference }: ShopMessage): Answer {
  if (find(db, at, id) === undefined) return UNKNOWN;
  const { lastInsertRowid } = db
    .prepare('insert into shop_messages (shop, at, subject, text, reference) values (?, ?, ?, ?, ?)')
    .run(id, at, subject, text, reference);
  return { status: 201, body: { id: String(lastInsertRowid), at } };
}

/** The box of the shop, oldest first. */
export function answerMessages(db: DatabaseSync, at: string, id: string): Answer {
  if (find(db, at, id) === undefined) return UNKNOWN;
  const rows = z
    .array(messageSchema)
    .parse(db.prepare('select id, at, subject, text, reference from shop_messages where shop = ? order by id').all(id));
  return { status: 200, body: { messages: rows.map((row) => ({ ...row, id: String(row.id) })) } };
}
