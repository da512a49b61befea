import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { httpMarketplace } from '../../adapters/marketplace-http.ts';
import { FailureType } from '../../adapters/failures.ts';
import { call } from '../embedded/support.ts';
import { aMarketplace, aMeasure, adminOf, AT, lookBehind, script, VERSION, WATCH } from '../activities/reference.ts';

const unavailable = { type: FailureType.marketplaceUnavailable };
const portTo = (url: string, timeoutMs = 2_000) => httpMarketplace({ baseUrl: url, timeoutMs });

async function answering(status: number, body: string, headers: Record<string, string> = {}): Promise<string> {
  const server = createServer((_request, response) => response.writeHead(status, headers).end(body));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}

describe('takedown', () => {
  it('removes once, whoever asks how often', async () => {
    const { url } = await aMarketplace();
    await call(adminOf(url, 'orders'), 'POST', { n: 3 });
    const removed = { kind: 'removed', at: AT, version: VERSION, orders: 3 };
    expect(await portTo(url).takedown(aMeasure())).toEqual(removed);
    expect(await portTo(`${url}/`).takedown(aMeasure())).toEqual(removed);
    expect(await lookBehind(url)).toEqual({ status: 'removed', outcomes: ['first', 'replayed'] });
    expect(await portTo(url).takedown(aMeasure({ key: 'case:2/takedown:v1' }))).toEqual({ kind: 'already-gone', was: 'removed' });
  });

  it('says that the listing was edited', async () => {
    const { url } = await aMarketplace();
    const { body } = await call(adminOf(url, 'edit'), 'POST', { title: 'Watch' });
    expect(await portTo(url).takedown(aMeasure())).toEqual({ kind: 'version-differs', version: body['version'] });
  });

  it('takes an unknown listing for gone, but not a wrong address of ours', async () => {
    const { url } = await aMarketplace();
    expect(await portTo(url).takedown(aMeasure({ listing: 'nope' }))).toEqual({ kind: 'already-gone', was: 'unknown' });
    await expect(portTo(`${url}/wrong`).takedown(aMeasure())).rejects.toMatchObject({ type: FailureType.marketplaceRejected, code: 'not-found' });
  });

  it('carries keys that no header can carry', async () => {
    const { url } = await aMarketplace();
    const key = `case:1/takedown:Prüfung\r\n${'x'.repeat(500)}`;
    expect(await portTo(url).takedown(aMeasure({ key }))).toMatchObject({ kind: 'removed' });
    expect(await portTo(url).takedown(aMeasure({ key }))).toMatchObject({ kind: 'removed' });
  });

  it('is rejected with the code of the marketplace', async () => {
    const { url } = await aMarketplace();
    await expect(portTo(url).takedown(aMeasure({ versions: [] }))).rejects.toMatchObject({ type: FailureType.marketplaceRejected, code: 'invalid' });
    await portTo(url).takedown(aMeasure());
    const other = portTo(url).takedown(aMeasure({ reason: 'another' }));
    await expect(other).rejects.toMatchObject({ type: FailureType.marketplaceRejected, code: 'key-reused' });
  });
});

