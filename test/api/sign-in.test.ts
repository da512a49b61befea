import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AggregateId } from '../../domain/ids.ts';
import { createKey } from '../../store/access/machine-keys.ts';
import { makeLink, whoHasMail } from '../../store/access/sign-in.ts';
import { PersonRow } from '../../store/schema/entities/register.ts';
import { work } from '../../store/connection/orm.ts';
import { open } from '../store/support.ts';
import { type Caller, type TestApi, PEOPLE, startApi } from './support.ts';

let api: TestApi;
let id: AggregateId;
let brand: Caller;
beforeAll(async () => {
  api = await startApi();
  id = await open(api.db);
  brand = await api.as(PEOPLE['rights-holder']);
});
afterAll(() => api.close());

const post = (token: string) => api.app.inject({ method: 'POST', url: '/api/sign-in', payload: { token } });
const link = (who: string, lastsMs?: number) => makeLink(work(api.deps.engine), who, api.db.clock.now(), lastsMs);

describe('signing in', () => {
  it('looking at a link uses nothing up; posting it does, once', async () => {
    const token = await link('officer');
    for (let look = 0; look < 3; look += 1) {
      const page = await api.app.inject({ method: 'GET', url: `/sign-in/${token}` });
      expect(page.statusCode).toBe(200);
      expect(page.headers['content-security-policy']).not.toMatch(/unsafe-inline/);
    }
    const used = await post(token);
    expect(used.statusCode).toBe(204);
    expect(used.headers['set-cookie']).toMatch(/^interdict=\S+; Path=\/; HttpOnly; SameSite=Lax$/);
    expect((await post(token)).json()).toMatchObject({ status: 401, code: 'link-not-good' });
    expect((await api.app.inject({ method: 'GET', url: `/sign-in/${token}` })).statusCode).toBe(401);
  });

  it('the page behind a link speaks the language of the reader, has no script, and looks by a file of ours', async () => {
    const token = await link('officer');
    const look = (language?: string, of = token) =>
      api.app.inject({ method: 'GET', url: `/sign-in/${of}`, headers: language === undefined ? {} : { 'accept-language': language } });
    for (const [language, tag] of [
      [undefined, 'en'],
      ['fr, de;q=0.5', 'en'],
      ['zh-CN,zh;q=0.9,en;q=0.8', 'zh-Hans'],
      ['zh;q=0.2, en-GB', 'en'],
      ['en;q=0, zh', 'zh-Hans'],
      ['"><script>', 'en'],
    ] as const) {
      const { body, headers } = await look(language);
      expect([language, body.includes(`<html lang="${tag}"`)]).toEqual([language, true]);
      expect(body).not.toMatch(/<script|style=/);
      expect(headers['vary']).toContain('accept-language');
    }
    expect((await look('zh', 'never-made')).body).toContain('此链接无法使用');
    const style = await api.app.inject({ method: 'GET', url: '/sign-in.css' });
    expect([style.statusCode, style.headers['content-type']]).toEqual([200, 'text/css; charset=utf-8']);
  });

  it('two posts of one link at the same moment: one wins', async () => {
    const token = await link('officer');
    const codes = (await Promise.all([post(token), post(token), post(token)])).map((answer) => answer.statusCode).sort();
    expect(codes).toEqual([204, 401, 401]);
  });

  it('a link that has run out, one of nobody and one that was never made are told alike', async () => {
    const old = await link('officer', -1);
    const answers = await Promise.all([post(old), post('never-made'), post('<script>')]);
    for (const answer of answers) expect(answer.json()).toMatchObject({ status: 401, code: 'link-not-good' });
  });

  it('keeps only hashes of what signs in', async () => {
    const token = await link('officer');
    const cookie = String((await post(token)).headers['set-cookie']).split(/[=;]/)[1] ?? '';
    const { key } = await createKey(work(api.deps.engine), { who: 'officer', label: 'x', scopes: ['read'] }, api.db.clock.now());
    for (const table of ['sign_in_link', 'session', 'machine_key', 'outbox']) {
      const rows = await work(api.deps.engine).execute(`select to_jsonb(t)::text as row from ${table} t`);
      for (const secret of [token, cookie, key]) expect(JSON.stringify(rows)).not.toContain(secret);
    }
  });

  it('a known and an unknown address are answered alike, and the known one gets a letter', async () => {
    const ask = (mail: string) => api.app.inject({ method: 'POST', url: '/api/sign-in/link', payload: { mail } });
    const [known, unknown] = [await ask('auditor@platform.test'), await ask('nobody@platform.test')];
    expect([known.statusCode, known.body]).toEqual([unknown.statusCode, unknown.body]);
    const letters = await work(api.deps.engine).execute<{ to: unknown }[]>(`select "to" from outbox where kind = 'sign-in'`);
    expect(letters).toEqual([{ to: { person: 'auditor' } }]);
  });

  it.each(['buero@bücher.test', 'BUERO@xn--bcher-kva.test', 'buero@Bu\u0308cher.test'])(
    '%s is the address of who has it in another form',
    async (mail) => {
      const em = work(api.deps.engine);
      await em.nativeDelete(PersonRow, { id: { $in: ['idn-1', 'idn-2'] } });
      const officer = { name: 'I', role: 'governance-officer', organisations: [], duty: [] };
      await em.insert(PersonRow, { id: 'idn-1', mail: 'buero@bücher.test', ...officer });
      await em.insert(PersonRow, { id: 'idn-2', mail: 'Buero@xn--bcher-kva.test', ...officer });
      expect(await whoHasMail(em, mail, api.db.clock.now())).toEqual(['idn-1', 'idn-2']);
      await em.nativeDelete(PersonRow, { id: { $in: ['idn-1', 'idn-2'] } });
    },
  );

  it('leads to the page that was asked for, and to no other place', async () => {
    const page = `/cases/${id}`;
    const signIn = async (asked: string) => {
      const token = await link('officer');
      const shown = await api.app.inject({ method: 'GET', url: `/sign-in/${token}?page=${encodeURIComponent(asked)}` });
      const form = new URLSearchParams([...shown.body.matchAll(/name="(\w+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]));
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      return (await api.app.inject({ method: 'POST', url: '/sign-in', headers, payload: form.toString() })).headers['location'];
    };
    expect(await signIn(page)).toBe(page);
    for (const elsewhere of ['https://elsewhere.test/', '//elsewhere.test', '/cases/../api', `${page}"><script>`, ''])
      expect(await signIn(elsewhere)).toBe('/');
    const ask = (asked: string) =>
      api.app.inject({ method: 'POST', url: '/api/sign-in/link', payload: { mail: 'liaison@platform.test', page: asked } });
    expect([(await ask(page)).statusCode, (await ask('https://elsewhere.test')).statusCode]).toEqual([202, 400]);
    const [letter] = await work(api.deps.engine).execute<{ about: unknown }[]>(`select about from outbox where "to"->>'person' = 'liaison'`);
    expect(letter?.about).toEqual({ origin: api.deps.origin, page });
  });

  describe('from another site', () => {
    const form = (token: string, headers: Readonly<Record<string, string>>) =>
      api.app.inject({
        method: 'POST',
        url: '/sign-in',
        headers: { 'content-type': 'application/x-www-form-urlencoded', host: 'portal.test', ...headers },
        payload: new URLSearchParams({ token }).toString(),
      });

    it.each([
      ['a page of another site', { 'sec-fetch-site': 'cross-site' }],
      ['another host of the same site', { 'sec-fetch-site': 'same-site', origin: 'https://www.portal.test' }],
      ['another site, in a browser that says only the origin', { origin: 'https://elsewhere.test' }],
      ['a page that hides where it is', { origin: 'null' }],
      ['a page that hides where it is, of another site', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
    ])('%s: nobody is signed in, and the link stays good', async (_, headers) => {
      const token = await link('officer');
      const answer = await form(token, headers);
      expect([answer.statusCode, answer.json(), answer.headers['set-cookie']]).toMatchObject([403, { code: 'foreign-page' }, undefined]);
      for (const url of ['/api/sign-in', '/api/sign-in/link']) {
        const payload = url.endsWith('link') ? { mail: 'officer@platform.test' } : { token };
        expect((await api.app.inject({ method: 'POST', url, headers, payload })).json()).toMatchObject({ code: 'foreign-page' });
      }
      expect((await api.app.inject({ method: 'GET', url: `/sign-in/${token}`, headers })).statusCode).toBe(200);
    });

    it.each([
      ['our own page', { 'sec-fetch-site': 'same-origin', origin: 'null' }],
      ['a page that the reader restored', { 'sec-fetch-site': 'none' }],
      ['our own page, in a browser that says only the origin', { origin: 'http://portal.test' }],
      ['the address that the API is known under', { origin: 'http://127.0.0.1:1' }],
      ['a program', {}],
    ])('%s signs in', async (_, headers) => {
      expect((await form(await link('officer'), headers)).statusCode).toBe(303);
    });

    it('a write with session and token is refused too, one with a key is not', async () => {
      const claim = `/api/cases/${id}/claim`;
      expect((await brand.send('PUT', claim, undefined, { origin: 'https://elsewhere.test' })).body).toMatchObject({ code: 'foreign-page' });
      const { key } = await createKey(work(api.deps.engine), { who: PEOPLE['rights-holder'], label: 'x', scopes: ['write'] }, api.db.clock.now());
      const headers = { authorization: `Bearer ${key}`, origin: 'https://elsewhere.test' };
      expect((await api.app.inject({ method: 'PUT', url: claim, headers })).statusCode).toBe(200);
    });

    it('the page with the button lets the browser say where it is, without the token', async () => {
      const page = await api.app.inject({ method: 'GET', url: `/sign-in/${await link('officer')}` });
      expect(page.headers['referrer-policy']).toBe('strict-origin');
    });
  });

  it('a session ends by idling, by its age, and by signing out', async () => {
    const idle = await api.as('liaison');
    expect((await idle.get('/api/session')).status).toBe(200);
    api.db.clock.pass(2 * 3_600_000);
    expect((await idle.get('/api/session')).status).toBe(401);
    const busy = await api.as('liaison');
    for (let hour = 0; hour < 12; hour += 1) {
      expect((await busy.get('/api/session')).status, `hour ${hour}`).toBe(200);
      api.db.clock.pass(3_600_000);
    }
    expect((await busy.get('/api/session')).status).toBe(401);
    const out = await api.as('liaison');
    expect((await out.send('DELETE', '/api/session')).status).toBe(204);
    expect((await out.get('/api/session')).status).toBe(401);
    brand = await api.as(PEOPLE['rights-holder']);
  });

  it('revoking a person ends sessions and keys at once', async () => {
    const em = work(api.deps.engine);
    await em.insert(PersonRow, { id: 'leaver', name: 'L', role: 'governance-officer', organisations: [], duty: [] });
    const leaver = await api.as('leaver');
    const { key } = await createKey(em, { who: 'leaver', label: 'x', scopes: ['read'] }, api.db.clock.now());
    const withKey = () => api.app.inject({ method: 'GET', url: '/api/session', headers: { authorization: `Bearer ${key}` } });
    expect([(await leaver.get('/api/session')).status, (await withKey()).statusCode]).toEqual([200, 200]);
    await em.nativeUpdate(PersonRow, { id: 'leaver' }, { revokedAt: api.db.clock.now() });
    expect([(await leaver.get('/api/session')).status, (await withKey()).statusCode]).toEqual([401, 401]);
  });

  it('a write without the token of the session is refused; a key needs none, but its scope', async () => {
    const claim = `/api/cases/${id}/claim`;
    expect((await brand.send('PUT', claim, undefined, { 'x-csrf-token': 'forged' })).body).toMatchObject({ status: 403, code: 'csrf' });
    const em = work(api.deps.engine);
    const of = (scopes: readonly ('read' | 'write')[]) => createKey(em, { who: PEOPLE['rights-holder'], label: 'x', scopes }, api.db.clock.now());
    const put = (key: string) => api.app.inject({ method: 'PUT', url: claim, headers: { authorization: `Bearer ${key}` } });
    expect((await put((await of(['read'])).key)).json()).toMatchObject({ code: 'wrong-scope' });
    expect((await put((await of(['write'])).key)).statusCode).toBe(200);
    expect((await put('ik_forged')).statusCode).toBe(401);
  });
});
