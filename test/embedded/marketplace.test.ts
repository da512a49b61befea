import { describe, expect, onTestFinished, test } from 'vitest';
import { listingVersion } from '../../domain/listing-version.ts';
import { type RunningMarketplace, startMarketplace } from '../../embedded/marketplace/marketplace.ts';
import { aFolder, aLog, call } from './support.ts';

const AT = '2026-01-05T09:00:00.000Z';
const WATCH = {
  id: 'ebay:1',
  marketplace: 'ebay',
  market: 'US',
  title: 'Rolex <b>Submariner</b>',
  brand: 'Rolex',
  images: ['/images/generated-1.png'],
  price: { amount: 19_900, currency: 'USD' },
  seller: 'S-1',
};
const VERSION = listingVersion(WATCH);
const TAKEDOWN = { versions: [VERSION], reason: 'Counterfeit, as the rights holder says.', reference: 'case:1' };

async function aMarketplace(dir?: string): Promise<RunningMarketplace> {
  const marketplace = await startMarketplace({
    dir: dir ?? (await aFolder()),
    port: 0,
    host: '127.0.0.1',
    now: () => AT,
    log: aLog().log,
  });
  onTestFinished(() => marketplace.stop());
  return marketplace;
}

async function aMarketplaceWithWatch(dir?: string): Promise<string> {
  const { url } = await aMarketplace(dir);
  await call(`${url}/admin/listings`, 'PUT', { listings: [WATCH] });
  return url;
}

const watchAt = (url: string) => `${url}/listings/ebay:1`;

describe('listings', () => {
  test('are shown with their version, orders and without absent fields', async () => {
    const url = await aMarketplaceWithWatch();
    await call(`${url}/admin/listings/ebay:1/orders`, 'POST', { n: 3 });
    const { body } = await call(watchAt(url));
    expect(body).toEqual({ ...WATCH, status: 'live', version: VERSION, completedOrders: 3 });
  });

  test('are escaped on their page, and their images are drawn or absent', async () => {
    const url = await aMarketplaceWithWatch();
    const page = await (await fetch(`${watchAt(url)}/page`)).text();
    expect(page).toContain('Rolex &lt;b&gt;Submariner');
    expect(page).not.toContain('<b>Submariner');
    const image = await fetch(`${url}/images/generated-1.png`);
    expect([image.status, image.headers.get('content-type')]).toEqual([200, 'image/png']);
    expect((await fetch(`${url}/images/other.png`)).status).toBe(404);
    await fetch(`${url}/admin/images/other.png`, {
      method: 'PUT',
      headers: { 'content-type': 'image/png' },
      body: Buffer.from([1, 2, 3]),
    });
    expect(Buffer.from(await (await fetch(`${url}/images/other.png`)).arrayBuffer())).toEqual(Buffer.from([1, 2, 3]));
  });

  test('keep their version when only price or seller change, and stay removed when the feed brings them again', async () => {
    const url = await aMarketplaceWithWatch();
    await call(`${watchAt(url)}/takedown`, 'POST', TAKEDOWN, 'k1');
    const again = await call(`${url}/admin/listings`, 'PUT', {
      listings: [{ ...WATCH, price: { amount: 1, currency: 'USD' }, seller: 'S-2' }],
    });
    expect(again.body).toEqual({ created: 0, updated: 1, unchanged: 0 });
    expect(
      (
        await call(`${url}/admin/listings`, 'PUT', {
          listings: [{ ...WATCH, price: { amount: 1, currency: 'USD' }, seller: 'S-2' }],
        })
      ).body,
    ).toMatchObject({ unchanged: 1 });
    expect((await call(watchAt(url))).body).toMatchObject({ status: 'removed', version: VERSION });
  });

  test('have a version that does not see how a feed leaves a field out', () => {
    expect(listingVersion({ title: ' Cafe\u0301 ', description: '', images: [] })).toBe(listingVersion({ title: 'Caf\u00e9', brand: null }));
    expect(listingVersion({ title: 'a', images: ['x', 'y'] })).not.toBe(listingVersion({ title: 'a', images: ['y', 'x'] }));
  });
});

