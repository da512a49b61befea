import { Readable } from 'node:stream';
import { z } from 'zod';
import { importFile } from '../../store/register/imports/import-file.ts';
import { ImportKind } from '../../store/register/imports/kinds.ts';
import type { ServerDeps } from '../deps.ts';
import { type App, WRITE_PROBLEMS } from '../route.ts';
import { importReportSchema } from '../schemas/register.ts';

/** Feeds are large and are read line by line: what bounds them is the longest line, not the file. */
const MOST_BYTES = 4 * 1024 ** 3;
const KINDS = [
  ImportKind.rights,
  ImportKind.authorisedSellers,
  ImportKind.references,
  ImportKind.listings,
  ImportKind.sellers,
  ImportKind.organisations,
  ImportKind.recipients,
] as const;
const TYPES = [
  'text/csv',
  'text/tab-separated-values',
  'application/json',
  'application/x-ndjson',
  'application/jsonl',
  'application/gzip',
  'application/octet-stream',
];

/** Files of the register, streamed: wrong lines are told by number, the rest is stored, and sending a file again changes nothing. */
export function addImportRoutes(app: App, deps: ServerDeps): void {
  void app.register((uploads: App, _, done) => {
    uploads.removeAllContentTypeParsers();
    // Handed on as it comes: nothing is held in memory.
    uploads.addContentTypeParser(TYPES, (_request, payload, parsed) => parsed(null, payload));
    uploads.post(
      '/api/imports/:kind',
      {
        bodyLimit: MOST_BYTES,
        config: { access: { operation: 'register.import', scope: 'write' } },
        schema: {
          tags: ['register'],
          summary: 'Imports a file: JSON lines, a JSON array or CSV, plain or gzip. Repeating it changes nothing.',
          consumes: TYPES,
          params: z.object({ kind: z.enum(KINDS) }),
          querystring: z.object({
            marketplace: z.string().min(1).max(128).optional().describe('Of listings; else what stands before the first colon of their ids'),
          }),
          response: { 200: importReportSchema, ...WRITE_PROBLEMS },
        },
      },
      async (request) => {
        const { kind } = request.params;
        const { marketplace } = request.query;
        const source = request.body instanceof Readable ? request.body : Readable.from([]);
        const options = { ...(marketplace !== undefined && { marketplace }), ...(deps.publish !== undefined && { publish: deps.publish }) };
        const report = await importFile(deps.engine, deps.clock, kind, source, options);
        return { kind, ...report, problems: [...report.problems], adopted: [...report.adopted] };
      },
    );
    done();
  });
}
