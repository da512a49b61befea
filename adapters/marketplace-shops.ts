import { z } from 'zod';
import type { ShopResult } from '../domain/effects.ts';
import { marketplaceUnavailable } from './failures.ts';
import type { ShopMeasure } from './ports.ts';
import type { HttpReply } from './http-exchange.ts';
import { codeOf, jsonOf, problemOf } from './marketplace-replies.ts';

/** How a request with an idempotency key is sent. */
type Send = (method: 'POST' | 'DELETE', path: string, key: string, body: unknown) => Promise<HttpReply>;

const ROUTES = {
  'restrict-shop': { method: 'POST', path: 'restriction', says: z.object({ status: z.literal('restricted') }) },
  'lift-restriction': { method: 'DELETE', path: 'restriction', says: z.object({ status: z.enum(['lifted', 'not-restricted']) }) },
  'close-shop': { method: 'POST', path: 'closure', says: z.object({ status: z.enum(['closed', 'already-closed']) }) },
  'reopen-shop': { method: 'DELETE', path: 'closure', says: z.object({ status: z.enum(['reopened', 'already-open']) }) },
} as const;

/**
 * Restricts, freezes or closes a shop, or undoes that. The marketplace is not told when a measure ends: it ends when we say so.
 * @throws ActivityFailure for trouble on the way and for answers that nobody understands
 */
export async function actOnShop(send: Send, { key, act, shop, measure, reason, reference }: ShopMeasure): Promise<ShopResult> {
  const { method, path, says } = ROUTES[act];
  const body = act === 'restrict-shop' ? { measure, reason, reference } : { reason, reference };
  const reply = await send(method, `shops/${encodeURIComponent(shop)}/${path}`, key, body);
  if (reply.status === 404 && codeOf(reply) === 'unknown-shop') return { kind: 'unknown-shop' };
  if (reply.status === 409 && codeOf(reply) === 'conflict') throw marketplaceUnavailable('status 409, another request is changing the shop');
  const said = reply.status === 200 ? says.safeParse(jsonOf(reply)) : undefined;
  if (said?.success !== true) throw problemOf(reply);
  return { kind: said.data.status };
}