describe('trouble on the way', () => {
  it.each([
    [{ kind: '429', retryAfterSeconds: 7 }, { retryAfterMs: 7_000 }],
    [{ kind: '429' }, { retryAfterMs: 1_000 }],
    [{ kind: '503' }, {}],
    [{ kind: '409' }, {}],
  ])('%o is unavailable, and the next try succeeds', async (fault, more) => {
    const { url } = await aMarketplace();
    await script(url, { on: 'takedown', times: 1, ...fault });
    await expect(portTo(url).takedown(aMeasure())).rejects.toMatchObject({ ...unavailable, ...more });
    expect(await portTo(url).takedown(aMeasure())).toMatchObject({ kind: 'removed' });
  });

  it('a lost reply is unavailable; the same key then gets the first answer', async () => {
    const { url } = await aMarketplace();
    await script(url, { on: 'takedown', kind: 'lost-reply', times: 1 });
    await expect(portTo(url).takedown(aMeasure())).rejects.toMatchObject(unavailable);
    expect(await portTo(url).takedown(aMeasure())).toMatchObject({ kind: 'removed', version: VERSION });
    expect(await lookBehind(url)).toEqual({ status: 'removed', outcomes: ['first', 'replayed'] });
  });

  it('a stalled request ends by its timeout, or by the caller', async () => {
    const { url } = await aMarketplace();
    await script(url, { on: 'any', kind: 'stall', stallMs: 30_000 });
    await expect(portTo(url, 50).takedown(aMeasure())).rejects.toThrow(/no reply within 50 ms/);
    const caller = new AbortController();
    const pending = portTo(url).takedown(aMeasure(), caller.signal);
    caller.abort(new Error('not owed any more'));
    await expect(pending).rejects.toThrow('not owed any more');
  });

  it('nobody there is unavailable', async () => {
    await expect(portTo('http://127.0.0.1:1').takedown(aMeasure())).rejects.toMatchObject({
      ...unavailable,
      message: expect.stringMatching(/network/),
    });
  });

  it('replies that are not understood are never taken for an answer', async () => {
    const page = await answering(200, '<html>Maintenance</html>');
    await expect(portTo(page).takedown(aMeasure())).rejects.toMatchObject(unavailable);
    await expect(portTo(page).serve('m', 'x')).rejects.toMatchObject(unavailable);
    const negative = await answering(200, JSON.stringify({ status: 'removed', at: AT, version: VERSION, completedOrders: -1 }));
    await expect(portTo(negative).takedown(aMeasure())).rejects.toMatchObject(unavailable);
    const huge = await answering(200, JSON.stringify({ status: 'restored', filler: 'x'.repeat(100_000) }));
    await expect(portTo(huge).putBack(aMeasure())).rejects.toMatchObject(unavailable);
    const elsewhere = await answering(302, '', { location: 'http://127.0.0.1:1/' });
    await expect(portTo(elsewhere).takedown(aMeasure())).rejects.toMatchObject({ type: FailureType.marketplaceRejected, code: 'status-302' });
    const shouting = await answering(422, JSON.stringify({ code: 'NO\nWAY', message: 'x' }));
    await expect(portTo(shouting).takedown(aMeasure())).rejects.toMatchObject({ type: FailureType.marketplaceRejected, code: 'rejected' });
  });

  it('reads Retry-After as a date', async () => {
    const url = await answering(503, '{}', { 'retry-after': new Date(Date.now() + 30_000).toUTCString() });
    const failure: unknown = await portTo(url)
      .takedown(aMeasure())
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ ...unavailable, retryAfterMs: expect.toSatisfy((ms: number) => ms > 20_000 && ms <= 30_000) });
  });
});

describe('put-back', () => {
  it('restores once, and says when there is nothing to restore', async () => {
    const { url } = await aMarketplace();
    const key = { key: 'case:1/put-back:v2' };
    expect(await portTo(url).putBack(aMeasure({ key: 'early' }))).toEqual({ kind: 'already-live' });
    await portTo(url).takedown(aMeasure());
    expect(await portTo(url).putBack(aMeasure(key))).toEqual({ kind: 'restored' });
    expect(await portTo(url).putBack(aMeasure(key))).toEqual({ kind: 'restored' });
    expect(await portTo(url).putBack(aMeasure({ key: 'x', listing: 'nope' }))).toEqual({ kind: 'gone' });
    await call(adminOf(url, 'gone'), 'POST');
    expect(await portTo(url).putBack(aMeasure({ key: 'late' }))).toEqual({ kind: 'gone' });
  });
});

