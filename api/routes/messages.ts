import { z } from 'zod';
import { CATALOGUE } from '../../commands/catalogue.ts';
import { InboxRow } from '../../store/schema/entities/log.ts';
import { work } from '../../store/connection/orm.ts';
import type { ServerDeps } from '../deps.ts';
import { addCommandRoute, hrefOf, messageIdOf } from '../message-route.ts';
import { refuse } from '../problems.ts';
import { type App, principalOf, READ_PROBLEMS } from '../route.ts';
import { type AnswerBody, answerSchema } from '../schemas/messages.ts';

/** An address for each command of the catalogue, and one for what became of a message. */
export function addMessageRoutes(app: App, deps: ServerDeps): void {
  for (const command of CATALOGUE) addCommandRoute(app, deps, command);
  addAnswers(app, deps);
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
      const row = await work(deps.engine).findOne(InboxRow, { id });
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
