import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { PAGE_HEADERS } from '../html.ts';
import { act, type EffectRoute, faulted, look, type Market, send } from './gate.ts';
import { readImage } from './images.ts';
import { answerListing, putBack, readListing, takeDown } from './listings.ts';
import { listingPage } from './pages.ts';
import { type Operation, putBackSchema, remarkSchema, restrictionSchema, shopMessageSchema, takedownSchema } from './schemas.ts';
import { answerMessages, answerShop, closeShop, liftRestriction, reopenShop, restrict, sendMessage } from './shops.ts';

const idSchema = z.object({ id: z.string().min(1) });
const nameSchema = z.object({ name: z.string().min(1) });

/** The id in the path. */
export function idOf(request: FastifyRequest): string {
  return idSchema.parse(request.params).id;
}

/** What the engine, buyers and sellers use. */
export function addPublicRoutes(app: FastifyInstance, market: Market): void {
  app.get('/listings/:id', (request, reply) => {
    const id = idOf(request);
    return look(market, request, reply, { listing: id }, () => answerListing(market.db, id));
  });
  app.get('/listings/:id/page', (request, reply) => sendPage(market, request, reply));
  app.get('/images/:name', (request, reply) => sendImage(market, request, reply));
  app.post('/listings/:id/takedown', (request, reply) => {
    const id = idOf(request);
    return act(market, request, reply, {
      operation: 'takedown',
      target: { listing: id },
      body: takedownSchema,
      effect: (at, body) => takeDown(market.db, at, id, body),
    });
  });
  app.post('/listings/:id/put-back', (request, reply) => {
    const id = idOf(request);
    return act(market, request, reply, {
      operation: 'put-back',
      target: { listing: id },
      body: putBackSchema,
      effect: (at) => putBack(market.db, at, id),
    });
  });
  addShopRoutes(app, market);
}

function addShopRoutes(app: FastifyInstance, market: Market): void {
  const shop =
    <T>(operation: Operation, body: z.ZodType<T>, effect: (id: string, at: string, body: T) => ReturnType<EffectRoute<T>['effect']>) =>
    (request: FastifyRequest, reply: FastifyReply) => {
      const id = idOf(request);
      return act(market, request, reply, {
        operation,
        target: { shop: id },
        body,
        effect: (at, parsed: T) => effect(id, at, parsed),
      });
    };
  const { db } = market;
  app.get('/shops/:id', (request, reply) => send(reply, answerShop(db, market.now(), idOf(request))));
  app.get('/shops/:id/messages', (request, reply) => send(reply, answerMessages(db, market.now(), idOf(request))));
  app.post(
    '/shops/:id/restriction',
    shop('restriction', restrictionSchema, (id, at, body) => restrict(db, at, id, body)),
  );
  app.delete(
    '/shops/:id/restriction',
    shop('restriction', remarkSchema, (id, at) => liftRestriction(db, at, id)),
  );
  app.post(
    '/shops/:id/closure',
    shop('closure', remarkSchema, (id, at) => closeShop(db, at, id)),
  );
  app.delete(
    '/shops/:id/closure',
    shop('closure', remarkSchema, (id, at) => reopenShop(db, at, id)),
  );
  app.post(
    '/shops/:id/messages',
    shop('message', shopMessageSchema, (id, at, body) => sendMessage(db, at, id, body)),
  );
}

async function sendPage(market: Market, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const listing = readListing(market.db, idOf(request));
  const isShown = listing?.status === 'live' || listing?.status === 'sold-out';
  return reply
    .status(listing === undefined ? 404 : isShown ? 200 : 410)
    .headers(PAGE_HEADERS)
    .send(listingPage(listing));
}

async function sendImage(market: Market, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const fault = await faulted(market, request, reply, 'image', {});
  if (fault !== undefined) return fault;
  const image = readImage(market.db, nameSchema.parse(request.params).name);
  if (image === undefined) return send(reply, { status: 404, body: { code: 'unknown-image', message: 'There is no such image.' } });
  return reply.headers({ 'content-type': image.type, 'x-content-type-options': 'nosniff' }).send(image.bytes);
}
