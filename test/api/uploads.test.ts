import { connect, type AddressInfo, type Socket } from 'node:net';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ListingRow } from '../../store/schema/entities/register.ts';
import { work } from '../../store/connection/orm.ts';
import { until } from '../store/support.ts';
import { serverLog } from '../../worker/server-log.ts';
import { type Caller, type TestApi, PEOPLE, startApi } from './support.ts';

/** Short enough for a test, and each many times the pause between two pieces that are sent. */
const IDLE_MS = 600;
const WHOLE_MS = 900;

const logged: string[] = [];
let api: TestApi;
let officer: Caller;
let publishMs = 0;
beforeAll(async () => {
  const to = new Writable({
    write: (text, _, done) => {
      logged.push(String(text));
      done();
    },
  });
  api = await startApi({
    log: serverLog(to),
    bodyPatience: { idleMs: IDLE_MS, wholeMs: WHOLE_MS },
    publish: () => new Promise((resolve) => setTimeout(resolve, publishMs)),
  });
  await api.app.listen({ host: '127.0.0.1', port: 0 });
  officer = await api.as(PEOPLE.governance);
});
afterAll(() => api.close());

const line = (id: string) => `${JSON.stringify({ listing_id: `u:${id}`, market: 'DE', title: 'Thing', price: 10, currency: 'EUR' })}\n`;
const storedOf = (like: string) => work(api.db.store).count(ListingRow, { id: { $like: `u:${like}%` } });

interface Upload {
  readonly socket: Socket;
  /** Sends a piece of the body. */
  piece(text: string): void;
  /** The end of the body. */
  end(): void;
  /** The answer, once the server has given one. */
  answer(): Promise<{ readonly status: number; readonly body: Readonly<Record<string, unknown>> }>;
}

/** A request whose body comes as the test says. */
function upload(url: string, type: string): Upload {
  const { port } = api.app.server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  const headers = [`POST ${url} HTTP/1.1`, 'host: x', `cookie: ${officer.cookie}`, `x-csrf-token: ${officer.csrf}`, `content-type: ${type}`];
  socket.write(`${[...headers, 'idempotency-key: upload-key-1', 'transfer-encoding: chunked'].join('\r\n')}\r\n\r\n`);
  let text = '';
  socket.setEncoding('utf8').on('data', (piece) => (text += String(piece)));
  socket.on('error', () => {});
  return {
    socket,
    piece: (piece) => void socket.write(`${Buffer.byteLength(piece).toString(16)}\r\n${piece}\r\n`),
    end: () => void socket.write('0\r\n\r\n'),
    answer: async () => {
      await until(async () => /\r\n\r\n\{.*\}/s.test(text), 'an answer');
      const status = Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1]);
      return { status, body: JSON.parse(text.slice(text.indexOf('\r\n\r\n'))) as Readonly<Record<string, unknown>> };
    },
  };
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('a long upload', () => {
  it('is bounded by silence alone: no timeout of the server counts the whole', async () => {
    expect(api.app.server.requestTimeout).toBe(0);
    expect(api.app.server.timeout).toBe(0);
    const feed = upload('/api/imports/listings', 'application/x-ndjson');
    // Longer than an ordinary body may take, and never silent for as long as would cut it.
    for (let n = 0; n < 14; n += 1) {
      feed.piece(line(`long-${n}`));
      await pause(100);
    }
    feed.end();
    expect(await feed.answer()).toMatchObject({ status: 200, body: { imported: 14, wrong: 0 } });
  });

  it('is not cut because we are slow', async () => {
    publishMs = 2 * IDLE_MS;
    const feed = upload('/api/imports/listings', 'application/x-ndjson');
    // Batches that take long, while the rest is here already or waits for its turn.
    for (let n = 0; n < 1_200; n += 1) feed.piece(line(`slow-${n}`));
    feed.end();
    expect(await feed.answer().finally(() => (publishMs = 0))).toMatchObject({ status: 200, body: { imported: 1_200 } });
  }, 30_000);

  it('that falls silent is cut with the line reached, and what came whole is stored', async () => {
    const feed = upload('/api/imports/listings', 'application/x-ndjson');
    for (let n = 0; n < 3; n += 1) feed.piece(line(`cut-${n}`));
    feed.piece(line('cut-3').slice(0, 20));
    const { status, body } = await feed.answer();
    expect([status, body]).toMatchObject([
      408,
      {
        code: 'body-cut',
        detail: expect.stringMatching(
          /^The import broke off after line 3, at the file: nothing came for 0\.6 seconds after \d+ bytes\. Stored so far: 3 rows\.$/,
        ),
        cure: expect.stringContaining('whole file again'),
        places: [{ place: 'line 3', message: expect.any(String) }],
      },
    ]);
    expect(await storedOf('cut-')).toBe(3);
    await until(async () => feed.socket.destroyed || feed.socket.readableEnded, 'the connection to end');
  });

  it('whose sender goes away is noted with the line reached', async () => {
    const feed = upload('/api/imports/listings', 'application/x-ndjson');
    for (let n = 0; n < 2; n += 1) feed.piece(line(`gone-${n}`));
    await pause(100);
    feed.socket.destroy();
    await until(async () => logged.some((text) => /broke off after line 2, at the file: the sender went away/.test(text)), 'the note');
    await until(async () => (await storedOf('gone-')) === 2, 'the rows that came whole');
  });

  it('of a document that falls silent is told with its bytes', async () => {
    const document = upload('/api/documents', 'application/pdf');
    document.piece('%PDF-1.7');
    expect(await document.answer()).toMatchObject({ status: 408, body: { code: 'body-cut', detail: expect.stringContaining('after 8 bytes') } });
  });
});

describe('an ordinary body', () => {
  it('is cut by its whole time too: a byte now and then holds no connection', async () => {
    const slow = upload('/api/cases', 'application/json');
    const began = Date.now();
    slow.piece('{');
    const drip = setInterval(() => slow.piece(' '), 100);
    const { status, body } = await slow.answer().finally(() => clearInterval(drip));
    expect([status, body]).toMatchObject([408, { code: 'body-cut', detail: expect.stringContaining('within 0.9 seconds') }]);
    expect(Date.now() - began).toBeGreaterThanOrEqual(WHOLE_MS - 50);
  });
});

describe('an import whose servers are away', () => {
  it('names the marketplace and the line reached, without its address or a stack', async () => {
    const away = await startApi({ publish: () => Promise.reject(new Error('connect ECONNREFUSED 10.0.0.7:8080')) });
    try {
      const caller = await away.as(PEOPLE.governance);
      const { status, body, text } = await caller.send('POST', '/api/imports/listings', line('away-1'), { 'content-type': 'application/x-ndjson' });
      expect([status, body]).toMatchObject([
        503,
        {
          code: 'unavailable',
          detail: 'The import broke off after line 1, at the marketplace. Stored so far: 1 row.',
          places: [{ place: 'line 1' }],
        },
      ]);
      expect(text).not.toMatch(/ECONNREFUSED|10\.0\.0\.7|node_modules/);
    } finally {
      await away.close();
    }
  });
});
