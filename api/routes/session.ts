import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { orderLinks } from '../../store/access/order-link.ts';
import { beginSession, endSession, isLinkGood, useLink } from '../../store/access/sign-in.ts';
import { work } from '../../store/connection/orm.ts';
import { namesOf } from '../../store/queries/lists.ts';
import { operationsOf } from '../access.ts';
import type { ServerDeps } from '../deps.ts';
import { clearSessionCookie, type Principal, setSessionCookie } from '../identity.ts';
import { confirmPage, PAGE_STYLE, PAGE_STYLE_PATH } from '../pages.ts';
import { refuse } from '../problems.ts';
import { type App, principalOf, problems, READ_PROBLEMS } from '../route.ts';
import { type Session, linkRequestBody, sessionSchema, signInForm, signInQuery, tokenBody } from '../schemas/session.ts';

const tags = ['session'];

/** Signing in with a link, who somebody is, signing out. */
export function addSessionRoutes(app: App, deps: ServerDeps): void {
  addLinkPage(app, deps);
  void app.register((forms, _, done) => {
    // Only here: nothing else of the API reads what a plain form of any page could send.
    forms.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, parsed) => {
      parsed(null, Object.fromEntries(new URLSearchParams(String(body))));
    });
    forms.post('/sign-in', { schema: { hide: true } }, async (request, reply) => {
      const { token, page } = signInForm.parse(request.body);
      await signIn(deps, token, reply);
      return reply.redirect(page ?? '/', 303);
    });
    done();
  });
  app.post(
    '/api/sign-in/link',
    {
      config: { ordersLinks: true },
      schema: {
        tags,
        summary: 'Sends a one-time link to an address, if somebody here has it; the answer is the same if nobody has',
        body: linkRequestBody,
        response: {
          202: z.undefined().describe('If somebody here has this address, a link is on its way'),
          ...problems(400, 403, 406, 408, 413, 415, 429, 503),
        },
      },
    },
    async (request, reply) => {
      const { mail, page } = request.body;
      await orderLinks(work(deps.engine), mail, { origin: deps.origin, ...(page !== undefined && { page }) }, deps.clock.now());
      return reply.status(202).send();
    },
  );
  app.post(
    '/api/sign-in',
    {
      schema: {
        tags,
        summary: 'Signs in with the token of a link; the link is used up',
        body: tokenBody,
        response: { 204: z.undefined().describe('Signed in: the session is in the cookie'), ...problems(400, 401, 403, 408, 413, 415, 429, 503) },
      },
    },
    async (request, reply) => {
      await signIn(deps, request.body.token, reply);
      return reply.status(204).send();
    },
  );
  app.get(
    '/api/session',
    {
      config: { access: { operation: 'session.read', scope: 'read' } },
      schema: {
        tags,
        summary: 'Who you are, for whom you act, and the CSRF token of your writes',
        response: { 200: sessionSchema, ...READ_PROBLEMS },
      },
    },
    async (request) => sessionFor(deps, principalOf(request)),
  );
  app.delete(
    '/api/session',
    {
      config: { access: { operation: 'session.end', scope: 'read' } },
      schema: { tags, summary: 'Signs out', response: { 204: z.undefined().describe('Signed out'), ...READ_PROBLEMS } },
    },
    async (request: FastifyRequest, reply) => {
      const { session } = principalOf(request);
      if (session !== undefined) await endSession(work(deps.engine), session, deps.clock.now());
      clearSessionCookie(deps, reply);
      return reply.status(204).send();
    },
  );
}

/** The page behind a link. Looking uses nothing up: programs that follow every link of a mail must not burn it. */
function addLinkPage(app: App, deps: ServerDeps): void {
  const schema = { hide: true, params: z.object({ token: z.string().max(200) }), querystring: signInQuery };
  app.get('/sign-in/:token', { schema }, async (request, reply) => {
    const { token } = request.params;
    const isGood = await isLinkGood(work(deps.engine), token, deps.clock.now());
    const form = isGood ? { token, page: request.query.page } : undefined;
    return (
      reply
        .status(isGood ? 200 : 401)
        .header('vary', 'accept-language')
        // Without any policy of referrers the browser would say nothing of where the form comes from; the token stays out of it.
        .header('referrer-policy', 'strict-origin')
        .type('text/html; charset=utf-8')
        .send(confirmPage(form, request.headers['accept-language']))
    );
  });
  app.get(PAGE_STYLE_PATH, { schema: { hide: true } }, (_request, reply) =>
    reply.type('text/css; charset=utf-8').header('cache-control', 'no-cache').send(PAGE_STYLE),
  );
}

async function signIn(deps: ServerDeps, token: string, reply: FastifyReply): Promise<void> {
  const em = work(deps.engine);
  const who = await useLink(em, token, deps.clock.now());
  if (who === undefined) refuse('link-not-good');
  // A new session every time: a cookie that somebody planted before is worth nothing.
  setSessionCookie(deps, reply, await beginSession(em, who, 'link', deps.clock.now()));
}

async function sessionFor(deps: ServerDeps, who: Principal): Promise<Session> {
  const names = await namesOf(work(deps.engine), who.organisations);
  return {
    who: who.id,
    name: who.name,
    capacity: who.capacity,
    organisations: who.organisations.map((id) => ({ id, name: names.get(id) ?? id })),
    csrf: who.csrf ?? null,
    now: deps.clock.now(),
    may: [...operationsOf(who.capacity)],
  };
}
