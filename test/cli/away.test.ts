import { createServer, type Socket, connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { troubleOf } from '../../cli/error-messages.ts';
import { temporalClient } from '../../client/connection.ts';
import { publisherOf } from '../../embedded/publish.ts';
import { OrganisationRow } from '../../store/schema/entities/register.ts';
import { importFile } from '../../store/register/imports/import-file.ts';
import { openStore, work } from '../../store/connection/orm.ts';
import { until } from '../store/support.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

/** An address where nothing listens, on every machine. */
const NOWHERE = '127.0.0.1:2';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());

const failureOf = async (run: () => Promise<unknown>): Promise<unknown> => {
  try {
    await run();
  } catch (error) {
    return error;
  }
  throw new Error('it did not fail');
};

/** Long enough that what is read ahead to tell the file's form ends within a batch. */
const NOTE = 'x'.repeat(500);
const organisation = (n: number) => Buffer.from(`${JSON.stringify({ id: `o:${n}`, name: `Name ${n}`, note: NOTE })}\n`);
const listing = (n: number) => Buffer.from(`{"listing_id":"t:${n}","market":"DE","title":"Thing","price":10,"currency":"EUR"}\n`);

describe('a server that is away', () => {
  it.each([
    [
      'The database',
      async () => {
        const store = await openStore({ url: `postgresql://nobody@${NOWHERE}/none`, operator: 'main', poolSize: 1 });
        return work(store)
          .execute('select 1')
          .finally(() => store.close());
      },
    ],
    [
      'Temporal',
      async () => {
        const client = temporalClient({ address: NOWHERE, namespace: 'none' });
        return client.connection
          .withDeadline(Date.now() + 500, () => client.workflow.getHandle('x').describe())
          .finally(() => client.connection.close());
      },
    ],
    ['A server', () => fetch(`http://${NOWHERE}/`)],
  ])('%s: named, with exit code 3 and without a stack', async (place, ask) => {
    const { code, exitCode, message, cure } = troubleOf(await failureOf(ask));
    expect([code, exitCode, message]).toEqual(['not-reachable', 3, expect.stringMatching(new RegExp(`^${place} does not answer: .+\\.$`))]);
    expect(message).not.toMatch(/\n|\.ts:\d|node_modules/);
    expect(cure).toContain('interdict doctor');
  });
});

describe('an import that breaks off', () => {
  it('because the database went away: told by place and line, and the rows before are stored', async () => {
    const proxy = await proxyTo(db.engineUrl);
    const stored = () => work(db.store).count(OrganisationRow, { id: { $like: 'o:%' } });
    const store = await openStore({ url: proxy.url, operator: 'main', poolSize: 2 });
    async function* feed() {
      for (let n = 1; n <= 600; n += 1) yield organisation(n);
      // However far ahead is read: the first batch is stored, and whatever connection comes next finds nobody.
      await until(async () => (await stored()) === 500, 'the first batch');
      for (let n = 601; n <= 700; n += 1) yield organisation(n);
      proxy.cut();
    }
    try {
      const { code, exitCode, message, cure } = troubleOf(await failureOf(() => importFile(store, db.clock, 'organisations', feed())));
      expect([code, exitCode, message]).toEqual([
        'import-broken-off',
        3,
        expect.stringMatching(/^The import broke off after line (699|700), at the database: .+\. Stored so far: 500 rows\.$/),
      ]);
      expect(message).not.toMatch(/\n|node_modules/);
      expect(cure).toContain('import the same file again');
      expect(await stored()).toBe(500);
    } finally {
      await store.close();
      await proxy.stop();
    }
  });

  it('because the marketplace went away, or refuses: told by place, address and line', async () => {
    const refusing = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end('HTTP/1.1 503 Not now\r\ncontent-length: 9\r\nconnection: close\r\n\r\noverdone\n'));
    });
    await new Promise<void>((resolve) => refusing.listen(0, '127.0.0.1', resolve));
    const address = `127.0.0.1:${(refusing.address() as AddressInfo).port}`;
    try {
      for (const [at, exit, words] of [
        [
          NOWHERE,
          3,
          new RegExp(`^The import broke off after line 2, at the marketplace: connect ECONNREFUSED ${NOWHERE}\\. Stored so far: 2 rows\\.$`),
        ],
        [address, 1, new RegExp(`at the marketplace: .*http://${address} does not take the listings: 503 overdone`)],
      ] as const) {
        async function* feed() {
          yield listing(1);
          yield listing(2);
        }
        const failure = await failureOf(() => importFile(db.store, db.clock, 'listings', feed(), { publish: publisherOf(`http://${at}`) }));
        const { code, exitCode, message } = troubleOf(failure);
        expect([code, exitCode, message]).toEqual(['import-broken-off', exit, expect.stringMatching(words)]);
        expect(message).not.toMatch(/\n|node_modules/);
      }
    } finally {
      await new Promise((resolve) => refusing.close(resolve));
    }
  });

  it('because the file cannot be read on: told by line', async () => {
    async function* feed() {
      yield organisation(9_001);
      yield organisation(9_002);
      throw Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' });
    }
    const { code, exitCode, message } = troubleOf(await failureOf(() => importFile(db.store, db.clock, 'organisations', feed())));
    expect([code, exitCode, message]).toEqual([
      'import-broken-off',
      1,
      'The import broke off after line 2, at the file: EIO: i/o error, read. Stored so far: 2 rows.',
    ]);
  });
});

/** A way to the database that can be cut. */
async function proxyTo(url: string): Promise<{ readonly url: string; cut(): void; stop(): Promise<void> }> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((socket) => {
    if (isCut) {
      socket.destroy();
      return;
    }
    const behind = connect(Number(target.port), target.hostname);
    for (const one of [socket, behind]) {
      sockets.add(one);
      one.on('error', () => {});
    }
    socket.pipe(behind).pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const through = new URL(url);
  through.hostname = '127.0.0.1';
  through.port = String(port);
  const cut = () => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: through.href,
    cut,
    stop: () => {
      cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
