import { PassThrough, type Readable } from 'node:stream';
import type { FastifyRequest, RequestPayload } from 'fastify';
import type { ServerDeps } from './deps.ts';
import type { App } from './route.ts';

/** How long a sender may be silent in the middle of a body, in milliseconds: made up, as long as a whole ordinary request may take. */
const IDLE_MS = 60_000;
/** How long the whole body of an ordinary request may take, in milliseconds: one byte a minute must not hold a connection for ever. */
const WHOLE_MS = 60_000;

/** A body that ended before its end: its sender fell silent, was too slow, or went away. */
export class BodyCut extends Error {
  readonly statusCode = 408;
  /** Bytes that had come. */
  readonly bytes: number;

  constructor(why: string, bytes: number) {
    super(`${why} after ${bytes.toLocaleString('en')} bytes`);
    this.name = 'BodyCut';
    this.bytes = bytes;
  }
}

/**
 * Bounds how long bodies take, in place of one timeout for whole requests: a feed of 500 MB over a slow line is as honest as any,
 * however long it takes, as long as it comes. What may be large is cut by silence only, counted while somebody here waits for more; an
 * ordinary body also by its whole time. `largest`: of an ordinary body, in bytes.
 */
export function addBodyPatience(app: App, { bodyPatience = {} }: ServerDeps, largest: number): void {
  const { idleMs = IDLE_MS, wholeMs = WHOLE_MS } = bodyPatience;
  app.addHook('preParsing', async (request, reply, payload) => {
    if (!hasBody(request)) return payload;
    const isLarge = request.routeOptions.bodyLimit > largest;
    const body = bounded(payload, isLarge ? { idleMs } : { idleMs, wholeMs });
    body.once('error', () => void reply.header('connection', 'close'));
    return body;
  });
}

function hasBody({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

interface Patience {
  readonly idleMs: number;
  readonly wholeMs?: number;
}

/** The same bytes, or a `BodyCut` where they end. The request itself stays open, so that the cut can be answered. */
function bounded(payload: RequestPayload, { idleMs, wholeMs }: Patience): Readable {
  const body = new PassThrough();
  let bytes = 0;
  const cut = (why: string) => {
    // Said by whoever reads; nobody reads where the request was refused before.
    body.once('error', () => {});
    body.destroy(new BodyCut(why, bytes));
  };
  const idle = setInterval(() => {
    // Full to the brim: it is we who are slow.
    if (!body.writableNeedDrain) cut(`nothing came for ${idleMs / 1_000} seconds`);
  }, idleMs);
  const whole = wholeMs === undefined ? undefined : setTimeout(() => cut(`the body was not here within ${wholeMs / 1_000} seconds`), wholeMs);
  idle.unref();
  whole?.unref();
  payload.on('data', (piece: Uint8Array) => {
    bytes += piece.length;
    idle.refresh();
  });
  payload.once('error', () => cut('the sender went away'));
  payload.once('close', () => {
    if (!body.writableEnded) cut('the sender went away');
  });
  const atRest = () => {
    clearInterval(idle);
    clearTimeout(whole);
  };
  payload.once('end', atRest);
  body.once('close', atRest);
  payload.pipe(body);
  return body;
}
