import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Sent } from '../client/case-client.ts';
import { type CATALOGUE, COMMANDS } from '../commands/catalogue.ts';
import { bodySchema, partsOf } from '../commands/command.ts';
import { canonical, sha256Hex } from '../domain/canonical.ts';
import type { AggregateId } from '../domain/ids.ts';
import { release } from '../store/access/claims.ts';
import { work } from '../store/connection/orm.ts';
import { answerOnRecord } from './case/answer-on-record.ts';
import type { ServerDeps } from './deps.ts';
import type { NamedId } from './guard.ts';
import type { Principal } from './identity.ts';
import { checkFiles } from './named-files.ts';
import { noteRead } from './note-read.ts';
import { ofSendRefusal, ofRefusal, problem, sendProblem } from './problems.ts';
import { type App, principalOf, WRITE_PROBLEMS } from './route.ts';
import { aggregateParam } from './schemas/basics.ts';
import { type AnswerBody, answerSchema, idempotencyHeader } from './schemas/messages.ts';

/** The address that takes one command: it becomes an inbox row and is answered by the log. */
export function addCommandRoute(app: App, deps: ServerDeps, command: Listed): void {
  const { path, operation, tag, isOpening } = command;
  app.post(
    path,
    {
      config: { access: { operation, scope: 'write', ids: namedIds(command) } },
      schema: {
        tags: [tag],
        summary: capitalised(command.summary),
        headers: idempotencyHeader,
        ...(!isOpening && { params: aggregateParam }),
        body: bodyOverHttp(command),
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
      const id = isOpening ? '' : aggregateParam.parse(request.params).id;
      const body = command.flat === undefined ? Object(request.body) : { [command.flat]: request.body };
      await checkFiles(deps.vault, filesIn(command, body));
      const sender = { as: who.id, messageId: messageIdOf(who, key) };
      const sent = await (isOpening ? deps.client.open(command, sender, body) : deps.client.send(command, sender, { id }, body));
      if (sent.kind === 'refused' && TOO_LATE.includes(sent.code)) {
        const detail = await answerOnRecord(deps, who, id as AggregateId);
        return sendProblem(request, reply, { ...ofRefusal(sent), ...(detail !== undefined && { detail }) });
      }
      // Whoever has answered does not work on it any more, also while the log or the marketplace is still at it.
      if (command === COMMANDS.recordVerdict && (sent.kind === 'done' || sent.kind === 'pending')) await giveBack(deps, who, id);
      return answer(request, reply, key, sent);
    },
  );
}

type Listed = (typeof CATALOGUE)[number];

/** The ids that a request names: the aggregate that it goes to, and what its fields name. */
function namedIds({ name, isOpening, fields }: Listed): readonly NamedId[] {
  const named = Object.entries(fields).flatMap(([field, { names }]) =>
    names === undefined ? [] : [{ kind: names, in: 'body' as const, name: field }],
  );
  return isOpening ? named : [{ kind: partsOf(name)[0], in: 'params', name: 'id' }, ...named];
}

function bodyOverHttp(command: Listed): z.ZodType {
  const [, kind] = partsOf(command.name);
  const whole = command.flat === undefined ? bodySchema(command) : command.fields[command.flat]?.schema;
  return (whole ?? bodySchema(command)).meta({ id: capitalised(kind) });
}

function capitalised(text: string): string {
  return text.replace(/^./, (letter) => letter.toUpperCase());
}

/** Digests of the files that a body names. */
function filesIn({ fields }: Listed, body: Readonly<Record<string, unknown>>): readonly string[] {
  const values = Object.entries(fields).flatMap(([name, { isFile }]) => (isFile === true ? [body[name]].flat() : []));
  return values.flatMap((value) => {
    const digest: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'digest') : value;
    return typeof digest === 'string' ? [digest] : [];
  });
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
