import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Sender, Sent } from '../../../client/case-client.ts';
import { canonical, sha256Hex } from '../../../domain/canonical.ts';
import type { AggregateId } from '../../../domain/ids.ts';
import { InboxRow } from '../../../store/entities/log.ts';
import { work } from '../../../store/orm.ts';
import type { NamedId } from '../guard.ts';
import type { IdKind, Operation } from '../access.ts';
import { answerOnRecord } from '../case/answer-on-record.ts';
import type { ServerDeps } from '../deps.ts';
import type { Principal } from '../identity.ts';
import { ofDoor, ofRefusal, problem, refuse, sendProblem } from '../problems.ts';
import { type App, principalOf, READ_PROBLEMS, WRITE_PROBLEMS } from '../route.ts';
import { aggregateParam } from '../schemas/basics.ts';
import {
  type AnswerBody,
  answerSchema,
  appealDecisionBody,
  emptyBody,
  extendBody,
  idempotencyHeader,
  noticeBody,
  openBody,
  optionalReasonBody,
  reasonBody,
  sanctionDecisionBody,
  sellerBody,
  statementBody,
  verdictBody,
} from '../schemas/messages.ts';

/** The client's port for one kind of message. */
type Send<B> = (sender: Sender, id: string, body: B) => Promise<Sent>;

interface MessageRoute<T extends z.ZodType> {
  readonly path: string;
  readonly operation: Operation;
  readonly kind?: IdKind;
  readonly also?: readonly NamedId[];
  readonly tag: string;
  readonly summary: string;
  readonly body: T;
  readonly send: Send<z.output<T>>;
}

/** Everything that can be said to a case, an appeal or a sanction. Each becomes an inbox row and is answered by the log. */
export function addMessageRoutes(app: App, deps: ServerDeps): void {
  const add = <T extends z.ZodType>(route: MessageRoute<T>) => addMessage(app, deps, route);
  addCaseMessages(add, deps);
  addLaterMessages(add, deps);
  addAnswers(app, deps);
}

type Add = <T extends z.ZodType>(route: MessageRoute<T>) => void;

function addCaseMessages(add: Add, { client }: ServerDeps): void {
  add({
    path: '/api/cases',
    operation: 'case.open',
    tag: 'cases',
    summary: 'An officer opens a case, or gets the live one',
    body: openBody,
    send: (sender, _, body) => client.openCase(sender, body),
  });
  const of = { kind: 'case', tag: 'cases' } as const;
  add({
    ...of,
    path: '/api/cases/:id/verdict',
    operation: 'case.verdict',
    summary: "The brand's answer or its correction",
    body: verdictBody,
    send: (sender, id, { note, perRight, isCorrection, ...answer }) => {
      const message = {
        ...answer,
        ...(note !== undefined && { note }),
        ...(perRight !== undefined && { perRight }),
        ...(!isCorrection && { asFirst: true as const }),
      };
      return client.recordVerdict(sender, { id }, message);
    },
  });
  add({
    ...of,
    path: '/api/cases/:id/cancellation',
    operation: 'case.cancel',
    summary: 'Cancels a case that was opened in error',
    body: optionalReasonBody,
    send: (sender, id, { reason }) => client.cancelCase(sender, { id }, reason),
  });
  add({
    ...of,
    path: '/api/cases/:id/extension',
    operation: 'case.extend',
    summary: 'Gives a silent brand more time, once',
    body: extendBody,
    send: (sender, id, length) => client.extendWindow(sender, { id }, length),
  });
  add({
    ...of,
    path: '/api/cases/:id/counter-statement',
    operation: 'case.contest',
    summary: 'The seller contests',
    body: statementBody,
    send: (sender, id, { statement }) => client.fileCounterStatement(sender, { id }, statement),
  });
  add({
    ...of,
    path: '/api/cases/:id/seller',
    operation: 'case.identify-seller',
    also: [{ kind: 'seller', in: 'body', name: 'seller' }],
    summary: 'Makes the seller known',
    body: sellerBody,
    send: (sender, id, { seller }) => client.identifySeller(sender, { id }, seller),
  });
}

function addLaterMessages(add: Add, { client }: ServerDeps): void {
  add({
    path: '/api/appeals/:id/decision',
    operation: 'appeal.decide',
    kind: 'appeal',
    tag: 'appeals',
    summary: 'An officer upholds the measure or overturns it',
    body: appealDecisionBody,
    send: (sender, id, { decision, reason }) => client.decideAppeal(sender, id, decision, reason),
  });
  add({
    path: '/api/appeals/:id/withdrawal',
    operation: 'appeal.withdraw',
    kind: 'appeal',
    tag: 'appeals',
    summary: 'Whoever opened it takes it back',
    body: emptyBody,
    send: (sender, id) => client.withdrawAppeal(sender, id),
  });
  add({
    path: '/api/appeals/:id/notice',
    operation: 'appeal.file-notice',
    kind: 'appeal',
    tag: 'appeals',
    summary: 'The brand files the notice that it was offered after a late verdict',
    body: noticeBody,
    send: (sender, id, { basis }) => client.fileOfferedNotice(sender, id, basis),
  });
  add({
    path: '/api/sanctions/:id/decision',
    operation: 'sanction.decide',
    kind: 'sanction',
    tag: 'sanctions',
    summary: 'A second person approves or rejects a proposed measure',
    body: sanctionDecisionBody,
    send: (sender, id, { decision, reason }) => client.decideSanction(sender, id, decision, reason),
  });
  add({
    path: '/api/sanctions/:id/lifting',
    operation: 'sanction.lift',
    kind: 'sanction',
    tag: 'sanctions',
    summary: 'An officer ends a measure before its time',
    body: reasonBody,
    send: (sender, id, { reason }) => client.liftSanction(sender, id, reason),
  });
}

function addMessage<T extends z.ZodType>(app: App, deps: ServerDeps, route: MessageRoute<T>): void {
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
      return answer(request, reply, key, sent);
    },
  );
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
      return sendProblem(request, reply, ofDoor(sent.code));
    case 'fault':
      return sendProblem(request, reply, problem('fault', { detail: sent.message }));
  }
}

function hrefOf(key: string): string {
  return `/api/messages/${encodeURIComponent(key)}`;
}

function addAnswers(app: App, deps: ServerDeps): void {
  app.get(
    '/api/messages/:key',
    {
      config: { access: { operation: 'message.read', scope: 'read' } },
      schema: {
        tags: ['messages'],
        summary: 'What became of a message of yours, for ever',
        params: z.object({ key: z.string().min(1).max(128).describe('The Idempotency-Key that it was sent under') }),
        response: { 200: answerSchema, ...READ_PROBLEMS },
      },
    },
    async (request): Promise<AnswerBody> => {
      const { key } = request.params;
      const id = messageIdOf(principalOf(request), key);
      const row = await work(deps.engine).findOne(InboxRow, { id }, { disableIdentityMap: true });
      if (row === null) refuse('not-found');
      const told = row.answer ?? undefined;
      return {
        messageId: key,
        state: told === undefined ? 'pending' : told.kind,
        aggregate: told !== undefined && 'aggregate' in told ? (told.aggregate ?? null) : null,
        n: told?.kind === 'done' ? told.n : null,
        events: told?.kind === 'done' ? [...told.events] : [],
        refused: told?.kind === 'refused' ? { code: told.code, message: told.message, cure: told.cure } : null,
        receivedAt: row.receivedAt,
        href: hrefOf(key),
      };
    },
  );
}