describe('takedown and put-back', () => {
  test('remove, restore, and call what is gone already gone', async () => {
    const url = await aMarketplaceWithWatch();
    expect((await call(`${watchAt(url)}/takedown`, 'POST', TAKEDOWN, 'k1')).body).toEqual({
      status: 'removed',
      at: AT,
      version: VERSION,
      completedOrders: 0,
    });
    expect((await call(`${watchAt(url)}/takedown`, 'POST', TAKEDOWN, 'k2')).body).toEqual({
      status: 'already-gone',
      was: 'removed',
    });
    const back = { reason: 'Overturned.', reference: 'appeal:1' };
    expect((await call(`${watchAt(url)}/put-back`, 'POST', back, 'k3')).body).toEqual({ status: 'restored', at: AT });
    expect((await call(`${watchAt(url)}/put-back`, 'POST', back, 'k4')).body).toEqual({ status: 'already-live' });
    await call(`${url}/admin/listings/ebay:1/gone`, 'POST');
    expect((await call(`${watchAt(url)}/put-back`, 'POST', back, 'k5')).body).toEqual({ status: 'gone' });
    expect((await call(`${watchAt(url)}/takedown`, 'POST', TAKEDOWN, 'k6')).body).toEqual({
      status: 'already-gone',
      was: 'gone',
    });
  });

  test('refuse another version, an unknown listing, and a request without a key', async () => {
    const url = await aMarketplaceWithWatch();
    const edited = await call(`${url}/admin/listings/ebay:1/edit`, 'POST', { title: 'A watch' });
    expect(await call(`${watchAt(url)}/takedown`, 'POST', TAKEDOWN, 'k1')).toMatchObject({
      status: 409,
      body: { code: 'listing-edited', version: edited.body.version },
    });
    expect(await call(`${url}/listings/ebay:9/takedown`, 'POST', TAKEDOWN, 'k2')).toMatchObject({
      status: 404,
      body: { code: 'unknown-listing' },
    });
    expect(await call(`${watchAt(url)}/takedown`, 'POST', TAKEDOWN)).toMatchObject({
      status: 400,
      body: { code: 'idempotency-key-missing' },
    });
    expect((await call(`${watchAt(url)}/takedown`, 'POST', { reason: 'x' }, 'k3')).status).toBe(400);
  });

  test('answer the same for the same key across a restart, and refuse the key for anything else', async () => {
    const dir = await aFolder();
    const first = await aMarketplace(dir);
    await call(`${first.url}/admin/listings`, 'PUT', { listings: [WATCH] });
    const done = await call(`${watchAt(first.url)}/takedown`, 'POST', TAKEDOWN, 'k1');
    await call(`${watchAt(first.url)}/put-back`, 'POST', { reason: 'x', reference: 'y' }, 'k2');
    await first.stop();
    const { url } = await aMarketplace(dir);
    expect((await call(`${watchAt(url)}/takedown`, 'POST', TAKEDOWN, 'k1')).body).toEqual(done.body);
    expect((await call(watchAt(url))).body.status).toBe('live');
    expect(await call(`${watchAt(url)}/takedown`, 'POST', { ...TAKEDOWN, reason: 'other' }, 'k1')).toMatchObject({
      status: 422,
      body: { code: 'key-reused' },
    });
    const { requests } = (await call(`${url}/admin/requests?listing=ebay:1&key=k1`)).body;
    expect(requests).toMatchObject([{ outcome: 'first', result: 'removed' }, { outcome: 'replayed' }, { outcome: 'key-reused' }]);
  });
});

