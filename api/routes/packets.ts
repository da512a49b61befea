import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { CaseState } from '../../domain/case/model.ts';
import type { AggregateId } from '../../domain/ids.ts';
import { Language } from '../../domain/packet/facts.ts';
import { profileIds } from '../../domain/packet/profile.ts';
import type { ReferralState } from '../../domain/referral/model.ts';
import { asParty } from '../../store/queries/as-party.ts';
import { readLogged } from '../../store/queries/aggregate.ts';
import type { IdKind } from '../access.ts';
import { filesOf } from '../case/exhibits.ts';
import type { ServedPacket, ServerDeps } from '../deps.ts';
import type { Principal } from '../identity.ts';
import { noteRead } from '../note-read.ts';
import { refuse } from '../problems.ts';
import { type App, principalOf, problems, READ_PROBLEMS } from '../route.ts';
import { aggregateParam, vaultDigest } from '../schemas/basics.ts';
import { packetSchema } from '../schemas/exhibits.ts';

const tags = ['packets'];
const OF_ID = [{ kind: 'aggregate', in: 'params', name: 'id' }] as const;
const BYTES = { description: 'The bytes', content: { 'application/octet-stream': { schema: z.string().meta({ format: 'binary' }) } } };
const packetQuery = z.object({
  profile: z.enum(profileIds()).optional().describe("Who receives it; without it the referral's own, of a case alone police"),
  language: z.enum(Language).optional().describe('The second language of the cover'),
});

/** Evidence packets: what is missing with its cure, the packet itself, and the files that records name. */
export function addPacketRoutes(app: App, deps: ServerDeps): void {
  addCheck(app, deps);
  addDownload(app, deps);
  addFiles(app, deps, 'referral', referralFiles);
  addFiles(app, deps, 'case', caseFiles);
}

async function packetFor(deps: ServerDeps, who: Principal, id: string, query: z.output<typeof packetQuery>): Promise<ServedPacket> {
  // The guard has seen that it has the form of an id.
  const found = await deps.packetOf(id as AggregateId, query);
  if (found === undefined) refuse('not-found');
  await noteRead(deps, who, 'packet.read', id);
  return found;
}

function addCheck(app: App, deps: ServerDeps): void {
  app.get(
    '/api/packets/:id',
    {
      config: { access: { operation: 'packet.read', scope: 'read', ids: OF_ID } },
      schema: {
        tags,
        summary: 'What is missing from the packet of a case or a referral, with the cure, and what would be in it',
        params: aggregateParam,
        querystring: packetQuery,
        response: { 200: packetSchema, ...READ_PROBLEMS },
      },
    },
    async (request) => {
      const { id } = request.params;
      const { profile, missing, packet } = await packetFor(deps, principalOf(request), id, request.query);
      const files = (packet?.files ?? []).map(({ path, size, sha256 }) => ({ path, size, sha256 }));
      return {
        id,
        profile,
        isComplete: missing.length === 0,
        isRefused: packet === undefined,
        missing: missing.map(({ item, where, what, cure, refuses }) => ({ item, where, what, cure, refuses })),
        files,
      };
    },
  );
}

function addDownload(app: App, deps: ServerDeps): void {
  app.get(
    '/api/packets/:id/file',
    {
      config: { access: { operation: 'packet.read', scope: 'export', ids: OF_ID } },
      schema: {
        tags,
        summary: 'The packet as one ZIP file, streamed; for `interdict verify`',
        params: aggregateParam,
        querystring: packetQuery,
        response: {
          200: { description: 'The packet', content: { 'application/zip': { schema: z.string().meta({ format: 'binary' }) } } },
          ...READ_PROBLEMS,
          ...problems(422),
        },
      },
    },
    async (request, reply) => {
      const { missing, packet } = await packetFor(deps, principalOf(request), request.params.id, request.query);
      if (packet === undefined) {
        const places = missing.filter(({ refuses }) => refuses).map(({ where, what, cure }) => ({ place: where, message: `${what}. ${cure}` }));
        refuse('refused', { detail: 'The packet lacks an item that it must not be sent without.', cure: 'Correct the places listed below.', places });
      }
      return sendBytes(reply, packet.bytes(), 'application/zip', `${packet.folder}.zip`);
    },
  );
}

type FilesOf = (state: unknown) => readonly string[];

/** Packets as they were approved or sent, and what brands added. */
const referralFiles: FilesOf = (stored) => {
  // The guard lets only ids of this kind through.
  const { draft, sent } = stored as ReferralState;
  const all = [...sent, ...(draft === undefined ? [] : [draft])];
  const documents = all.flatMap(({ parts }) => parts.flatMap(({ given }) => given?.documents.map(({ digest }) => digest) ?? []));
  return [...all.flatMap(({ packet }) => packet ?? []), ...documents];
};

/** Reports, photos and film of exhibits. */
const caseFiles: FilesOf = (state) => (state as CaseState).exhibits.flatMap(({ custody }) => custody.flatMap(filesOf));

function addFiles(app: App, deps: ServerDeps, kind: IdKind & ('referral' | 'case'), filesOfState: FilesOf): void {
  app.get(
    `/api/${kind}s/:id/files/:digest`,
    {
      config: { access: { operation: 'packet.read', scope: 'export', ids: [{ kind, in: 'params', name: 'id' }] } },
      schema: {
        tags,
        summary: kind === 'case' ? 'A report, photo or film of an exhibit' : 'A packet as it was approved or sent, or a document of a brand',
        params: z.object({ ...aggregateParam.shape, digest: vaultDigest }),
        response: { 200: BYTES, ...READ_PROBLEMS },
      },
    },
    async (request, reply) => {
      const { id, digest } = request.params;
      const who = principalOf(request);
      const logged = await asParty(deps.portal, who, (em) => readLogged(em, id as AggregateId));
      const isNamed = logged !== undefined && filesOfState(logged.state).includes(digest);
      const bytes = isNamed ? await deps.vault.read(digest) : undefined;
      if (bytes === undefined) refuse('not-found');
      await noteRead(deps, who, 'packet.read', id);
      return sendBytes(reply, bytes, 'application/octet-stream', digest.slice('sha256:'.length));
    },
  );
}

/** Sent as a file that no page shows: what is in it is somebody else's word. */
function sendBytes(reply: FastifyReply, bytes: AsyncIterable<Uint8Array>, type: string, name: string) {
  reply.headers({
    'content-type': type,
    'content-disposition': `attachment; filename="${name}"`,
    'content-security-policy': "default-src 'none'; sandbox",
  });
  return reply.send(Readable.from(bytes));
}
