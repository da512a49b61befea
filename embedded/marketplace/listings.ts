import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { listingVersion } from '../../domain/listing-version.ts';
import { type ListingEdit, type ListingRow, listingStatusSchema, type Takedown } from './schemas.ts';

/** An answer before it is sent: HTTP status and JSON body. */
export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

const storedSchema = z.object({
  id: z.string(),
  marketplace: z.string(),
  market: z.string(),
  title: z.string(),
  description: z.string().nullable(),
  brand: z.string().nullable(),
  images: z.string(),
  price: z.string().nullable(),
  category: z.string().nullable(),
  seller: z.string().nullable(),
  version: z.string(),
  status: listingStatusSchema,
  status_before: z.string().nullable(),
  completed_orders: z.number(),
});
type Stored = z.output<typeof storedSchema>;

function find(db: DatabaseSync, id: string): Stored | undefined {
  const row = db.prepare('select * from listings where id = ?').get(id);
  return row === undefined ? undefined : storedSchema.parse(row);
}

const UNKNOWN: Answer = { status: 404, body: { code: 'unknown-listing', message: 'There is no such listing.' } };

/** A listing as the public API shows it: absent fields are left out. */
export interface PublicListing {
  readonly id: string;
  readonly marketplace: string;
  readonly market: string;
  readonly title: string;
  readonly description?: string;
  readonly brand?: string;
  readonly images: readonly string[];
  readonly price?: { readonly amount: number; readonly currency: string };
  readonly category?: string;
  readonly seller?: string;
  readonly status: z.output<typeof listingStatusSchema>;
  readonly version: string;
  readonly completedOrders: number;
}

const imagesSchema = z.array(z.string());
const priceSchema = z.object({ amount: z.number(), currency: z.string() });

/** The listing, or undefined where there is none. */
export function readListing(db: DatabaseSync, id: string): PublicListing | undefined {
  const row = find(db, id);
  if (row === undefined) return undefined;
  return {
    id: row.id,
    marketplace: row.marketplace,
    market: row.market,
    title: row.title,
    ...(row.description === null ? {} : { description: row.description }),
    ...(row.brand === null ? {} : { brand: row.brand }),
    images: imagesSchema.parse(JSON.parse(row.images)),
    ...(row.price === null ? {} : { price: priceSchema.parse(JSON.parse(row.price)) }),
    ...(row.category === null ? {} : { category: row.category }),
    ...(row.seller === null ? {} : { seller: row.seller }),
    status: row.status,
    version: row.version,
    completedOrders: row.completed_orders,
  };
}

/** The listing as an answer. */
export function answerListing(db: DatabaseSync, id: string): Answer {
  const listing = readListing(db, id);
  return listing === undefined ? UNKNOWN : { status: 200, body: { ...listing } };
}

/** Removes the listing when its content is one that was judged; what is gone already is success. */
export function takeDown(db: DatabaseSync, at: string, id: string, { versions }: Takedown): Answer {
  const row = find(db, id);
  if (row === undefined) return UNKNOWN;
  if (row.status === 'removed' || row.status === 'gone') return { status: 200, body: { status: 'already-gone', was: row.status } };
  if (!versions.includes(row.version)) {
    return {
      status: 409,
      body: {
        code: 'listing-edited',
        message: 'The listing is not one of these versions any more.',
        version: row.version,
      },
    };
  }
  db.prepare("update listings set status = 'removed', status_before = status where id = ?").run(id);
  return { status: 200, body: { status: 'removed', at, version: row.version, completedOrders: row.completed_orders } };
}

/** Shows a removed listing again, as it was. */
export function putBack(db: DatabaseSync, at: string, id: string): Answer {
  const row = find(db, id);
  if (row === undefined) return UNKNOWN;
  if (row.status === 'gone') return { status: 200, body: { status: 'gone' } };
  if (row.status !== 'removed') return { status: 200, body: { status: 'already-live' } };
  db.prepare('update listings set status = ?, status_before = null where id = ?').run(row.status_before ?? 'live', id);
  return { status: 200, body: { status: 'restored', at } };
}

/** Adds or changes listings; one that was removed or has gone stays so, whatever the feed says. */
export function upsertListings(db: DatabaseSync, rows: readonly ListingRow[]): Answer {
  const counts = { created: 0, updated: 0, unchanged: 0 };
  for (const row of rows) counts[upsert(db, row)] += 1;
  return { status: 200, body: counts };
}

function upsert(db: DatabaseSync, row: ListingRow): 'created' | 'updated' | 'unchanged' {
  const before = find(db, row.id);
  const isHeld = before?.status === 'removed' || before?.status === 'gone';
  const after: Stored = {
    id: row.id,
    marketplace: row.marketplace,
    market: row.market,
    ...columnsOf(row),
    status: isHeld ? before.status : (row.status ?? 'live'),
    status_before: isHeld ? before.status_before : null,
    completed_orders: row.completedOrders ?? before?.completed_orders ?? 0,
  };
  if (before !== undefined && JSON.stringify(storedSchema.parse(after)) === JSON.stringify(before)) return 'unchanged';
  write(db, after);
  return before === undefined ? 'created' : 'updated';
}

type Content = Pick<ListingRow, 'title' | 'description' | 'brand' | 'images' | 'price' | 'category' | 'seller'>;

function columnsOf(content: Content): Pick<Stored, keyof Content | 'version'> {
  return {
    title: content.title,
    description: content.description ?? null,
    brand: content.brand ?? null,
    images: JSON.stringify(content.images ?? []),
    price: content.price == null ? null : JSON.stringify(content.price),
    category: content.category ?? null,
    seller: content.seller ?? null,
    version: listingVersion(content),
  };
}

function write(db: DatabaseSync, row: Stored): void {
  const names = Object.keys(row);
  db.prepare(`insert or replace into listings (${names.join(', ')}) values (${names.map(() => '?').join(', ')})`).run(...Object.values(row));
  if (row.seller !== null) db.prepare('insert or ignore into shops (id) values (?)').run(row.seller);
}

/** The seller changes the listing: the version follows the content, the status stays. */
export function editListing(db: DatabaseSync, id: string, edit: ListingEdit): Answer {
  const row = find(db, id);
  const before = readListing(db, id);
  if (row === undefined || before === undefined) return UNKNOWN;
  write(db, {
    ...row,
    ...columnsOf({
      ...before,
      ...edit,
      images: edit.images === undefined ? [...before.images] : edit.images,
      title: edit.title ?? before.title,
    }),
  });
  return answerListing(db, id);
}

/** The seller ends the listing, or its stock does. A removed one stays removed and is sold out when it comes back. */
export function endListing(db: DatabaseSync, id: string, as: 'gone' | 'sold-out'): Answer {
  const row = find(db, id);
  if (row === undefined) return UNKNOWN;
  const column = as === 'sold-out' && row.status === 'removed' ? 'status_before' : 'status';
  db.prepare(`update listings set ${column} = ? where id = ?`).run(as, id);
  return answerListing(db, id);
}

/** Buyers complete `n` further orders. */
export function addOrders(db: DatabaseSync, id: string, n: number): Answer {
  db.prepare('update listings set completed_orders = completed_orders + ? where id = ?').run(n, id);
  return answerListing(db, id);
}
