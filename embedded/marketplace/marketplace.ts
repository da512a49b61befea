import Fastify, { type FastifyInstance } from 'fastify';
import { ZodError } from 'zod';
import { inFolder } from '../embedded-error.ts';
import type { Log, RunningPart } from '../log.ts';
import { portProblem } from '../ports.ts';
import { addAdminRoutes } from './admin-routes.ts';
import { openDatabase } from './database.ts';
import type { Market } from './gate.ts';
import { addPublicRoutes } from './public-routes.ts';

const BODY_LIMIT = 64 * 1024 * 1024;
const ID_LIMIT = 1_000;

/** How to run the reference marketplace. */
export interface MarketplaceOptions {
  readonly dir: string;
  readonly port: number;
  readonly host: string;
  /** Its clock, as an ISO 8601 instant: scenarios run on a virtual one. */
  readonly now: () => string;
  readonly log: Log;
}

/** A running reference marketplace. */
export interface RunningMarketplace extends RunningPart {
  readonly url: string;
}

/**
 * Starts the reference marketplace on its folder: listings, shops, orders and the replies to idempotency keys are kept there.
 * @throws EmbeddedError `port-in-use`, folder errors
 */
export async function startMarketplace({ dir, port, host, now, log }: MarketplaceOptions): Promise<RunningMarketplace> {
  const db = await inFolder(dir, () => openDatabase(dir));
  const closing = new AbortController();
  const app = createApp({ db, now, closing: closing.signal });
  try {
    const url = await app.listen({ port, host });
    log(`marketplace: ready on ${url}`);
    let stopping: Promise<void> | undefined;
    const stop = async () => {
      closing.abort();
      await app.close();
      db.close();
    };
    return { url, stop: () => (stopping ??= stop()) };
  } catch (error) {
    db.close();
    throw portProblem(error, port, 'the marketplace');
  }
}

function createApp(market: Market): FastifyInstance {
  const app = Fastify({
    logger: false,
    bodyLimit: BODY_LIMIT,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: ID_LIMIT },
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, body === '' ? undefined : JSON.parse(body.toString()));
    } catch {
      done(Object.assign(new Error('The body is not JSON.'), { statusCode: 400 }));
    }
  });
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.setErrorHandler((error, _request, reply) => {
    if (error instanceof ZodError) {
      const message = error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`).join('; ');
      return reply.status(400).send({ code: 'invalid', message });
    }
    const status = statusOf(error);
    return reply.status(status).send({
      code: status < 500 ? 'invalid' : 'fault',
      message: error instanceof Error ? error.message : String(error),
    });
  });
  app.setNotFoundHandler((_request, reply) => reply.status(404).send({ code: 'not-found', message: 'There is no such address.' }));
  addPublicRoutes(app, market);
  addAdminRoutes(app, market);
  return app;
}

function statusOf(error: unknown): number {
  return typeof error === 'object' && error !== null && 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500;
}
