import { z } from 'zod';
import type { AggregateId } from '../../domain/ids.ts';
import { plusMs } from '../../domain/instant.ts';
import { work } from '../../store/connection/orm.ts';
import { asParty } from '../../store/queries/as-party.ts';
import { countAll, namesOf } from '../../store/queries/lists.ts';
import { imageType } from '../case/captures.ts';
import { viewFor } from '../case/view.ts';
import type { ServerDeps } from '../deps.ts';
import type { IdKind, Operation } from '../access.ts';
import { listFor } from '../lists.ts';
import { noteRead } from '../note-read.ts';
import { refuse } from '../problems.ts';
import { type App, principalOf, READ_PROBLEMS, sendView } from '../route.ts';
import { aggregateParam } from '../schemas/basics.ts';
import { caseQuery, caseViewSchema } from '../schemas/case.ts';
import { countsSchema, linesSchema, listQuery } from '../schemas/lists.ts';

const HOUR = 3_600_000;
/** Made up: two weeks show the rhythm of a week. */
const LOAD_DAYS = 14;

/** Ids in the query of a list, each asked for. */
const LIST_IDS = [
  { kind: 'organisation', in: 'query', name: 'holder' },
  { kind: 'seller', in: 'query', name: 'seller' },
  { kind: 'case', in: 'query', name: 'about' },
] as const;

interface Kind {
  readonly kind: 'case' | 'appeal' | 'sanction';
  readonly path: string;
  readonly list: Operation;
}

const KINDS: readonly Kind[] = [
  { kind: 'case', path: '/api/cases', list: 'case.list' },
  { kind: 'appeal', path: '/api/appeals', list: 'case.list' },
  { kind: 'sanction', path: '/api/sanctions', list: 'sanction.list' },
];

/** Lists and views of cases, appeals and sanctions; counts; captured images. */
export function addCaseRoutes(app: App, deps: ServerDeps): void {
  for (const kind of KINDS) addKind(app, deps, kind);
  addCounts(app, deps);
  addCapture(app, deps);
}

function addKind(app: App, deps: ServerDeps, { kind, path, list }: Kind): void {
  app.get(
    path,
    {
      config: { access: { operation: list, scope: 'read', ids: LIST_IDS } },
      schema: {
        tags: [`${kind}s`],
        summary: `Lists ${kind}s, the earliest deadline first`,
        querystring: listQuery,
        response: { 200: linesSchema, ...READ_PROBLEMS },
      },
    },
    (request) => listFor(deps, principalOf(request), kind, request.query),
  );
  app.get(
    `${path}/:id`,
    {
      config: {
        access: { operation: list === 'case.list' ? 'case.read' : list, scope: 'read', ids: [{ kind: kind as IdKind, in: 'params', name: 'id' }] },
      },
      schema: {
        tags: [`${kind}s`],
        summary: `One ${kind} with everything that you may know of it, now or at an instant`,
        params: aggregateParam,
        querystring: caseQuery,
        response: { 200: caseViewSchema, 304: z.undefined().describe('Unchanged since the given ETag'), ...READ_PROBLEMS },
      },
    },
    async (request, reply) => {
      const who = principalOf(request);
      // The guard has seen that it has the form of an id.
      const id = request.params.id as AggregateId;
      const view = await viewFor(deps, who, id, request.query.at);
      await noteRead(deps, who, 'case.read', id);
      return sendView(request, reply, view, request.query.at);
    },
  );
}

function addCounts(app: App, deps: ServerDeps): void {
  app.get(
    '/api/counts',
    {
      config: { access: { operation: 'case.count', scope: 'read' } },
      schema: {
        tags: ['cases'],
        summary: 'Counts by status, and open cases by holder and hours left',
        response: { 200: countsSchema, ...READ_PROBLEMS },
      },
    },
    async (request) => {
      const now = deps.clock.now();
      const instants = { now, day: plusMs(now, 24 * HOUR), threeDays: plusMs(now, 72 * HOUR), since: plusMs(now, -LOAD_DAYS * 24 * HOUR) };
      const { byStatus, ageing, load } = await asParty(deps.portal, principalOf(request), (em) => countAll(em, instants));
      const names = await namesOf(
        work(deps.engine),
        ageing.map((row) => row.holder),
      );
      return {
        at: now,
        byStatus: [...byStatus],
        load: [...load],
        ageing: ageing.map((row) => ({ ...row, holderName: names.get(row.holder) ?? null })),
      };
    },
  );
}

function addCapture(app: App, deps: ServerDeps): void {
  app.get(
    '/api/cases/:id/captures/:digest',
    {
      config: { access: { operation: 'case.capture', scope: 'read', ids: [{ kind: 'case', in: 'params', name: 'id' }] } },
      schema: {
        tags: ['cases'],
        summary: 'A captured image, byte for byte',
        params: z.object({ ...aggregateParam.shape, digest: z.string().regex(/^sha256:[0-9a-f]{64}$/, 'is not a valid vault digest') }),
        response: { 200: { description: 'The bytes', content: { 'image/*': { schema: z.string().meta({ format: 'binary' }) } } }, ...READ_PROBLEMS },
      },
    },
    async (request, reply) => {
      const { id, digest } = request.params;
      const who = principalOf(request);
      const view = await viewFor(deps, who, id as AggregateId);
      const isOfCase = view.captures.some(({ images }) => images.some((image) => image.digest === digest));
      const bytes = isOfCase ? await deps.vault.get(digest) : undefined;
      if (bytes === undefined) refuse('not-found');
      await noteRead(deps, who, 'case.capture', id);
      const type = imageType(bytes);
      // Sent by nobody's word but its own bytes; what is no image is a file that no page shows.
      reply.headers({
        'content-type': type ?? 'application/octet-stream',
        'content-disposition': type === undefined ? 'attachment; filename="capture"' : 'inline',
        'content-security-policy': "default-src 'none'; sandbox",
        'cache-control': 'private, max-age=31536000, immutable',
      });
      return reply.send(Buffer.from(bytes) as unknown as string);
    },
  );
}
