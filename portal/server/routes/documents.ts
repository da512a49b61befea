import { Readable } from 'node:stream';
import type { ServerDeps } from '../deps.ts';
import { refuse } from '../problems.ts';
import { type App, WRITE_PROBLEMS } from '../route.ts';
import { storedSchema } from '../schemas/exhibits.ts';

/** Largest file, in bytes: some minutes of film. Made up. */
const MOST_BYTES = 256 * 1024 ** 2;
const TYPES = ['application/octet-stream', 'application/pdf', 'image/jpeg', 'image/png', 'video/mp4'];

/** Files that messages name: reports, photos, certificates. Streamed into the vault; the same bytes are the same file. */
export function addDocumentRoutes(app: App, deps: ServerDeps): void {
  void app.register((uploads: App, _, done) => {
    uploads.removeAllContentTypeParsers();
    // Handed on as it comes: nothing is held in memory.
    uploads.addContentTypeParser(TYPES, (_request, payload, parsed) => parsed(null, payload));
    uploads.post(
      '/api/documents',
      {
        bodyLimit: MOST_BYTES,
        config: { access: { operation: 'document.store', scope: 'write' } },
        schema: {
          tags: ['exhibits'],
          summary: 'Stores a file that a message will name. Repeating it changes nothing.',
          consumes: TYPES,
          response: { 200: storedSchema, ...WRITE_PROBLEMS },
        },
      },
      async (request) => {
        const counted = { size: 0 };
        const source = request.body instanceof Readable ? request.body : Readable.from([]);
        const digest = await deps.vault.putStream(bounded(source, counted));
        return { digest, ...counted };
      },
    );
    done();
  });
}

/** The pieces as they come; more than a file may have is refused before it is a file. */
async function* bounded(source: Readable, counted: { size: number }): AsyncGenerator<Uint8Array> {
  for await (const piece of source) {
    const bytes = piece as Buffer;
    counted.size += bytes.length;
    if (counted.size > MOST_BYTES) refuse('too-large');
    yield bytes;
  }
  if (counted.size === 0) refuse('bad-request', { detail: 'The file is empty.', cure: 'Send its bytes as the body.' });
}
