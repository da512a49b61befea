import { z } from 'zod';
import { type HistoryFile, historyText } from '../../domain/history-file.ts';
import type { AggregateId } from '../../domain/ids.ts';
import { readAccessLog } from '../../store/access/access-log.ts';
import { work } from '../../store/connection/orm.ts';
import { asParty } from '../../store/queries/as-party.ts';
import { findAnything, partiesNamed } from '../../store/queries/find.ts';
import { namesOf, titlesOf } from '../../store/queries/lists.ts';
import { LANGUAGE_CODES } from '../../texts/languages.ts';
import { auditHistory } from '../../verifier/audit.ts';
import { verifyHistory } from '../../verifier/checks.ts';
import { HistoryFileError } from '../../verifier/json-text.ts';
import { parseHistory } from '../../verifier/parse-history.ts';
import { unproved } from '../../verifier/unproved.ts';
import { cursorOfText, readTextCursor } from '../cursor.ts';
import type { ServerDeps } from '../deps.ts';
import type { Principal } from '../identity.ts';
import { noteRead } from '../note-read.ts';
import { refuse } from '../problems.ts';
import { type App, principalOf, READ_PROBLEMS, WRITE_PROBLEMS } from '../route.ts';
import { accessLogQuery, accessLogSchema, type FoundOut, findQuery, foundSchema, replaySchema, verificationSchema } from '../schemas/audit.ts';
import { aggregateParam } from '../schemas/basics.ts';

const tags = ['audit'];
const OF_ID = [{ kind: 'aggregate', in: 'params', name: 'id' }] as const;
/** Histories are larger than other bodies. */
const MOST_HISTORY = 16 * 1024 * 1024;
const MOST_FOUND = 50;

/** Finding, exporting, replaying and verifying, and who read what. */
export function addAuditRoutes(app: App, deps: ServerDeps): void {
  app.get(
    '/api/audit/find',
    {
      config: { access: { operation: 'audit.verify', scope: 'read' } },
      schema: { tags, summary: 'Finds what a text names', querystring: findQuery, response: { 200: foundSchema, ...READ_PROBLEMS } },
    },
    async (request) => {
      const { text } = request.query;
      if (text.includes('\u0000')) return { found: [] };
      return { found: await foundFor(deps, principalOf(request), text) };
    },
  );
  addHistory(app, deps);
  addReplays(app, deps);
  addAccessLog(app, deps);
}

async function foundFor(deps: ServerDeps, who: Principal, text: string): Promise<FoundOut> {
  const em = work(deps.engine);
  const parties = await partiesNamed(em, text, MOST_FOUND);
  const found = await asParty(deps.portal, who, (portal) => findAnything(portal, text, parties, MOST_FOUND));
  const titles = await titlesOf(
    em,
    found.map(({ listing }) => listing),
  );
  const names = await namesOf(
    em,
    found.map(({ holder }) => holder),
  );
  return found.map((one) => ({ ...one, title: titles.get(one.listing) ?? null, holderName: names.get(one.holder) ?? null }));
}

function addHistory(app: App, deps: ServerDeps): void {
  app.get(
    '/api/audit/:id/history',
    {
      config: { access: { operation: 'audit.history', scope: 'export', ids: OF_ID } },
      schema: {
        tags,
        summary: 'One file with everything that re-decides it; for `interdict verify` and `interdict replay`',
        params: aggregateParam,
        querystring: z.object({ redacted: z.enum(['true', 'false']).default('false').describe('Leave out every personal value') }),
        response: { 200: z.looseObject({ format: z.string() }).describe('The exported history'), ...READ_PROBLEMS },
      },
    },
    async (request, reply) => {
      const file = await historyOf(deps, principalOf(request), request.params.id, 'audit.history', request.query.redacted === 'true');
      const name = `${request.params.id.replace(':', '-')}.json`;
      reply.header('content-disposition', `attachment; filename="${name}"`).type('application/json; charset=utf-8');
      // The file's own text: the same content is the same bytes.
      return reply.serializer((text: string) => text).send(historyText(file) as never);
    },
  );
}

