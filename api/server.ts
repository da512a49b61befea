import { randomUUID } from 'node:crypto';
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import { fastifySSE } from '@fastify/sse';
import swagger from '@fastify/swagger';
import fastify, { type RouteOptions } from 'fastify';
import {
  jsonSchemaTransform,
  jsonSchemaTransformObject,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import { z } from 'zod';
import { addBodyPatience } from './body-patience.ts';
import { checkSite } from './cross-site.ts';
import type { ServerDeps } from './deps.ts';
import { answerError, UNSTORABLE } from './errors.ts';
import { checkIds, checkOperation } from './guard.ts';
import { checkCsrf, identify } from './identity.ts';
import { problem, refuse, sendProblem } from './problems.ts';
import { addRateLimit, Proven } from './rate-limit.ts';
import { type App, problems } from './route.ts';
import { addAuditRoutes } from './routes/audit.ts';
import { addCalendarRoutes } from './routes/calendars.ts';
import { addCaseRoutes } from './routes/cases.ts';
import { addDocumentRoutes } from './routes/documents.ts';
import { addExhibitRoutes } from './routes/exhibits.ts';
import { addExportRoutes } from './routes/exports.ts';
import { addImportRoutes } from './routes/imports.ts';
import { addKeyRoutes } from './routes/keys.ts';
import { addLiveRoutes } from './routes/live.ts';
import { addMessageRoutes } from './routes/messages.ts';
import { addOidcRoutes } from './routes/oidc.ts';
import { addDetectorRoutes } from './routes/detectors.ts';
import { addPacketRoutes } from './routes/packets.ts';
import { addPolicyRoutes } from './routes/policies.ts';
import { addQueueRoutes } from './routes/queue.ts';
import { addReferralRoutes } from './routes/referrals.ts';
import { addRegisterRoutes } from './routes/register.ts';
import { addSessionRoutes } from './routes/session.ts';
import { addWebhookRoutes } from './routes/webhooks.ts';
import { unstorablePlaces } from './storable.ts';
import { addPages, isOfPage, pageOf } from './routes/web.ts';

/** Largest body of an ordinary request, in bytes. Imports stream and have their own bound. */
const BODY_LIMIT = 256 * 1024;

/** Builds the API; the caller listens and closes. */
export async function createServer(deps: ServerDeps): Promise<App> {
  const app = fastify({
    bodyLimit: BODY_LIMIT,
    genReqId: () => randomUUID(),
    // One timeout for whole requests would cut a long upload without a word: bodies are bounded one by one.
    requestTimeout: 0,
    trustProxy: trustOf(deps),
    // Longer than any address may be: the schemas say what is too long, in words.
    routerOptions: { maxParamLength: 20_000 },
  }).withTypeProvider<ZodTypeProvider>();
  // What the access test goes through: every route that there is.
  const routes: RouteOptions[] = [];
  app.decorate('apiRoutes', routes);
  app.addHook('onRoute', (route) => void routes.push(route));
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler((error, request, reply) => answerError(deps, error, request, reply));
  const page = deps.pages === undefined ? undefined : pageOf(deps.pages);
  app.setNotFoundHandler((request, reply) => {
    if (page !== undefined && isOfPage(request))
      return reply.status(200).type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(page);
    const allowed = methodsAt(routes, request.url);
    if (allowed.length === 0) return sendProblem(request, reply, problem('no-such-route'));
    return sendProblem(request, reply.header('allow', allowed.join(', ')), problem('wrong-method'));
  });
  const proven = new Proven(deps);
  await addSecurity(app, deps);
  await addRateLimit(app, deps, proven);
  await app.register(fastifySSE, { heartbeatInterval: 15_000 });
  await addDocument(app, deps);
  addGuards(app, deps, proven);
  addBodyPatience(app, deps, BODY_LIMIT);
  addHealth(app);
  addSessionRoutes(app, deps);
  addCaseRoutes(app, deps);
  addQueueRoutes(app, deps);
  addMessageRoutes(app, deps);
  addReferralRoutes(app, deps);
  addExhibitRoutes(app, deps);
  addDocumentRoutes(app, deps);
  addPacketRoutes(app, deps);
  addRegisterRoutes(app, deps);
  addPolicyRoutes(app, deps);
  addDetectorRoutes(app, deps);
  addAuditRoutes(app, deps);
  addImportRoutes(app, deps);
  addExportRoutes(app, deps);
  addOidcRoutes(app, deps);
  addLiveRoutes(app, deps);
  addKeyRoutes(app, deps);
  addWebhookRoutes(app, deps);
  addCalendarRoutes(app, deps);
  if (deps.pages !== undefined) await addPages(app, deps.pages);
  await app.ready();
  return app;
}

/** Whose word on where a request comes from is taken: the header is the client's own otherwise. */
function trustOf({ trustedProxies }: ServerDeps): false | string[] | ((address: string, hop: number) => boolean) {
  if (trustedProxies === undefined) return false;
  return typeof trustedProxies === 'number' ? (_address, hop) => hop < trustedProxies : [...trustedProxies];
}

/** The methods that an address knows, whatever its ids. */
function methodsAt(routes: readonly RouteOptions[], address: string): readonly string[] {
  const parts = (address.split('?')[0] ?? '').split('/');
  const isAt = (pattern: readonly string[]) =>
    pattern.length === parts.length && pattern.every((part, at) => part.startsWith(':') || part === parts[at]);
  return [...new Set(routes.filter(({ url }) => isAt(url.split('/'))).map(({ method }) => String(method)))].sort();
}

async function addSecurity(app: App, deps: ServerDeps): Promise<void> {
  await app.register(cookie);
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        workerSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: deps.origin.startsWith('https://') ? { maxAge: 31_536_000 } : false,
    referrerPolicy: { policy: 'no-referrer' },
  });
}

