import { describe, expect, it, onTestFinished } from 'vitest';
import { createKey } from '../../store/access/machine-keys.ts';
import { work } from '../../store/connection/orm.ts';
import type { ServerDeps } from '../../api/deps.ts';
import { type TestApi, PEOPLE, startApi } from './support.ts';

const LIMIT = 12;

async function limitedApi(options: Partial<ServerDeps> = {}): Promise<TestApi> {
  const api = await startApi({ perMinute: LIMIT, ...options });
  onTestFinished(() => api.close());
  return api;
}

interface Ask {
  readonly method?: 'GET' | 'POST';
  readonly url: string;
  readonly payload?: object;
  readonly headers?: Readonly<Record<string, string>>;
  readonly remoteAddress?: string;
}

/** The status of each of so many requests. */
async function statuses({ app }: TestApi, times: number, ask: (n: number) => Ask): Promise<readonly number[]> {
  const all: number[] = [];
  for (let n = 0; n < times; n += 1) {
    const { method = 'GET', remoteAddress = '192.0.2.1', ...rest } = ask(n);
    all.push((await app.inject({ method, remoteAddress, ...rest })).statusCode);
  }
  return all;
}

const passed = (all: readonly number[]) => all.filter((status) => status !== 429).length;

describe('no header that a client chooses picks what its requests are counted under', () => {
  it.each<readonly [what: string, headers: (n: number) => Record<string, string>]>([
    ['a cookie of any kind', (n) => ({ cookie: `junk=${n}` })],
    ['a session that is none', (n) => ({ cookie: `interdict=none-${n}` })],
    ['a key that is none', (n) => ({ authorization: `Bearer ik_none-${n}` })],
    ['another scheme', (n) => ({ authorization: `Basic ${n}` })],
    ['an address in X-Forwarded-For', (n) => ({ 'x-forwarded-for': `198.51.100.${n}` })],
    ['an address in Forwarded', (n) => ({ forwarded: `for=198.51.100.${n}` })],
    ['an address in X-Real-IP', (n) => ({ 'x-real-ip': `198.51.100.${n}` })],
  ])('%s', async (_, headers) => {
    const api = await limitedApi();
    const guess = (n: number): Ask => ({ method: 'POST', url: '/api/sign-in', payload: { token: `guess-${n}` }, headers: headers(n) });
    expect(passed(await statuses(api, LIMIT + 8, guess))).toBe(LIMIT);
    // What is asked for does not matter either: a session that is guessed at any address is a guess.
    expect(passed(await statuses(api, 3, (n) => ({ url: '/api/session', headers: headers(n + 100) })))).toBe(0);
    expect(passed(await statuses(api, 3, (n) => ({ url: `/nothing-${n}`, headers: headers(n + 200) })))).toBe(0);
    expect(passed(await statuses(api, 1, () => ({ url: '/api/session', remoteAddress: '192.0.2.9' })))).toBe(1);
  });

  it('a mail link is asked for twenty times a minute from one address', async () => {
    const api = await limitedApi({ perMinute: 1_000 });
    const ask = (n: number): Ask => ({
      ...{ method: 'POST', url: '/api/sign-in/link', payload: { mail: `nobody-${n}@platform.test` } },
      headers: { cookie: `junk=${n}` },
    });
    expect(passed(await statuses(api, 30, ask))).toBe(20);
  });

  it('of an IPv6 network that somebody has for himself all addresses are one; an IPv4 address is one in both forms', async () => {
    const api = await limitedApi();
    const six = (n: number): Ask => ({ url: '/api/session', remoteAddress: `2001:db8:0:1::${(n + 1).toString(16)}` });
    expect(passed(await statuses(api, LIMIT + 2, six))).toBe(LIMIT);
    expect(passed(await statuses(api, 1, () => ({ url: '/api/session', remoteAddress: '2001:db8:0:2::1' })))).toBe(1);
    const four = (n: number): Ask => ({ url: '/api/session', remoteAddress: n % 2 === 0 ? '192.0.2.7' : '::ffff:192.0.2.7' });
    expect(passed(await statuses(api, LIMIT + 2, four))).toBe(LIMIT);
  });
});

describe('a proven session or key', () => {
  it('has a count of its own, whatever else comes from its address, and one for all sessions of a person', async () => {
    const api = await limitedApi();
    const [one, two] = [await api.as('officer'), await api.as('officer')];
    const as = (cookie: string) => (n: number) => ({ url: '/api/session', headers: { cookie: `${cookie}; junk=${n}` } });
    await statuses(api, 2, as(one.cookie));
    await statuses(api, 2, as(two.cookie));
    await statuses(api, LIMIT + 5, (n) => ({ url: '/api/session', headers: { cookie: `interdict=none-${n}` } }));
    const all = [...(await statuses(api, LIMIT, as(one.cookie))), ...(await statuses(api, LIMIT, as(two.cookie)))];
    // Four were used before.
    expect(passed(all)).toBe(LIMIT - 4);
  });

  it('that has ended is counted with strangers again', async () => {
    const api = await limitedApi();
    const { key, id } = await createKey(work(api.deps.engine), { who: PEOPLE.auditor, label: 'x', scopes: ['read'] }, api.db.clock.now());
    const ask = (): Ask => ({ url: '/api/session', headers: { authorization: `Bearer ${key}` } });
    expect(await statuses(api, 2, ask)).toEqual([200, 200]);
    await work(api.deps.engine).execute('update machine_key set revoked_at = ? where id = ?', [api.db.clock.now(), id]);
    await statuses(api, 1, ask);
    await statuses(api, LIMIT, (n) => ({ url: '/api/session', headers: { cookie: `interdict=none-${n}` } }));
    expect(await statuses(api, 1, ask)).toEqual([429]);
  });
});

describe('behind proxies that are trusted', () => {
  const through = (chain: string, remoteAddress = '10.0.0.5') => ({ url: '/api/session', headers: { 'x-forwarded-for': chain }, remoteAddress });

  it.each<readonly [what: string, trusted: number | readonly string[]]>([
    ['by their number', 1],
    ['by address', ['10.0.0.5']],
    ['by network', ['10.0.0.0/8']],
  ])('%s: users do not share a count, and what a client writes before them picks none', async (_, trustedProxies) => {
    const api = await limitedApi({ trustedProxies });
    expect(passed(await statuses(api, LIMIT + 4, (n) => through(`198.51.100.${n}, 203.0.113.1`)))).toBe(LIMIT);
    expect(passed(await statuses(api, 1, () => through('203.0.113.2')))).toBe(1);
    expect(passed(await statuses(api, 2, (n) => through(`203.0.113.1:${40_000 + n}`)))).toBe(0);
  });

  it('what is no address counts under the proxy', async () => {
    const api = await limitedApi({ trustedProxies: 1 });
    expect(passed(await statuses(api, LIMIT + 4, (n) => through(`unknown-${n}`)))).toBe(LIMIT);
  });

  it('another sender of the header is not believed', async () => {
    const api = await limitedApi({ trustedProxies: ['10.0.0.5'] });
    expect(passed(await statuses(api, LIMIT + 4, (n) => through(`198.51.100.${n}`, '192.0.2.66')))).toBe(LIMIT);
  });
});
