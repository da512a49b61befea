import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { inTransaction } from './database.ts';
import { addFault, clearFaults } from './faults.ts';
import { send, type Market } from './gate.ts';
import { writeImage } from './images.ts';
import { addOrders, answerListing, editListing, endListing, upsertListings, type Answer } from './listings.ts';
import { idOf } from './public-routes.ts';
import { readRequests } from './requests.ts';
import { editSchema, faultSchema, listingRowsSchema, ordersSchema } from './schemas.ts';

const querySchema = z.object({ listing: z.string().optional(), shop: z.string().optional(), key: z.string().optional() });
const nameSchema = z.object({ name: z.string().min(1).max(200) });
const DONE: Answer = { status: 200, body: { status: 'done' } };

/** What importers, tests and scenarios use to set the stage and to look behind it. */
export function addAdminRoutes(app: FastifyInstance, market: Market): void {
  const { db } = market;
  const change = (work: (request: FastifyRequest) => Answer) => (request: FastifyRequest, reply: FastifyReply) =>
    send(reply, inTransaction(db, () => work(request)));
  app.put('/admin/listings', change((request) => upsertListings(db, listingRowsSchema.parse(request.body).listings)));
  app.post('/admin/listings/:id/edit', change((request) => editListing(db, idOf(request), editSchema.parse(request.body))));
  app.post('/admin/listings/:id/sold-out', change((request) => endListing(db, idOf(request), 'sold-out')));
  app.post('/admin/listings/:id/gone', change((request) => endListing(db, idOf(request), 'gone')));
  app.post('/admin/listings/:id/orders', change((request) => addOrders(db, idOf(request), ordersSchema.parse(request.body).n)));
  app.put('/admin/images/:name', change((request) => {
    const type = request.headers['content-type'] ?? 'application/octet-stream';
    writeImage(db, nameSchema.parse(request.params).name, { type, bytes: z.instanceof(Buffer).parse(request.body) });
    return DONE;
  }));
  app.post('/admin/faults', change((request) => {
    addFault(db, faultSchema.parse(request.body));
    return { status: 201, body: { status: 'scripted' } };
  }));
  app.delete('/admin/faults', change(() => {
    clearFaults(db);
    return DONE;
  }));
  app.get('/admin/requests', (request, reply) => reply.send({ requests: readRequests(db, querySchema.parse(request.query)) }));
  app.get('/admin/state', (request, reply) => {
    const { listing } = querySchema.parse(request.query);
    return send(reply, listing === undefined ? countAll(market) : answerListing(db, listing));
  });
}

function countAll({ db }: Market): Answer {
  const listings = Object.fromEntries(
    z.array(z.object({ status: z.string(), n: z.number() })).parse(db.prepare('select status, count(*) as n from listings group by status').all()).map(({ status, n }) => [status, n]),
  );
  const counts = db.prepare('select (select count(*) from shops) as shops, (select count(*) from shop_messages) as messages, (select count(*) from requests) as requests').get();
  return { status: 200, body: { listings, ...counts } };
}
