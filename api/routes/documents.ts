import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { bookDocument, forgetDocument, type SentFile } from '../../store/access/documents.ts';
import { type Manager, work } from '../../store/connection/orm.ts';
import type { ServerDeps } from '../deps.ts';
import { refuse } from '../problems.ts';
import { type App, principalOf, WRITE_PROBLEMS } from '../route.ts';
import { storedSchema } from '../schemas/exhibits.ts';

/** Largest file, in bytes: some minutes of film. Made up. */
const MOST_BYTES = 256 * 1024 ** 2;
/** Files of one organisation on their way at once: each takes room before it is known whether it may stay. Made up. */
const MOST_AT_ONCE = 4;
const TYPES = ['application/octet-stream', 'application/pdf', 'image/jpeg', 'image/png', 'video/mp4'];

/** Files that messages name: reports, photos, certificates. Streamed into the vault; the same bytes are the same file. */
export function addDocumentRoutes(app: App, deps: ServerDeps): void {
  const underWay = new Map<string, number>();
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
        const who = principalOf(request);
        const organisation = who.organisations[0] ?? who.id;
        const source = request.body instanceof Readable ? request.body : Readable.from([]);
        const before = underWay.get(organisation) ?? 0;
        if (before >= MOST_AT_ONCE)
          refuse('too-many', { detail: `${MOST_AT_ONCE} files of this organisation are on their way.`, cure: 'Wait for one of them.' });
        underWay.set(organisation, before + 1);
        try {
          return await keep(deps, organisation, source);
        } finally {
          underWay.set(organisation, (underWay.get(organisation) ?? 1) - 1);
        }
      },
    );
    done();
  });
}

/** Into the vault, charged to the organisation; what it has no room for, or the vault has not, leaves nothing behind. */
async function keep(deps: ServerDeps, organisation: string, source: Readable): Promise<{ digest: string; size: number }> {
  const em = work(deps.engine) as Manager;
  let booked: SentFile | undefined;
  let size = 0;
  const book = async (hex: string, bytes: number): Promise<void> => {
    size = bytes;
    const file = { organisation, digest: `sha256:${hex}`, bytes, at: deps.clock.now() };
    const { documentBytes: most = Number.POSITIVE_INFINITY } = deps;
    const booking = await bookDocument(em, file, most);
    if (booking.kind === 'full') refuse('quota-full', fullOf(organisation, booking.stored, bytes, most));
    if (booking.kind === 'booked') booked = file;
  };
  try {
    return { digest: await deps.vault.putStream(bounded(source, book)), size };
  } catch (error) {
    if (booked !== undefined) await forgetDocument(em, booked);
    throw error;
  }
}

function fullOf(organisation: string, stored: number, bytes: number, most: number) {
  const detail = `${organisation} has stored ${megabytes(stored)} of files and may store ${megabytes(most)}; this one has ${megabytes(bytes)}.`;
  return { detail, cure: 'Name files that are stored already, send a smaller one, or ask the operator for more (INTERDICT_DOCUMENTS_MB).' };
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** The pieces as they come; more than a file may have, or than `book` lets in, is refused before it is a file. */
async function* bounded(source: Readable, book: (sha256: string, size: number) => Promise<void>): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const piece of source) {
    const bytes = piece as Buffer;
    size += bytes.length;
    if (size > MOST_BYTES) refuse('too-large');
    hash.update(bytes);
    yield bytes;
  }
  if (size === 0) refuse('bad-request', { detail: 'The file is empty.', cure: 'Send its bytes as the body.' });
  await book(hash.digest('hex'), size);
}