describe('serve', () => {
  it('gives data, page and images as they are served; what is missing or elsewhere is null', async () => {
    const { url } = await aMarketplace();
    const served = await portTo(url).serve('ebay', WATCH.id);
    expect(served).toMatchObject({ version: VERSION, data: { title: WATCH.title } });
    expect(JSON.parse(Buffer.from(served?.dataBytes ?? []).toString())).toEqual(served?.data);
    expect(Buffer.from(served?.page ?? []).toString()).toContain('Rolex &lt;script&gt;');
    expect(served?.images.map(({ url: address, bytes }) => [address, bytes === null ? null : Buffer.from(bytes.subarray(1, 4)).toString()])).toEqual([
      [WATCH.images[0], 'PNG'],
      [WATCH.images[1], null],
      [WATCH.images[2], null],
    ]);
  });

  it('has nothing of a listing that is unknown, removed or gone', async () => {
    const { url } = await aMarketplace();
    expect(await portTo(url).serve('ebay', 'nope')).toBeUndefined();
    await portTo(url).takedown(aMeasure());
    expect(await portTo(url).serve('ebay', WATCH.id)).toBeUndefined();
  });

  it('never keeps the page of one version with the data of another', async () => {
    const { url } = await aMarketplace();
    let gets = 0;
    const editing: typeof fetch = async (input, init) => {
      gets += 1;
      if (gets === 2) await call(adminOf(url, 'edit'), 'POST', { title: 'Watch' });
      return fetch(input, init);
    };
    const port = httpMarketplace({ baseUrl: url, fetch: editing });
    await expect(port.serve('ebay', WATCH.id)).rejects.toMatchObject({ ...unavailable, message: expect.stringMatching(/edited/) });
    expect(await port.serve('ebay', WATCH.id)).toMatchObject({ data: { title: 'Watch' } });
  });

  /** Pictures named `stall` never come, `broken` are a 503, `late` one until they are asked again; everything else is the marketplace's own. */
  const hostile = (asked: string[]): typeof fetch => {
    const stalled = (signal: AbortSignal | null | undefined) =>
      new Promise<Response>((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
    return async (input, init) => {
      const { pathname } = new URL(String(input));
      asked.push(pathname);
      if (pathname.includes('stall')) return stalled(init?.signal);
      if (pathname.includes('broken')) return new Response('', { status: 503 });
      if (pathname.includes('late') && asked.filter((path) => path === pathname).length === 1) return new Response('', { status: 429 });
      return fetch(input, init);
    };
  };

  it("keeps a picture's trouble to that picture, whatever it is", async () => {
    const { url } = await aMarketplace();
    const { host } = new URL(url);
    const hostilePictures: readonly (readonly [string, string])[] = [
      [`//x@${host}/a.png`, 'elsewhere'],
      [`http://x:y@${host}/a.png`, 'elsewhere'],
      [`blob:${url}/a`, 'elsewhere'],
      ['data:image/png;base64,AAAA', 'elsewhere'],
      ['/images/stall-1.png', 'stalled'],
      ['/images/stall-2.png', 'stalled'],
      ['/images/stall-3.png', 'stalled'],
      ['/images/broken.png', 'failed'],
      ['/images/none.png', 'refused'],
      ['http://[', 'elsewhere'],
    ];
    const honest = ['/images/generated-1.png', '/images/late-generated-2.png', '/images/generated-3.png'];
    await fetch(`${url}/admin/images/late-generated-2.png`, { method: 'PUT', headers: { 'content-type': 'image/png' }, body: Buffer.from('png') });
    await call(adminOf(url, 'edit'), 'POST', { images: [...hostilePictures.map(([address]) => address), ...honest] });
    const served = await httpMarketplace({ baseUrl: url, timeoutMs: 300, fetch: hostile([]) }).serve('ebay', WATCH.id);
    expect(served?.images.slice(0, hostilePictures.length).map(({ bytes, why }) => [bytes, why])).toEqual(
      hostilePictures.map(([, why]) => [null, why]),
    );
    expect(served?.images.slice(hostilePictures.length).map(({ url: address, bytes, why }) => [address, bytes !== null, why])).toEqual(
      honest.map((address) => [address, true, undefined]),
    );
  });

  it.each([['x'], [[1, null, { a: 1 }]], [{}], [null]])(
    'pictures that are no list of addresses (%j) keep nothing else from being captured',
    async (images) => {
      const { url } = await aMarketplace();
      const odd: typeof fetch = async (input, init) => {
        const reply = await fetch(input, init);
        if (!reply.headers.get('content-type')?.includes('json')) return reply;
        const data: unknown = await reply.json();
        return Response.json({ ...(data as object), images });
      };
      const served = await httpMarketplace({ baseUrl: url, fetch: odd }).serve('ebay', WATCH.id);
      expect(served?.page.length).toBeGreaterThan(0);
      expect(served?.images.every(({ bytes, why }) => bytes === null && why === 'no-address')).toBe(true);
    },
  );

  it('pictures that stall take seconds, not minutes: the marketplace being away is told by its own words', async () => {
    const { url } = await aMarketplace();
    await call(adminOf(url, 'edit'), 'POST', { images: Array.from({ length: 20 }, (_, n) => `/images/stall-${n}.png`) });
    // A stall is known by the timer of the request, whatever another clock counts meanwhile.
    const clock = vi.spyOn(performance, 'now').mockReturnValue(0);
    onTestFinished(() => clock.mockRestore());
    const start = Date.now();
    const served = await httpMarketplace({ baseUrl: url, timeoutMs: 200, fetch: hostile([]) }).serve('ebay', WATCH.id);
    expect(served?.images.every(({ why }) => why === 'stalled')).toBe(true);
    // Twenty one after the other would be four seconds.
    expect(Date.now() - start).toBeLessThan(3_000);
    await script(url, { on: 'any', kind: '503' });
    await expect(portTo(url).serve('ebay', WATCH.id)).rejects.toMatchObject(unavailable);
    expect(await portTo(url).answersFor(WATCH.id)).toBe(false);
  });

  it('answers for a listing, known or not', async () => {
    const { url } = await aMarketplace();
    expect(await portTo(url).answersFor(WATCH.id)).toBe(true);
    expect(await portTo(url).answersFor('nope')).toBe(true);
    expect(await portTo('http://127.0.0.1:1').answersFor('nope')).toBe(false);
  });

  it('leaves out images beyond number and size', async () => {
    const { url } = await aMarketplace();
    const images = ['/images/large.png', ...Array.from({ length: 25 }, (_, i) => `/images/generated-${i}.png`)];
    await fetch(`${url}/admin/images/large.png`, { method: 'PUT', headers: { 'content-type': 'image/png' }, body: Buffer.alloc(6 * 1024 * 1024) });
    await call(adminOf(url, 'edit'), 'POST', { images });
    const served = await portTo(url).serve('ebay', WATCH.id);
    expect(served?.images).toHaveLength(26);
    expect(served?.images[0]?.bytes).toBeNull();
    expect(served?.images.filter(({ bytes }) => bytes !== null)).toHaveLength(19);
  });
});

describe('image', () => {
  it('gives the bytes, or nothing for what lies elsewhere, is too large or is not there', async () => {
    const { url } = await aMarketplace();
    const large = { method: 'PUT', headers: { 'content-type': 'image/png' }, body: Buffer.alloc(6 * 1024 * 1024) };
    await fetch(`${url}/admin/images/large.png`, large);
    const port = portTo(url);
    expect(Buffer.from((await port.image('/images/generated-1.png')) ?? []).toString('latin1', 1, 4)).toBe('PNG');
    for (const address of [
      'https://elsewhere.test/1.png',
      'file:///etc/passwd',
      '/images/large.png',
      '/images/none.png',
      'http://[',
      '',
      `//x@${new URL(url).host}/images/generated-1.png`,
    ]) {
      expect(await port.image(address), address).toBeUndefined();
    }
  });

  it('throws when the marketplace is away', async () => {
    const { url } = await aMarketplace();
    await call(`${url}/admin/faults`, 'POST', { on: 'image', kind: '503', times: 1 });
    await expect(portTo(url).image('/images/generated-1.png')).rejects.toMatchObject(unavailable);
  });
});

describe('messages to shops', () => {
  it('leaves a message once', async () => {
    const { url } = await aMarketplace();
    const message = { key: 'letter:1', subject: 'Removed', text: 'Why', reference: 'case:1' };
    await portTo(url).messageShop('S-1', message);
    await portTo(url).messageShop('S-1', message);
    expect((await call(`${url}/shops/S-1/messages`)).body['messages']).toHaveLength(1);
    await expect(portTo(url).messageShop('S-9', { ...message, key: 'letter:2' })).rejects.toMatchObject({
      type: FailureType.marketplaceRejected,
      code: 'unknown-shop',
    });
  });
});
