import { z } from 'zod';
import type { ImportRow } from '../../store/register/imports/schemas.ts';
import type { Stage } from './stage.ts';

const MOST_LISTINGS = 1_000;

const listingSchema = z.object({ status: z.string(), completedOrders: z.number(), version: z.string() });
const requestSchema = z.object({
  at: z.string(),
  operation: z.string(),
  key: z.string(),
  outcome: z.string(),
  result: z.string().optional(),
  shop: z.string().optional(),
});
const shopSchema = z.object({ status: z.string(), restriction: z.object({ measure: z.string() }).optional() });
const shopMessageSchema = z.object({ at: z.string(), subject: z.string(), text: z.string(), reference: z.string() });
const mailSchema = z.object({
  id: z.string(),
  at: z.string(),
  to: z.array(z.string()),
  messageId: z.string().optional(),
  subject: z.string(),
  text: z.string(),
  copies: z.number(),
});

export type MarketplaceListing = z.output<typeof listingSchema>;
export type MarketplaceRequest = z.output<typeof requestSchema>;
export type ShopMessage = z.output<typeof shopMessageSchema>;
export type Mail = z.output<typeof mailSchema>;

/** A fault on one of the outside systems, and the instant at which it ends by itself. */
export interface ActiveFault {
  readonly on: 'marketplace' | 'mailbox';
  readonly body: Readonly<Record<string, unknown>>;
  readonly until?: string;
}

/** The marketplace and the mailbox of a stack, over the HTTP that any test or tool may use. */
export class Outside {
  readonly #stack: Pick<Stage, 'marketplace' | 'mailbox'>;
  #faults: ActiveFault[] = [];

  constructor(stack: Pick<Stage, 'marketplace' | 'mailbox'>) {
    this.#stack = stack;
  }

  /** What a feed of the marketplace would hold is what it shows: listings are put there as they are imported. */
  async putListings(rows: readonly ImportRow['listings'][]): Promise<void> {
    for (let from = 0; from < rows.length; from += MOST_LISTINGS) {
      const listings = rows
        .slice(from, from + MOST_LISTINGS)
        .map(({ listing: id, marketplace, market, title, description, brand, images, price, category, seller }) => ({
          ...{ id, marketplace, market, title, description, brand, images, price, category, seller },
        }));
      await this.#market('PUT', 'admin/listings', { listings });
    }
  }

  /** One of the marketplace's own acts on a listing: `edit`, `sold-out`, `gone`, `orders`. */
  async onListing(id: string, act: string, body: Readonly<Record<string, unknown>> = {}): Promise<void> {
    await this.#market('POST', `admin/listings/${encodeURIComponent(id)}/${act}`, body);
  }

  /** The listing; undefined when the marketplace does not know it. */
  async listing(id: string): Promise<MarketplaceListing | undefined> {
    const reply = await fetch(new URL(`admin/state?listing=${encodeURIComponent(id)}`, `${this.#stack.marketplace.url}/`));
    return reply.status === 404 ? undefined : listingSchema.parse(await reply.json());
  }

  /** Requests for effects, oldest first; of one listing, or all. */
  async requests(listing?: string): Promise<readonly MarketplaceRequest[]> {
    const query = listing === undefined ? '' : `?listing=${encodeURIComponent(listing)}`;
    return z.object({ requests: z.array(requestSchema) }).parse(await this.#market('GET', `admin/requests${query}`)).requests;
  }

  /** The shop; undefined when the marketplace does not know it. */
  async shop(id: string): Promise<z.output<typeof shopSchema> | undefined> {
    const reply = await fetch(new URL(`shops/${encodeURIComponent(id)}`, `${this.#stack.marketplace.url}/`));
    return reply.status === 404 ? undefined : shopSchema.parse(await reply.json());
  }

  /** The message box of a shop; empty when there is no such shop. */
  async shopMessages(shop: string): Promise<readonly ShopMessage[]> {
    const reply = await fetch(new URL(`shops/${encodeURIComponent(shop)}/messages`, `${this.#stack.marketplace.url}/`));
    return reply.status === 404 ? [] : z.object({ messages: z.array(shopMessageSchema) }).parse(await reply.json()).messages;
  }

  /** All mail, oldest first. */
  async mails(): Promise<readonly Mail[]> {
    return z.object({ messages: z.array(mailSchema) }).parse(await call(this.#stack.mailbox.url, 'GET', 'messages')).messages;
  }

  /** Scripts a fault. */
  async addFault(fault: ActiveFault): Promise<void> {
    this.#faults.push(fault);
    await this.#script(fault);
  }

  /** The next instant at which a fault ends by itself. */
  nextEnd(): string | undefined {
    return this.#faults.flatMap(({ until }) => (until === undefined ? [] : [until])).sort()[0];
  }

  /** Ends the faults whose time is over at an instant; without one all faults. */
  async endFaults(at?: string): Promise<void> {
    const left = at === undefined ? [] : this.#faults.filter(({ until }) => until === undefined || until > at);
    if (at !== undefined && left.length === this.#faults.length) return;
    await this.#market('DELETE', 'admin/faults');
    await call(this.#stack.mailbox.url, 'DELETE', 'faults');
    // The servers forget all at once. Those that are counted down may have been used up: they are not scripted again.
    this.#faults = left.filter(({ body }) => body['times'] === undefined);
    for (const fault of this.#faults) await this.#script(fault);
  }

  async #script({ on, body }: ActiveFault): Promise<void> {
    if (on === 'marketplace') await this.#market('POST', 'admin/faults', body);
    else await call(this.#stack.mailbox.url, 'POST', 'faults', body);
  }

  #market(method: string, path: string, body?: unknown): Promise<unknown> {
    return call(this.#stack.marketplace.url, method, path, body);
  }
}

async function call(base: string, method: string, path: string, body?: unknown): Promise<unknown> {
  const sent = body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const reply = await fetch(new URL(path, `${base}/`), { method, ...sent });
  const answer: unknown = await reply.json();
  if (!reply.ok) throw new Error(`${method} ${path} was answered ${reply.status}: ${JSON.stringify(answer)}`);
  return answer;
}
