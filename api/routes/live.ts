import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { work } from '../../store/connection/orm.ts';
import { type Change, isKept, newestPlace } from '../../store/queries/changes.ts';
import type { ServerDeps } from '../deps.ts';
import { readerNow } from '../guard.ts';
import { changesFor, LiveFeed, placeText, readPlace } from '../live.ts';
import { refuse } from '../problems.ts';
import { type App, principalOf, problems, READ_PROBLEMS } from '../route.ts';

/** Streams of one person at once: a forgotten tab must not hold all connections. */
const MOST_STREAMS = 8;

const changeSchema = z
  .object({ id: z.string(), kind: z.string(), status: z.string(), n: z.int(), at: z.string() })
  .meta({ id: 'Change', description: 'Data of an event `change`' });

const changesSchema = z
  .object({
    changes: z.array(changeSchema.extend({ sequence: z.string() })),
    next: z.string().describe('Send it as `after` to go on'),
    hasMore: z.boolean(),
    isReset: z.boolean().describe('`after` is too old: something was missed, read again'),
  })
  .meta({ id: 'Changes' });

/** The same changes page by page: for a consumer that was away. */
function addChanges(app: App, deps: ServerDeps): void {
  app.get(
    '/api/changes',
    {
      config: { access: { operation: 'live.read', scope: 'read' } },
      schema: {
        tags: ['live'],
        summary: 'Changes after a place, in order; without one the place of now',
        querystring: z.object({ after: z.string().max(40).optional() }),
        response: { 200: changesSchema, ...READ_PROBLEMS },
      },
    },
    async (request) => {
      const { after } = request.query;
      const em = work(deps.engine);
      const place = after === undefined ? await newestPlace(em) : readPlace(after);
      if (place === undefined) refuse('bad-cursor');
      const isReset = !(await isKept(em, place));
      const { changes, place: next, hasMore } = await changesFor(deps, principalOf(request), place);
      return { changes: changes.map((change) => ({ ...dataOf(change), sequence: placeText(change) })), next: placeText(next), hasMore, isReset };
    },
  );
}

/** Live changes as server-sent events, from where the reader left off. */
export function addLiveRoutes(app: App, deps: ServerDeps): void {
  addChanges(app, deps);
  const feed = new LiveFeed(deps);
  const streams = new Map<string, number>();
  app.addHook('onReady', async () => feed.start());
  app.addHook('preClose', async () => feed.stop());
  app.get(
    '/api/live',
    {
      sse: 'only',
      config: { access: { operation: 'live.read', scope: 'read' } },
      schema: {
        tags: ['live'],
        summary:
          'Changes as they happen (server-sent events). Send Last-Event-ID to go on where you left off; `reset` says that too much was missed: read again.',
        response: {
          200: { description: 'Events `change` and `reset`', content: { 'text/event-stream': { schema: changeSchema } } },
          ...problems(401, 403, 406, 429, 503),
        },
      },
    },
    async (request, reply) => {
      const who = principalOf(request);
      const open = streams.get(who.id) ?? 0;
      if (open >= MOST_STREAMS) refuse('too-many', { cure: 'Close a page that you no longer need.' });
      streams.set(who.id, open + 1);
      reply.sse.keepAlive();
      reply.sse.onClose(() => streams.set(who.id, (streams.get(who.id) ?? 1) - 1));
      await follow(deps, feed, request, reply.sse);
    },
  );
}

/** What the plugin gives a reply. */
interface Stream {
  readonly isConnected: boolean;
  readonly lastEventId: string | null;
  send(message: { id?: string; event?: string; data: unknown }): Promise<void>;
  onClose(callback: () => void): void;
  close(): void;
}

async function follow(deps: ServerDeps, feed: LiveFeed, request: FastifyRequest, stream: Stream): Promise<void> {
  let place = (stream.lastEventId === null ? undefined : readPlace(stream.lastEventId)) ?? (await newestPlace(work(deps.engine)));
  if (!(await isKept(work(deps.engine), place))) {
    place = await newestPlace(work(deps.engine));
    await stream.send({ id: placeText(place), event: 'reset', data: {} });
  } else await stream.send({ id: placeText(place), event: 'hello', data: {} });
  let wake = () => {};
  const stop = feed.onChange(() => wake());
  stream.onClose(() => {
    stop();
    wake();
  });
  while (stream.isConnected) {
    const woken = new Promise<void>((resolve) => {
      wake = resolve;
    });
    // Every reading is for the reader as it is then: an organisation that was taken from an agent is silent from that moment on, and a
    // session that has ended, or a mandate that was taken back, ends the stream.
    const who = await readerNow(deps, request);
    if (who === undefined) {
      stream.close();
      break;
    }
    const { changes, place: next, hasMore } = await changesFor(deps, who, place);
    for (const change of changes) await stream.send({ id: placeText(change), event: 'change', data: dataOf(change) });
    place = next;
    if (!hasMore) await woken;
  }
  stop();
}

function dataOf({ aggregate, kind, status, n, at }: Change): z.output<typeof changeSchema> {
  return { id: aggregate, kind, status, n, at };
}
