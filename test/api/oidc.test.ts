import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestApi, ORIGIN, startApi } from './support.ts';

let provider: Server;
let issuer = '';
let api: TestApi;
let trusting: TestApi;

const ACCOUNTS: Readonly<Record<string, { email: string; email_verified?: boolean | string }>> = {
  auditor: { email: 'auditor@platform.test', email_verified: true },
  unverified: { email: 'officer@platform.test', email_verified: false },
  silent: { email: 'manager@platform.test' },
  text: { email: 'liaison@platform.test', email_verified: 'true' },
  denying: { email: 'officer@platform.test', email_verified: 'false' },
  stranger: { email: 'nobody@elsewhere.test', email_verified: true },
};

beforeAll(async () => {
  // The issuer's name holds its port, so the socket is there before the provider.
  let handle: ReturnType<Provider['callback']> | undefined;
  provider = createServer((request, response) => void handle?.(request, response));
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
  handle = new Provider(issuer, {
    clients: [{ client_id: 'portal', client_secret: 'a-secret-of-the-test', redirect_uris: [`${ORIGIN}/sign-in/oidc/callback`] }],
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    findAccount: async (_context, id) => ({ accountId: id, claims: async () => ({ sub: id, ...ACCOUNTS[id] }) }),
    cookies: { keys: ['a-key-of-the-test'] },
    pkce: { required: () => true },
  }).callback();
  const oidc = { issuer, clientId: 'portal', clientSecret: 'a-secret-of-the-test' };
  api = await startApi({ oidc });
  trusting = await startApi({ oidc: { ...oidc, emailVerified: 'trusted' } });
}, 60_000);
afterAll(async () => {
  await Promise.all([api.close(), trusting.close()]);
  provider.close();
});

/** A browser at the provider: cookies kept, redirects followed by hand up to our own address. */
async function signInAt(url: string, login: string): Promise<string> {
  const jar = new Map<string, string>();
  let next = url;
  let body: URLSearchParams | undefined;
  for (let step = 0; step < 15; step += 1) {
    if (next.startsWith(`${ORIGIN}/`)) return next;
    const headers = { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') };
    const answer = await fetch(next, { redirect: 'manual', headers, ...(body !== undefined && { method: 'POST', body }) });
    body = undefined;
    for (const cookie of answer.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';');
      jar.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
    }
    const location = answer.headers.get('location');
    if (location !== null) next = new URL(location, issuer).href;
    else {
      const page = await answer.text();
      const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1];
      if (prompt === undefined) throw new Error(`the provider says ${answer.status}: ${page.slice(0, 300)}`);
      body = new URLSearchParams(prompt === 'login' ? { prompt, login, password: 'x' } : { prompt });
      next = new URL(/action="([^"]+)"/.exec(page)?.[1] ?? '', issuer).href;
    }
  }
  throw new Error('the provider never sent us back');
}

/** Signs in and returns our answer to the callback. */
async function roundTrip(
  login: string,
  change: (callback: string, trip: string) => { callback: string; trip: string } = (callback, trip) => ({ callback, trip }),
  { app } = api,
) {
  const begun = await app.inject({ method: 'GET', url: '/sign-in/oidc' });
  expect(begun.statusCode).toBe(303);
  const back = await signInAt(String(begun.headers.location), login);
  const { callback, trip } = change(back, String(begun.headers['set-cookie']).split(';')[0] ?? '');
  const send = () => app.inject({ method: 'GET', url: callback.slice(ORIGIN.length), headers: { cookie: trip } });
  return { answer: await send(), send };
}

const cookies = (answer: { headers: Readonly<Record<string, unknown>> }) => [answer.headers['set-cookie'] ?? []].flat().map(String);

describe('signing in with an identity provider', () => {
  it('a verified address of somebody here begins a session, once', async () => {
    const { answer, send } = await roundTrip('auditor');
    expect(answer.statusCode, answer.body).toBe(303);
    const cookie =
      cookies(answer)
        .find((one) => one.startsWith('interdict='))
        ?.split(';')[0] ?? '';
    const session = await api.app.inject({ method: 'GET', url: '/api/session', headers: { cookie } });
    expect(session.json()).toMatchObject({ who: 'auditor' });
    expect((await send()).statusCode).toBe(401);
  });

  it.each([
    ['an address that the provider has not verified', 'unverified'],
    ['an address of which the provider does not say that it was verified', 'silent'],
    ['an address that the provider calls verified in a text', 'text'],
    ['an address that nobody here has', 'stranger'],
  ])('%s begins none', async (_, login) => {
    const { answer } = await roundTrip(login);
    expect(answer.statusCode).toBe(401);
    expect(cookies(answer).filter((cookie) => cookie.startsWith('interdict='))).toEqual([]);
  });

  it.each(['auditor', 'silent', 'text'])('an issuer that is trusted with addresses signs in %s', async (login) => {
    const { answer } = await roundTrip(login, undefined, trusting);
    expect([answer.statusCode, cookies(answer).filter((cookie) => cookie.startsWith('interdict=')).length]).toEqual([303, 1]);
  });

  it.each(['unverified', 'denying', 'stranger'])('even an issuer that is trusted does not sign in %s', async (login) => {
    const { answer } = await roundTrip(login, undefined, trusting);
    expect([answer.statusCode, cookies(answer).filter((cookie) => cookie.startsWith('interdict='))]).toEqual([401, []]);
  });

  it.each([
    ['without the cookie of the browser that began', (callback: string) => ({ callback, trip: '' })],
    ['with another state', (callback: string, trip: string) => ({ callback: callback.replace(/state=[^&]+/, 'state=other'), trip })],
    ['with an altered code', (callback: string, trip: string) => ({ callback: callback.replace(/code=[^&]+/, 'code=other'), trip })],
  ])('a callback %s is refused', async (_, change) => {
    const { answer } = await roundTrip('auditor', change);
    expect(answer.statusCode).toBe(401);
    expect(cookies(answer).filter((cookie) => cookie.startsWith('interdict='))).toEqual([]);
  });
});
