import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { inTransaction } from './database.ts';
import { addFault, clearFaults } from './faults.ts';
import { type Market, send } from './gate.ts';
import { writeImage } from './images.ts';
import { type Answer, addOrders, answerListing, editListing, endListing, upsertListings } from './listings.ts';
import { idOf } from './public-routes.ts';
import { readRequests } from './requests.ts';
import { editSchema, faultSchema, listingRowsSchema, ordersSchema } from './schemas.ts';

const querySchema = z.object({
  listing: z.string().optional(),
  shop: z.string().optional(),
  key: z.string().optional(),
});
const nameSchema = z.object({ name: z.string().min(1).max(200) });
const DONE: Answer = { status: 200, body: { status: 'done' } };

type Change = (request: FastifyRequest) => Answer;

/** What importers, tests and scenarios use to set the stage and to look behind it. */
export function addAdminRoutes(app: FastifyInstance, market: Market): void {
  const { db } = market;
  const changes: readonly (readonly ['PUT' | 'POST' | 'DELETE', string, Change])[] = [
    ['PUT', '/admin/listings', (request) => upsertListings(db, listingRowsSchema.parse(request.body).listings)],
    ['POST', '/admin/listings/:id/edit', (request) => editListing(db, idOf(request), editSchema.parse(request.body))],
    ['POST', '/admin/listings/:id/sold-out', (request) => endListing(db, idOf(request), 'sold-out')],
    ['POST', '/admin/listings/:id/gone', (request) => endListing(db, idOf(request), 'gone')],
    ['POST', '/admin/listings/:id/orders', (request) => addOrders(db, idOf(request), ordersSchema.parse(request.body).n)],
    ['PUT', '/admin/images/:name', (request) => keepImage(market, request)],
    ['POST', '/admin/faults', (request) => scriptFault(market, request)],
    ['DELETE', '/admin/faults', () => endFaults(market)],
  ];
  for (const [method, url, change] of changes) {
    const handler = (request: FastifyRequest, reply: FastifyReply) =>
      send(
        reply,
        inTransaction(db, () => change(request)),
      );
    app.route({ method, url, handler });
  }
  app.get('/admin/requests', (request, reply) => reply.send({ requests: readRequests(db, querySchema.parse(request.query)) }));
  app.get('/admin/state', (request, reply) => {
    const { listing } = querySchema.parse(request.query);
    return send(reply, listing === undefined ? countAll(market) : answerListing(db, listing));
  });
}

function keepImage({ db }: Market, request: FastifyRequest): Answer {
  const type = request.headers['content-type'] ?? 'application/octet-stream';
  writeImage(db, nameSchema.parse(request.params).name, { type, bytes: z.instanceof(Buffer).parse(request.body) });
  return DONE;
}

function scriptFault({ db }: Market, request: FastifyRequest): Answer {
  addFault(db, faultSchema.parse(request.body));
  return { status: 201, body: { status: 'scripted' } };
}

function endFaults({ db }: Market): Answer {
  clearFaults(db);
  return DONE;
}

function countAll({ db }: Market): Answer {
  const listings = Object.fromEntries(
    z
      .array(z.object({ status: z.string(), n: z.number() }))
      .parse(db.prepare('select status, count(*) as n from listings group by status').all())
      .map(({ status, n }) => [status, n]),
  );
  const counts = db
    .prepare(
      'select (select count(*) from shops) as shops, (select count(*) from shop_messages) as messages, (select count(*) from requests) as requests',
    )
    .get();
  return { status: 200, body: { listings, ...counts } };
}
