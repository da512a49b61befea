import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Sender, Sent } from '../client/case-client.ts';
import { canonical, sha256Hex } from '../domain/canonical.ts';
import type { AggregateId } from '../domain/ids.ts';
import { release } from '../store/access/claims.ts';
import { work } from '../store/connection/orm.ts';
import type { IdKind, Operation } from './access.ts';
import { answerOnRecord } from './case/answer-on-record.ts';
import type { ServerDeps } from './deps.ts';
import type { NamedId } from './guard.ts';
import type { Principal } from './identity.ts';
import { noteRead } from './note-read.ts';
import { ofSendRefusal, ofRefusal, problem, sendProblem } from './problems.ts';
import { type App, principalOf, WRITE_PROBLEMS } from './route.ts';
import { aggregateParam } from './schemas/basics.ts';
import { type AnswerBody, answerSchema, idempotencyHeader } from './schemas/messages.ts';

/** The client's port for one kind of message. */
type Send<B> = (sender: Sender, id: string, body: B) => Promise<Sent>;

/** One message as a route takes it. */
export interface MessageRoute<T extends z.ZodType> {
  readonly path: string;
  readonly operation: Operation;
  readonly kind?: IdKind;
  readonly also?: readonly NamedId[];
  readonly tag: string;
  readonly summary: string;
  readonly body: T;
  readonly send: Send<z.output<T>>;
}

/** Adds a message on some routes. */
export type Add = <T extends z.ZodType>(route: MessageRoute<T>) => void;

/** Adds a message: it becomes an inbox row and is answered by the log. */
export function addMessage<T extends z.ZodType>(app: App, deps: ServerDeps, route: MessageRoute<T>): void {
  const { path, operation, kind, also = [], tag, summary, body, send } = route;
  const hasId = kind !== undefined;
  const own = hasId ? [{ kind, in: 'params', name: 'id' } as const] : [];
  app.post(
    path,
    {
      config: { access: { operation, scope: 'write', ids: [...own, ...also] } },
      schema: {
        tags: [tag],
        summary,
        headers: idempotencyHeader,
        ...(hasId && { params: aggregateParam }),
        body: body as z.ZodType,
        response: {
          200: answerSchema.describe('Decided'),
          202: answerSchema.describe('Accepted and durable, not decided yet: read the answer where Location says'),
          ...WRITE_PROBLEMS,
        },
      },
    },
    async (request, reply) => {
      const who = principalOf(request);
      const key = keyOf(request);
      const id = hasId ? aggregateParam.parse(request.params).id : '';
      // The validator has made the body what its schema says.
      const sent = await send({ as: who.id, messageId: messageIdOf(who, key) }, id, request.body as z.output<T>);
      if (sent.kind === 'refused' && TOO_LATE.includes(sent.code)) {
        const detail = await answerOnRecord(deps, who, id as AggregateId);
        return sendProblem(request, reply, { ...ofRefusal(sent), ...(detail !== undefined && { detail }) });
      }
      // Whoever has answered does not work on it any more, also while the log or the marketplace is still at it.
      if (operation === 'case.verdict' && (sent.kind === 'done' || sent.kind === 'pending')) await giveBack(deps, who, id);
      return answer(request, reply, key, sent);
    },
  );
}

async function giveBack(deps: ServerDeps, who: Principal, id: string): Promise<void> {
  if (await release(work(deps.engine), id, who.id)) await noteRead(deps, who, 'case.release', id);
}

/** Refusals whose sender wants to know who was first. */
const TOO_LATE: readonly string[] = ['answered-meanwhile', 'already-answered'];

function keyOf(request: FastifyRequest): string {
  return idempotencyHeader.parse(request.headers)['idempotency-key'];
}

/** A sender's key is its own: nobody can use up or read somebody else's message by its id. */
export function messageIdOf(who: Principal, key: string): string {
  return `http:${sha256Hex(canonical([who.id, key])).slice(0, 48)}`;
}

function answer(request: FastifyRequest, reply: FastifyReply, key: string, sent: Sent): FastifyReply {
  const href = hrefOf(key);
  const base: AnswerBody = { messageId: key, state: 'pending', aggregate: null, n: null, events: [], refused: null, receivedAt: null, href };
  switch (sent.kind) {
    case 'pending':
      return reply.status(202).header('location', href).send(base);
    case 'done':
      return reply.send({ ...base, state: 'done', aggregate: sent.aggregate, n: sent.n, events: [...sent.events] });
    case 'refused':
      return sendProblem(request, reply, ofRefusal(sent));
    case 'not-accepted':
      return sendProblem(request, reply, ofSendRefusal(sent.code));
    case 'fault':
      return sendProblem(request, reply, problem('fault', { detail: sent.message }));
  }
}

/** Where the answer to a message stands. */
export function hrefOf(key: string): string {
  return `/api/messages/${encodeURIComponent(key)}`;
}