async function historyOf(deps: ServerDeps, who: Principal, id: string, operation: string, redacted: boolean): Promise<HistoryFile> {
  // The guard has seen that it has the form of an id.
  const file = await deps.historyOf(id as AggregateId, redacted);
  if (file === undefined) refuse('not-found');
  await noteRead(deps, who, operation, id);
  return file;
}

function addReplays(app: App, deps: ServerDeps): void {
  app.get(
    '/api/audit/:id/replay',
    {
      config: { access: { operation: 'audit.replay', scope: 'read', ids: OF_ID } },
      schema: {
        tags,
        summary: 'Decides every decision again and tells each in words',
        params: aggregateParam,
        querystring: z.object({ language: z.enum(LANGUAGE_CODES).optional().describe('Language in which events are described') }),
        response: { 200: replaySchema, ...READ_PROBLEMS },
      },
    },
    async (request) => {
      const file = await historyOf(deps, principalOf(request), request.params.id, 'audit.replay', false);
      const audit = await auditHistory(parseHistory(historyText(file)), await deps.rulebook(), request.query);
      return replaySchema.parse({ ok: audit.broken === null, ...audit });
    },
  );
  app.get(
    '/api/audit/:id/verify',
    {
      config: { access: { operation: 'audit.verify', scope: 'read', ids: OF_ID } },
      schema: {
        tags,
        summary: 'Checks hashes, links, seal and disclosures',
        params: aggregateParam,
        response: { 200: verificationSchema, ...READ_PROBLEMS },
      },
    },
    async (request) => verified(parseHistory(historyText(await historyOf(deps, principalOf(request), request.params.id, 'audit.verify', false)))),
  );
  app.post(
    '/api/audit/verify',
    {
      bodyLimit: MOST_HISTORY,
      config: { access: { operation: 'audit.verify', scope: 'read' } },
      schema: {
        tags,
        summary: 'Checks an exported history that somebody else holds',
        body: z.looseObject({ format: z.string() }).describe('The exported history'),
        response: { 200: verificationSchema, ...WRITE_PROBLEMS },
      },
    },
    (request) => {
      try {
        return verified(parseHistory(JSON.stringify(request.body)));
      } catch (error) {
        if (!(error instanceof HistoryFileError)) throw error;
        return refuse('bad-request', { detail: error.message });
      }
    },
  );
}

function verified(file: HistoryFile) {
  const checks = verifyHistory(file);
  const broken = checks.find(({ ok }) => !ok) ?? null;
  return verificationSchema.parse({ ok: broken === null, broken, checks, unproved: broken === null ? unproved(file, {}) : [] });
}

function addAccessLog(app: App, deps: ServerDeps): void {
  app.get(
    '/api/audit/access-log',
    {
      config: { access: { operation: 'audit.access-log', scope: 'read', ids: [{ kind: 'aggregate', in: 'query', name: 'aggregate' }] } },
      schema: { tags, summary: 'Who read which case', querystring: accessLogQuery, response: { 200: accessLogSchema, ...READ_PROBLEMS } },
    },
    async (request) => {
      const { aggregate, who, limit, cursor } = request.query;
      const text = readTextCursor(cursor);
      if (text !== undefined && !/^\d{1,15}$/.test(text)) refuse('bad-cursor');
      const after = text === undefined ? undefined : Number(text);
      const rows = await readAccessLog(work(deps.engine), { aggregate, who, after, limit: limit + 1 });
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      const lines = page.map(({ id, at, who: reader, capacity, how, operation, aggregate: of }) => ({
        id,
        at,
        who: reader,
        capacity,
        how,
        operation,
        aggregate: of,
      }));
      return { lines, next: rows.length > limit && last !== undefined ? cursorOfText(String(last.id)) : null };
    },
  );
}
