import { z } from 'zod';
import { InboxRow } from '../../store/schema/entities/log.ts';
import { work } from '../../store/connection/orm.ts';
import type { ServerDeps } from '../deps.ts';
import { type Add, addMessage, hrefOf, messageIdOf } from '../message-route.ts';
import { refuse } from '../problems.ts';
import { type App, principalOf, READ_PROBLEMS } from '../route.ts';
import {
  type AnswerBody,
  answerSchema,
  appealDecisionBody,
  emptyBody,
  extendBody,
  noticeBody,
  openBody,
  optionalReasonBody,
  reasonBody,
  sanctionDecisionBody,
  sellerBody,
  statementBody,
  verdictBody,
} from '../schemas/messages.ts';

/** Everything that can be said to a case, an appeal or a sanction. Each becomes an inbox row and is answered by the log. */
export function addMessageRoutes(app: App, deps: ServerDeps): void {
  const add: Add = (route) => addMessage(app, deps, route);
  addCaseMessages(add, deps);
  addLaterMessages(add, deps);
  addAnswers(app, deps);
}

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
