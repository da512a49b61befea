import { Readable } from 'node:stream';
import { z } from 'zod';
import { csvCell, UTF8_MARK } from '../../store/register/imports/inert.ts';
import { asParty } from '../../store/queries/as-party.ts';
import { type ListFilter, listPage, type PageEnd } from '../../store/queries/lists.ts';
import type { ServerDeps } from '../deps.ts';
import type { Principal } from '../identity.ts';
import { filterFor, withNames } from '../lists.ts';
import { noteRead } from '../note-read.ts';
import { type App, principalOf, READ_PROBLEMS } from '../route.ts';
import { type Line, listQuery } from '../schemas/lists.ts';

const PAGE = 500;
const COLUMNS = [
  'id',
  'kind',
  'status',
  'marketplace',
  'listing',
  'title',
  'holder',
  'holderName',
  'openedAt',
  'changedAt',
  'due',
  'dueRule',
  'about',
] as const satisfies readonly (keyof Line)[];

const { limit: _, cursor: __, ...filters } = listQuery.shape;
const exportQuery = z.object({ ...filters, format: z.enum(['csv', 'jsonl']).default('csv') });

/** Whole lists as a file, streamed: as long as they are, in the memory of one page. */
export function addExportRoutes(app: App, deps: ServerDeps): void {
  app.get(
    '/api/exports/:kind',
    {
      config: {
        access: {
          operation: 'case.export',
          scope: 'export',
          ids: [
            { kind: 'organisation', in: 'query', name: 'holder' },
            { kind: 'seller', in: 'query', name: 'seller' },
            { kind: 'case', in: 'query', name: 'about' },
          ],
        },
      },
      schema: {
        tags: ['exports'],
        summary: 'A whole list as CSV or JSON lines, without a cap',
        params: z.object({ kind: z.enum(['cases', 'appeals', 'sanctions']) }),
        querystring: exportQuery,
        response: {
          200: {
            description: 'The lines, the earliest deadline first',
            content: { 'text/csv': { schema: z.string() }, 'application/x-ndjson': { schema: z.string() } },
          },
          ...READ_PROBLEMS,
        },
      },
    },
    async (request, reply) => {
      const who = principalOf(request);
      const { kind: plural } = request.params;
      const { format, ...query } = request.query;
      const kind = plural.slice(0, -1) as ListFilter['kind'];
      const filter = await filterFor(deps, who, kind, query);
      const text = format === 'csv' ? csvOf : jsonOf;
      await noteRead(deps, who, 'case.export', `list:${plural}`);
      reply.header('content-disposition', `attachment; filename="${plural}.${format}"`);
      reply.type(format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson');
      return reply.send(Readable.from(text(pages(deps, who, filter))) as unknown as string);
    },
  );
}

async function* pages(deps: ServerDeps, who: Principal, filter: ListFilter): AsyncGenerator<readonly Line[]> {
  let after: PageEnd | undefined;
  for (;;) {
    const rows = await asParty(deps.portal, who, (em) => listPage(em, filter, PAGE, after));
    if (rows.length > 0) yield withNames(deps, who, rows);
    after = rows.at(-1);
    if (rows.length < PAGE) return;
  }
}

async function* jsonOf(all: AsyncGenerator<readonly Line[]>): AsyncGenerator<string> {
  for await (const lines of all)
    yield lines.map((line) => `${JSON.stringify(Object.fromEntries(COLUMNS.map((name) => [name, line[name]])))}\n`).join('');
}

/** Opens in spreadsheet programs as what it is: UTF-8 by its mark, and nothing in it is calculated. `import` reads it back. */
async function* csvOf(all: AsyncGenerator<readonly Line[]>): AsyncGenerator<string> {
  yield `${UTF8_MARK}${COLUMNS.join(',')}\r\n`;
  for await (const lines of all) yield lines.map((line) => `${COLUMNS.map((name) => csvCell(line[name])).join(',')}\r\n`).join('');
}