describe('shops', () => {
  test('are restricted, closed, opened and written to', async () => {
    const url = await aMarketplaceWithWatch();
    const shop = `${url}/shops/S-1`;
    expect(
      (await call(`${shop}/restriction`, 'POST', { measure: 'freeze', until: '2026-02-01T00:00:00Z', reference: 'sanction:1' }, 'a')).body,
    ).toMatchObject({ status: 'restricted', at: AT });
    expect((await call(shop)).body).toMatchObject({
      status: 'open',
      listings: 1,
      restriction: { measure: 'freeze', reference: 'sanction:1' },
    });
    expect((await call(`${shop}/restriction`, 'DELETE', undefined, 'b')).body).toEqual({ status: 'lifted', at: AT });
    expect((await call(`${shop}/closure`, 'POST', { reason: 'x' }, 'c')).body).toEqual({ status: 'closed', at: AT });
    expect((await call(`${shop}/closure`, 'DELETE', undefined, 'd')).body).toEqual({ status: 'reopened', at: AT });
    const message = { subject: 'Reasons', text: 'Your listing was removed.', reference: 'case:1' };
    const sent = await call(`${shop}/messages`, 'POST', message, 'e');
    expect(sent).toMatchObject({ status: 201, body: { at: AT } });
    expect((await call(`${shop}/messages`, 'POST', message, 'e')).body).toEqual(sent.body);
    expect((await call(`${shop}/messages`)).body).toEqual({ messages: [{ id: sent.body.id, at: AT, ...message }] });
    expect((await call(`${url}/shops/S-9`)).status).toBe(404);
  });

  test('are free again when the restriction has run out', async () => {
    const url = await aMarketplaceWithWatch();
    await call(`${url}/shops/S-1/restriction`, 'POST', { measure: 'restrict', until: AT }, 'a');
    expect((await call(`${url}/shops/S-1`)).body.restriction).toBeUndefined();
  });
});

describe('faults', () => {
  test.each([
    ['429', 429, '7'],
    ['503', 503, '7'],
    ['409', 409, '7'],
  ])('%s refuses as often as scripted and leaves the listing alone', async (kind, status, wait) => {
    const url = await aMarketplaceWithWatch();
    await call(`${url}/admin/faults`, 'POST', { on: 'takedown', kind, retryAfterSeconds: 7, times: 1 });
    const refused = await call(`${watchAt(url)}/takedown`, 'POST', TAKEDOWN, 'k1');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([status, wait]);
    expect((await call(`${watchAt(url)}/takedown`, 'POST', TAKEDOWN, 'k1')).body.status).toBe('removed');
    expect((await call(`${url}/admin/requests?listing=ebay:1`)).body.requests).toMatchObject([
      { outcome: 'faulted', fault: kind },
      { outcome: 'first' },
    ]);
  });

  test('lost-reply does the effect and tells nobody; the retry reads the reply', async () => {
    const url = await aMarketplaceWithWatch();
    await call(`${url}/admin/faults`, 'POST', { on: 'any', kind: 'lost-reply', times: 1, listing: 'ebay:1' });
    await expect(call(`${watchAt(url)}/takedown`, 'POST', TAKEDOWN, 'k1')).rejects.toThrow();
    expect((await call(`${watchAt(url)}/takedown`, 'POST', TAKEDOWN, 'k1')).body.status).toBe('removed');
    expect((await call(`${url}/admin/requests?listing=ebay:1`)).body.requests).toMatchObject([
      { outcome: 'first', fault: 'lost-reply' },
      { outcome: 'replayed' },
    ]);
  });

  test('stall holds the answer back and then does the effect; other listings are not touched', async () => {
    const url = await aMarketplaceWithWatch();
    await call(`${url}/admin/faults`, 'POST', { on: 'takedown', kind: 'stall', stallMs: 50, listing: 'ebay:1' });
    const before = performance.now();
    expect((await call(`${watchAt(url)}/takedown`, 'POST', TAKEDOWN, 'k1')).body.status).toBe('removed');
    expect(performance.now() - before).toBeGreaterThanOrEqual(49);
  });

  test('a stalled request does not keep the marketplace from stopping', async () => {
    const marketplace = await aMarketplace();
    await call(`${marketplace.url}/admin/listings`, 'PUT', { listings: [WATCH] });
    await call(`${marketplace.url}/admin/faults`, 'POST', { on: 'capture', kind: 'stall' });
    const stalled = call(watchAt(marketplace.url)).then(
      () => 'answered',
      () => 'broken off',
    );
    await marketplace.stop();
    expect(['answered', 'broken off']).toContain(await stalled);
  });

  test('stay until they are cleared when no number is given', async () => {
    const url = await aMarketplaceWithWatch();
    await call(`${url}/admin/faults`, 'POST', { on: 'capture', kind: '503' });
    expect([(await call(watchAt(url))).status, (await call(watchAt(url))).status]).toEqual([503, 503]);
    await call(`${url}/admin/faults`, 'DELETE');
    expect((await call(watchAt(url))).status).toBe(200);
  });
});
