import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { endpointsOf, registerEndpoint, removeEndpoint, rotateSecret } from '../../store/outbox/webhooks.ts';
import { work } from '../../store/connection/orm.ts';
import type { ServerDeps } from '../deps.ts';
import { refuse } from '../problems.ts';
import { type App, principalOf, problems, READ_PROBLEMS, WRITE_PROBLEMS } from '../route.ts';
import { instantSchema } from '../schemas/basics.ts';

const endpointSchema = z
  .object({
    id: z.string(),
    organisation: z.string(),
    url: z.string(),
    madeAt: instantSchema,
    disabledAt: instantSchema.nullable(),
    disabledBecause: z.string().nullable(),
    sequence: z.string().describe('Changes up to here were written to messages'),
  })
  .meta({ id: 'Webhook' });
const newSchema = z
  .object({
    id: z.string(),
    secret: z.string().nullable().describe('Shown once; null where the address was registered before'),
    isReset: z.boolean().describe('Changes before the next message are not kept any more: read again'),
  })
  .meta({ id: 'NewWebhook' });
const secretSchema = z.object({ secret: z.string().describe('Shown once; the former one signs too for a day') }).meta({ id: 'WebhookSecret' });
const idParam = z.object({ id: z.string().min(1).max(64) });
const bodySchema = z
  .strictObject({
    url: z.url().max(2_000).describe('https; http only where private addresses are allowed'),
    organisation: z.string().min(1).max(256).optional().describe('For whom, where you act for several; absent: the first'),
  })
  .meta({ id: 'WebhookOrder' });

const tags = ['webhooks'];
const access = { operation: 'webhook.manage', scope: 'webhooks' } as const;
const OF_ID = [{ kind: 'endpoint', in: 'params', name: 'id' }] as const;

/** Where an organisation wants its changes told. Messages are signed by the Standard Webhooks specification. */
export function addWebhookRoutes(app: App, deps: ServerDeps): void {
  app.get(
    '/api/webhooks',
    {
      config: { access },
      schema: { tags, summary: 'Your endpoints', response: { 200: z.object({ lines: z.array(endpointSchema) }), ...READ_PROBLEMS } },
    },
    async (request) => {
      const rows = await endpointsOf(work(deps.engine), principalOf(request).organisations);
      const lines = rows.map(({ id, organisation, url, madeAt, disabledAt, disabledBecause, xid, change }) => ({
        ...{ id, organisation, url, madeAt, sequence: `${xid}-${change}` },
        ...{ disabledAt: disabledAt ?? null, disabledBecause: disabledBecause ?? null },
      }));
      return { lines };
    },
  );
  app.post(
    '/api/webhooks',
    {
      config: { access: { ...access, ids: [{ kind: 'organisation', in: 'body', name: 'organisation' }] } },
      schema: {
        tags,
        summary:
          'Registers an endpoint from now on, or enables it again; the same address is the same endpoint. One that was disabled gets the messages that it did not take and everything since; `isReset` says that some of it is gone.',
        body: bodySchema,
        response: { 200: newSchema, ...WRITE_PROBLEMS },
      },
    },
    async (request) => {
      const who = principalOf(request);
      const { url, organisation = who.organisations[0] } = request.body;
      if (organisation === undefined || !who.organisations.includes(organisation)) refuse('not-found');
      checkAddress(url, deps.privateWebhooks === true);
      return registerEndpoint(work(deps.engine), { organisation, capacity: who.seenAs, url }, deps.clock.now());
    },
  );
  app.post(
    '/api/webhooks/:id/rotation',
    {
      config: { access: { ...access, ids: OF_ID } },
      schema: {
        tags,
        summary: 'A new secret; the former one signs beside it for a day',
        params: idParam,
        response: { 200: secretSchema, ...WRITE_PROBLEMS },
      },
    },
    async (request) => {
      const secret = await rotateSecret(work(deps.engine), request.params.id, deps.clock.now());
      return secret === undefined ? refuse('not-found') : { secret };
    },
  );
  app.delete(
    '/api/webhooks/:id',
    {
      config: { access: { ...access, ids: OF_ID } },
      schema: {
        tags,
        summary: 'Removes an endpoint',
        params: idParam,
        response: { 204: z.undefined().describe('Removed'), ...READ_PROBLEMS, ...problems(415) },
      },
    },
    async (request, reply) => {
      await removeEndpoint(work(deps.engine), request.params.id);
      return reply.status(204).send();
    },
  );
}

/** Says at once what the sender would refuse later; where a name leads is judged with every message. */
function checkAddress(text: string, allowPrivate: boolean): void {
  const url = new URL(text);
  const cure = 'Give an https address that everybody can reach.';
  if (url.protocol !== 'https:' && !(allowPrivate && url.protocol === 'http:'))
    refuse('bad-request', { detail: 'The address does not begin with https:.', cure });
  if (url.username !== '' || url.password !== '')
    refuse('bad-request', { detail: 'The address holds a password.', cure: 'Messages are signed; leave it out.' });
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const isPrivate = ipaddr.isValid(host) ? ipaddr.process(host).range() !== 'unicast' : host === 'localhost' || host.endsWith('.localhost');
  if (isPrivate && !allowPrivate) refuse('bad-request', { detail: 'The address is a private one.', cure });
}