async function addDocument(app: App, deps: ServerDeps): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'interdict',
        version: '1',
        description:
          'Cases of intellectual-property enforcement on a marketplace. Every write is a message: it carries your Idempotency-Key, is durable once accepted, and is answered within seconds or with 202 and the place where its answer will stand. Problems are RFC 9457 documents with code, place and cure. Lists are read page by page with `cursor`.',
      },
      servers: [{ url: deps.origin }],
      components: {
        securitySchemes: {
          session: { type: 'apiKey', in: 'cookie', name: 'interdict', description: 'Set by POST /api/sign-in; writes also need X-CSRF-Token.' },
          key: { type: 'http', scheme: 'bearer', description: 'A machine key.' },
        },
      },
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
}

function addGuards(app: App, deps: ServerDeps, proven: Proven): void {
  app.addHook('onRequest', async (request) => {
    // No honest address has a NUL, and the database takes none.
    if (request.url.includes('%00')) refuse('bad-request', { detail: 'The address contains a NUL character.' });
    checkSite(deps, request);
    const { access } = request.routeOptions.config;
    if (access === undefined) return;
    const who = await identify(deps, request);
    proven.note(request, who?.id);
    checkOperation(who, access);
    checkCsrf(who, request);
    request.principal = who;
  });
  app.addHook('preValidation', async (request) => {
    const places = unstorablePlaces(request.body);
    const message = 'contains half a character or NUL';
    if (places.length > 0) refuse('bad-request', { ...UNSTORABLE, places: places.map((place) => ({ place, message })) });
  });
  app.addHook('preHandler', async (request) => {
    const { access } = request.routeOptions.config;
    if (access?.ids !== undefined && request.principal !== undefined) await checkIds(deps, request.principal, request, access.ids);
  });
  app.addHook('onSend', async (request, reply) => {
    reply.header('x-request-id', request.id);
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
  });
}

function addHealth(app: App): void {
  app.get('/healthz', { schema: { hide: true } }, () => ({ ok: true }));
  const response = { 200: z.looseObject({ openapi: z.string() }).describe('OpenAPI 3.1'), ...problems(406, 429) };
  app.get('/api/openapi.json', { schema: { summary: 'This document', tags: ['document'], response } }, (_request, reply) => {
    reply.header('cache-control', 'no-cache');
    return z.looseObject({ openapi: z.string() }).parse(app.swagger());
  });
}
