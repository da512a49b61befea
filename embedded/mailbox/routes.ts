import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { ZodError, z } from 'zod';
import { html, PAGE_HEADERS, page } from '../html.ts';
import { mailFaultSchema } from './faults.ts';
import type { Envelope, MessageStore } from './message-store.ts';
import type { MailSink } from './smtp.ts';

const querySchema = z.object({ to: z.string().optional(), messageId: z.string().optional() });
const idSchema = z.object({ id: z.string().regex(/^\d{8,}$/) });

/** The mailbox over HTTP: pages for people, JSON for tests and tools. */
export function createMailboxApp(sink: MailSink): FastifyInstance {
  const { store, faults } = sink;
  const app = Fastify({ logger: false, forceCloseConnections: true });
  app.setErrorHandler((error, _request, reply) =>
    reply.status(error instanceof ZodError ? 400 : 500).send({ code: error instanceof ZodError ? 'invalid' : 'fault', message: String(error) }),
  );
  addPages(app, store);
  app.get('/messages', async (request) => {
    const messages = store.list(querySchema.parse(request.query));
    return { messages: await Promise.all(messages.map((envelope) => withText(store, envelope))) };
  });
  app.delete('/messages', async () => {
    await store.clear();
    return { status: 'done' };
  });
  app.get('/messages/:id', (request, reply) =>
    withMessage(store, request.params, reply, async (envelope) => {
      const { headers, html: markup, attachments } = await store.parse(envelope.id);
      const parts = attachments.map(({ filename, mimeType }) => ({ filename, mimeType }));
      return reply.send({
        ...(await withText(store, envelope)),
        headers: headers.map(({ key, value }) => ({ key, value })),
        html: markup,
        attachments: parts,
      });
    }),
  );
  app.get('/messages/:id/raw', (request, reply) =>
    withMessage(store, request.params, reply, async ({ id }) => reply.type('message/rfc822').send(await store.raw(id))),
  );
  app.post('/faults', (request, reply) => {
    faults.add(mailFaultSchema.parse(request.body));
    return reply.status(201).send({ status: 'scripted' });
  });
  app.delete('/faults', () => {
    faults.clear();
    return { status: 'done' };
  });
  return app;
}

async function withText(store: MessageStore, envelope: Envelope) {
  const { text } = await store.parse(envelope.id);
  return { ...envelope, copies: store.copiesOf(envelope), text: text ?? '' };
}

async function withMessage(
  store: MessageStore,
  params: unknown,
  reply: FastifyReply,
  answer: (envelope: Envelope) => Promise<FastifyReply>,
): Promise<FastifyReply> {
  const { data } = idSchema.safeParse(params);
  const envelope = store.list().find(({ id }) => id === data?.id);
  return envelope === undefined ? reply.status(404).send({ code: 'unknown-message', message: 'There is no such message.' }) : answer(envelope);
}

function addPages(app: FastifyInstance, store: MessageStore): void {
  app.get('/', (request, reply) => {
    const rows = store
      .list(querySchema.parse(request.query))
      .toReversed()
      .map(
        ({ id, at, from, to, subject }) =>
          html`<tr><td>${at}</td><td>${from}</td><td>${to.join(', ')}</td><td><a href="/mail/${id}">${subject || '(no subject)'}</a></td></tr>`,
      );
    const table = html`<table><tr><th>Received</th><th>From</th><th>To</th><th>Subject</th></tr>${rows}</table>`;
    return reply.headers(PAGE_HEADERS).send(page('Mailbox', rows.length === 0 ? html`<p>No mail yet.</p>` : table));
  });
  app.get('/mail/:id', (request, reply) =>
    withMessage(store, request.params, reply, async ({ id, at, from, to, subject }) => {
      const { text, html: markup } = await store.parse(id);
      const body = html`<p><a href="/">All mail</a> · <a href="/messages/${id}/raw">Source</a></p><p>From ${from} to ${to.join(', ')}, ${at}</p><pre>${text ?? markup ?? ''}</pre>`;
      return reply.headers(PAGE_HEADERS).send(page(subject || '(no subject)', body));
    }),
  );
}
