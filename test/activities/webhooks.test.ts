import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { httpWebhooks } from '../../adapters/webhook-http.ts';
import { createNotificationActivities } from '../../activities/notifications/send.ts';
import type { MailerPort, MarketplacePort, VaultPort } from '../../adapters/ports.ts';
import { endpointsOf, orderWebhooks, registerEndpoint, rotateSecret } from '../../store/outbox/webhooks.ts';
import { OutboxRow, OutboxState } from '../../store/schema/entities/outbox.ts';
import { WEBHOOK_MESSAGE } from '../../store/outbox/messages.ts';
import { work } from '../../store/connection/orm.ts';
import { pruneChanges } from '../../store/queries/changes.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { accept, move, open, until, verdict, writePeople } from '../store/support.ts';
import { scheduled } from './a-case.ts';

interface Heard {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

let db: TestDatabase;
let consumer: Server;
let url = '';
let status = 204;
let heard: Heard[] = [];
const em = () => work(db.store);

beforeAll(async () => {
  db = await testDatabase();
  await writePeople(db);
  consumer = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += String(chunk);
    });
    request.on('end', () => {
      heard.push({ headers: request.headers as Record<string, string>, body });
      response.writeHead(status, status === 302 ? { location: 'http://169.254.169.254/' } : {}).end();
    });
  });
  await new Promise<void>((resolve) => consumer.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(consumer.address() as AddressInfo).port}/hook`;
});
afterAll(async () => {
  consumer.close();
  await db.close();
});

const unused = {} as unknown as MailerPort & MarketplacePort & VaultPort;
const letters = createNotificationActivities;

/** What the dispatcher and `letterWorkflow` do, one round: order, claim, send. */
async function round(): Promise<readonly string[]> {
  await orderWebhooks(em(), db.clock.now());
  const due = await em().find(
    OutboxRow,
    { kind: WEBHOOK_MESSAGE, state: OutboxState.waiting, dueAt: { $lte: db.clock.now() } },
    { orderBy: { id: 'asc' } },
  );
  const activities = letters({
    log: db.context,
    mailer: unused,
    marketplace: unused,
    webhooks: httpWebhooks({ allowPrivate: true }),
    vault: unused,
    outageMs: 0,
  });
  for (const { id } of due) {
    await em().nativeUpdate(OutboxRow, { id }, { state: OutboxState.sending });
    await scheduled().run(() => activities.sendLetter({ id }));
  }
  return due.map(({ id }) => id);
}

const changesIn = ({ body }: Heard) => (JSON.parse(body) as { data: { changes: { id: string; n: number; sequence: string }[] } }).data.changes;

/** Rounds until something was sent: other tests' transactions under way hold back what a reader may see. */
async function delivered(): Promise<readonly string[]> {
  let sent: readonly string[] = [];
  await until(async () => {
    sent = await round();
    return sent.length > 0;
  }, 'a message to be due');
  return sent;
}

describe('webhooks', () => {
  let secret = '';
  let mine = '';
  let after = '';
  it('tell an organisation of its own changes only, signed so that a consumer can check', async () => {
    const endpoint = await registerEndpoint(em(), { organisation: 'org-a', capacity: 'rights-holder', url }, db.clock.now());
    secret = endpoint.secret ?? '';
    mine = await open(db, { listing: 'm:mine' });
    await open(db, { listing: 'm:theirs', holder: 'org-b' });
    expect(await delivered()).toHaveLength(1);
    const [message] = heard;
    if (message === undefined) throw new Error('nothing was heard');
    expect(changesIn(message).map(({ id }) => id)).toEqual([mine]);
    expect(message.headers['webhook-signature']).toBe(sign(secret, message));
    expect(JSON.parse(message.body)).toMatchObject({ type: 'changes' });
    expect(await round()).toEqual([]);
  });

  it('an altered or an old message does not pass the check of the specification', () => {
    const [message] = heard;
    if (message === undefined) throw new Error('nothing was heard');
    const now = new Date();
    const headers = {
      'webhook-id': 'a',
      'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
      'webhook-signature': new Webhook(secret).sign('a', now, message.body),
    };
    expect(() => new Webhook(secret).verify(message.body, headers)).not.toThrow();
    expect(() => new Webhook(secret).verify(message.body.replace('m', 'n'), headers)).toThrow();
    expect(() => new Webhook(secret).verify(message.body, { ...headers, 'webhook-id': 'b' })).toThrow();
    const old = new Date(now.getTime() - 3_600_000);
    const replayed = {
      ...headers,
      'webhook-timestamp': String(Math.floor(old.getTime() / 1_000)),
      'webhook-signature': new Webhook(secret).sign('a', old, message.body),
    };
    expect(() => new Webhook(secret).verify(message.body, replayed)).toThrow();
  });

  it('after an outage the consumer gets everything it missed, in order, and a retry is the same message', async () => {
    heard = [];
    status = 503;
    await accept(db, mine as never, 'hook:1', verdict('genuine'));
    await move(db, mine as never);
    await delivered();
    const others = [];
    for (const n of [1, 2, 3]) others.push(await open(db, { listing: `m:late-${n}` }));
    expect(await round()).toEqual([]);
    status = 204;
    db.clock.pass(16 * 60_000);
    const rest = () => heard.slice(2).flatMap(changesIn);
    await until(async () => (await round()).length >= 0 && rest().length === others.length, 'what was missed');
    const [tried, again] = heard;
    if (tried === undefined || again === undefined) throw new Error(`${heard.length} messages were heard`);
    expect([again.headers['webhook-id'], again.body]).toEqual([tried.headers['webhook-id'], tried.body]);
    expect(changesIn(again).map(({ id }) => id)).toEqual([mine]);
    expect(rest().map(({ id }) => id)).toEqual(others);
  });

  it('while a secret is changed over both sign', async () => {
    heard = [];
    const [endpoint] = await endpointsOf(em(), ['org-a']);
    const fresh = (await rotateSecret(em(), endpoint?.id ?? '', db.clock.now())) ?? '';
    await open(db, { listing: 'm:rotated' });
    await delivered();
    const [message] = heard;
    if (message === undefined) throw new Error('nothing was heard');
    expect(message.headers['webhook-signature']?.split(' ')).toEqual([sign(fresh, message), sign(secret, message)]);
    heard = [];
    db.clock.pass(25 * 3_600_000);
    await open(db, { listing: 'm:rotated-2' });
    await delivered();
    expect(heard[0]?.headers['webhook-signature']?.split(' ')).toHaveLength(1);
  });

  it('follow no redirect, and stop where the endpoint is gone', async () => {
    heard = [];
    status = 302;
    await open(db, { listing: 'm:redirect' });
    await delivered();
    expect(heard).toHaveLength(1);
    status = 410;
    db.clock.pass(16 * 60_000);
    await delivered();
    expect(await endpointsOf(em(), ['org-a'])).toMatchObject([{ disabledBecause: 'it answered 410 Gone' }]);
    after = await open(db, { listing: 'm:after' });
    expect(await round()).toEqual([]);
  });

  const again = () => registerEndpoint(em(), { organisation: 'org-a', capacity: 'rights-holder', url }, db.clock.now());
  const sentInOrder = (count: number) => until(async () => (await round()).length >= 0 && heard.length === count, `${count} messages`);

  it('registered again after it was disabled, an endpoint gets what it never took, and then what came meanwhile', async () => {
    const [refused] = heard;
    const missed = heard.slice(0, 1).flatMap(changesIn);
    heard = [];
    status = 204;
    expect(await again()).toMatchObject({ secret: null, isReset: false });
    await sentInOrder(2);
    expect(heard[0]?.headers['webhook-id']).toBe(refused?.headers['webhook-id']);
    expect(heard[0]?.body).toBe(refused?.body);
    expect(heard.flatMap(changesIn).map(({ id }) => id)).toEqual([...missed.map(({ id }) => id), after]);
    heard = [];
    expect(await again()).toMatchObject({ isReset: false });
    expect([await round(), heard]).toEqual([[], []]);
  });

  it('an endpoint that tried for days is tried for days again', async () => {
    heard = [];
    status = 503;
    await open(db, { listing: 'm:days' });
    await delivered();
    await em().nativeUpdate(OutboxRow, { kind: WEBHOOK_MESSAGE, state: OutboxState.waiting }, { tries: 480 });
    db.clock.pass(16 * 60_000);
    await delivered();
    expect(await endpointsOf(em(), ['org-a'])).toMatchObject([{ disabledBecause: expect.stringMatching(/480 tries/) }]);
    heard = [];
    await again();
    await sentInOrder(1);
    expect(await endpointsOf(em(), ['org-a'])).toMatchObject([{ disabledAt: null }]);
    status = 204;
    db.clock.pass(16 * 60_000);
    await sentInOrder(2);
    expect(heard.map(({ headers }) => headers['webhook-id'])).toEqual([heard[0]?.headers['webhook-id'], heard[0]?.headers['webhook-id']]);
  });

  it('changes that an endpoint waits for are not let go of; where they are gone all the same, registering says so', async () => {
    status = 410;
    const held = await open(db, { listing: 'm:held-1' });
    await until(async () => (await orderWebhooks(em(), db.clock.now())) > 0, 'a message');
    await open(db, { listing: 'm:held-2' });
    const places = () => em().execute<{ aggregate: string }[]>('select aggregate from change order by xid, id');
    await pruneChanges(em(), 0);
    expect((await places()).length).toBeGreaterThan(0);
    heard = [];
    await sentInOrder(1);
    expect(heard.flatMap(changesIn).map(({ id }) => id)).toEqual([held]);
    // Disabled now: nobody waits.
    await pruneChanges(em(), 0);
    const late = await open(db, { listing: 'm:held-3' });
    expect(await again()).toMatchObject({ isReset: true });
    status = 204;
    heard = [];
    await sentInOrder(2);
    expect(heard.flatMap(changesIn).map(({ id }) => id)).toEqual([held, late]);
    expect(await again()).toMatchObject({ isReset: false });
  });

  it.each([
    'http://127.0.0.1:1/',
    'http://[::1]/',
    'http://[::ffff:10.0.0.1]/',
    'http://169.254.169.254/',
    'http://localhost:1/',
    'http://10.1.2.3/',
    'http://0.0.0.0/',
  ])('are not sent to the private address %s', async (address) => {
    const sent = httpWebhooks({}).send({ url: address, id: 'x', at: db.clock.now(), body: '{}', secrets: [secret] });
    await expect(sent).rejects.toThrow(/private address/);
  });
});

function sign(secret: string, { headers, body }: Heard): string {
  return new Webhook(secret).sign(headers['webhook-id'] ?? '', new Date(Number(headers['webhook-timestamp']) * 1_000), body);
}
