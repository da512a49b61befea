import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AggregateId } from '../../domain/ids.ts';
import { apiPage } from '../../scripts/write-api.ts';
import { makeLink } from '../../store/doors/sign-in.ts';
import { createKey } from '../../store/doors/machine-keys.ts';
import { PersonRow } from '../../store/entities/register.ts';
import { work } from '../../store/orm.ts';
import { move, open, sealedCase } from '../store/support.ts';
import { type Caller, type Doors, idsOf, PEOPLE, startDoors } from './support.ts';

let doors: Doors;
let id: AggregateId;
let brand: Caller;
let officer: Caller;
beforeAll(async () => {
  doors = await startDoors();
  id = await open(doors.db);
  brand = await doors.as(PEOPLE['rights-holder']);
  officer = await doors.as(PEOPLE.governance);
});
afterAll(() => doors.close());

const post = (token: string) => doors.app.inject({ method: 'POST', url: '/api/sign-in', payload: { token } });
const link = (who: string, lastsMs?: number) => makeLink(work(doors.deps.engine), who, doors.db.clock.now(), lastsMs);

describe('signing in', () => {
  it('looking at a link uses nothing up; posting it does, once', async () => {
    const token = await link('officer');
    for (let look = 0; look < 3; look += 1) {
      const page = await doors.app.inject({ method: 'GET', url: `/sign-in/${token}` });
      expect(page.statusCode).toBe(200);
      expect(page.headers['content-security-policy']).not.toMatch(/unsafe-inline/);
    }
    const used = await post(token);
    expect(used.statusCode).toBe(204);
    expect(used.headers['set-cookie']).toMatch(/^interdict=\S+; Path=\/; HttpOnly; SameSite=Lax$/);
    expect((await post(token)).json()).toMatchObject({ status: 401, code: 'link-not-good' });
    expect((await doors.app.inject({ method: 'GET', url: `/sign-in/${token}` })).statusCode).toBe(401);
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
    const { key } = await createKey(work(doors.deps.engine), { who: 'officer', label: 'x', scopes: ['read'] }, doors.db.clock.now());
    for (const table of ['sign_in_link', 'session', 'machine_key', 'letter']) {
      const rows = await work(doors.deps.engine).execute(`select to_jsonb(t)::text as row from ${table} t`);
      for (const secret of [token, cookie, key]) expect(JSON.stringify(rows)).not.toContain(secret);
    }
  });

  it('a known and an unknown address are answered alike, and the known one gets a letter', async () => {
    const ask = (mail: string) => doors.app.inject({ method: 'POST', url: '/api/sign-in/link', payload: { mail } });
    const [known, unknown] = [await ask('auditor@platform.test'), await ask('nobody@platform.test')];
    expect([known.statusCode, known.body]).toEqual([unknown.statusCode, unknown.body]);
    const letters = await work(doors.deps.engine).execute<{ to: unknown }[]>(`select "to" from letter where kind = 'sign-in'`);
    expect(letters).toEqual([{ to: { person: 'auditor' } }]);
  });

  it('a session ends by idling, by its age, and by signing out', async () => {
    const idle = await doors.as('liaison');
    expect((await idle.get('/api/session')).status).toBe(200);
    doors.db.clock.pass(2 * 3_600_000);
    expect((await idle.get('/api/session')).status).toBe(401);
    const busy = await doors.as('liaison');
    for (let hour = 0; hour < 12; hour += 1) {
      expect((await busy.get('/api/session')).status, `hour ${hour}`).toBe(200);
      doors.db.clock.pass(3_600_000);
    }
    expect((await busy.get('/api/session')).status).toBe(401);
    const out = await doors.as('liaison');
    expect((await out.send('DELETE', '/api/session')).status).toBe(204);
    expect((await out.get('/api/session')).status).toBe(401);
    brand = await doors.as(PEOPLE['rights-holder']);
    officer = await doors.as(PEOPLE.governance);
  });

  it('revoking a person ends sessions and keys at once', async () => {
    const em = work(doors.deps.engine);
    await em.insert(PersonRow, { id: 'leaver', name: 'L', role: 'governance-officer', organisations: [], duty: [] });
    const leaver = await doors.as('leaver');
    const { key } = await createKey(em, { who: 'leaver', label: 'x', scopes: ['read'] }, doors.db.clock.now());
    const withKey = () => doors.app.inject({ method: 'GET', url: '/api/session', headers: { authorization: `Bearer ${key}` } });
    expect([(await leaver.get('/api/session')).status, (await withKey()).statusCode]).toEqual([200, 200]);
    await em.nativeUpdate(PersonRow, { id: 'leaver' }, { revokedAt: doors.db.clock.now() });
    expect([(await leaver.get('/api/session')).status, (await withKey()).statusCode]).toEqual([401, 401]);
  });

  it('a write without the token of the session is refused; a key needs none, but its scope', async () => {
    const claim = `/api/cases/${id}/claim`;
    expect((await brand.send('PUT', claim, undefined, { 'x-csrf-token': 'forged' })).body).toMatchObject({ status: 403, code: 'csrf' });
    const em = work(doors.deps.engine);
    const of = (scopes: readonly ('read' | 'write')[]) => createKey(em, { who: PEOPLE['rights-holder'], label: 'x', scopes }, doors.db.clock.now());
    const put = (key: string) => doors.app.inject({ method: 'PUT', url: claim, headers: { authorization: `Bearer ${key}` } });
    expect((await put((await of(['read'])).key)).json()).toMatchObject({ code: 'wrong-scope' });
    expect((await put((await of(['write'])).key)).statusCode).toBe(200);
    expect((await put('ik_forged')).statusCode).toBe(401);
  });
});

describe('bad input', () => {
  const verdict = { verdict: 'counterfeit', reasonCode: 'packaging' };

  it('bodies that are too large, of the wrong type, broken or absent', async () => {
    const url = `/api/cases/${id}/verdict`;
    expect((await brand.send('POST', url, { ...verdict, note: 'x'.repeat(10_000_000) })).body).toMatchObject({ status: 413, code: 'too-large' });
    const raw = (payload: string, type: string) =>
      doors.app.inject({
        method: 'POST',
        url,
        payload,
        headers: { cookie: brand.cookie, 'x-csrf-token': brand.csrf, 'content-type': type, 'idempotency-key': 'raw-key-1' },
      });
    expect((await raw('a=b', 'application/x-www-form-urlencoded')).json()).toMatchObject({ status: 415 });
    expect((await raw('<a/>', 'text/xml')).json()).toMatchObject({ status: 415 });
    expect((await raw('{"verdict":', 'application/json')).json()).toMatchObject({ status: 400, code: 'bad-json' });
    expect((await raw('', 'application/json')).json()).toMatchObject({ status: 400 });
    expect((await raw('{"__proto__":{"a":1}}', 'application/json')).json()).toMatchObject({ status: 400 });
    expect((await brand.send('POST', url, verdict, { 'idempotency-key': 'short' })).body).toMatchObject({ code: 'no-idempotency-key' });
    expect((await brand.send('POST', url, { ...verdict, extra: 1 })).body).toMatchObject({ code: 'bad-request' });
    expect((await brand.send('POST', url, { ...verdict, note: 'a\u0000b' })).body).toMatchObject({ code: 'bad-request' });
    expect((await brand.get('/api/cases?listing=%00')).body).toMatchObject({ code: 'bad-request' });
    expect((await brand.get('/api/cases?cursor=bm90aGluZw')).body).toMatchObject({ code: 'bad-cursor' });
    expect((await brand.get('/api/nowhere')).body).toMatchObject({ code: 'no-such-route' });
  });

  it('a script in a text is kept as text and sent as JSON that no page runs', async () => {
    const script = '<script>alert(1)</script>\u202e{{7*7}}';
    const other = await open(doors.db, { listing: 'm:script' });
    const sent = await brand.send('POST', `/api/cases/${other}/verdict`, { ...verdict, verdict: 'genuine', reasonCode: 'checked', note: script });
    expect(sent.status).toBe(200);
    const view = await brand.get(`/api/cases/${other}`);
    expect(view.headers['content-type']).toMatch(/^application\/json/);
    expect(view.headers['x-content-type-options']).toBe('nosniff');
    expect(JSON.stringify(view.body['timeline'])).toContain('<script>alert(1)</script>');
  });
});

describe('the page of the API', () => {
  it('says what the routes say', async () => {
    expect(await apiPage()).toBe(readFileSync(new URL('../../docs/api.md', import.meta.url), 'utf8'));
  });
});

describe('messages', () => {
  const genuine = { verdict: 'genuine', reasonCode: 'checked' };
  const counterfeit = { verdict: 'counterfeit', reasonCode: 'packaging' };

  it('sent twice under one id is one message; the id for something else is a conflict', async () => {
    const at = await open(doors.db, { listing: 'm:twice' });
    const send = (body: object) => brand.send('POST', `/api/cases/${at}/verdict`, body, { 'idempotency-key': 'twice-key-1' });
    const [first, again] = [await send(counterfeit), await send(counterfeit)];
    expect([first.status, again.body]).toEqual([200, first.body]);
    expect((await send(genuine)).body).toMatchObject({ status: 409, code: 'message-id-reused' });
    expect((await brand.get('/api/messages/twice-key-1')).body).toMatchObject({ state: 'done', aggregate: at, n: 2 });
    const foreign = await doors.as(PEOPLE['other-rights-holder']);
    expect((await foreign.get('/api/messages/twice-key-1')).status).toBe(404);
  });

  it('two tabs answering at once: one wins, the other is told what happened', async () => {
    const at = await open(doors.db, { listing: 'm:tabs' });
    const second = await doors.as('second:org-a');
    const answers = await Promise.all([
      brand.send('POST', `/api/cases/${at}/verdict`, counterfeit),
      second.send('POST', `/api/cases/${at}/verdict`, genuine),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const lost = answers.find(({ status }) => status === 409);
    expect(lost?.body).toMatchObject({ code: 'answered-meanwhile' });
    expect(String(lost?.body['detail'])).toMatch(/answered (counterfeit|genuine) at 2025-/);
    const won = answers[0]?.status === 200 ? second : brand;
    const corrected = await won.send('POST', `/api/cases/${at}/verdict`, {
      ...(answers[0]?.status === 200 ? genuine : counterfeit),
      isCorrection: true,
    });
    expect(corrected.status).toBe(200);
  });

  it('Temporal down: a verdict is accepted, says so, and its answer can be read when it is decided', async () => {
    const at = await open(doors.db, { listing: 'm:down' });
    const { signal } = doors.temporal;
    doors.temporal.signal = async () => {
      throw Object.assign(new Error('14 UNAVAILABLE'), { code: 14 });
    };
    const sent = await brand.send('POST', `/api/cases/${at}/verdict`, genuine, { 'idempotency-key': 'down-key-1' });
    doors.temporal.signal = signal;
    expect([sent.status, sent.headers['location']]).toEqual([202, '/api/messages/down-key-1']);
    expect(sent.body).toMatchObject({ state: 'pending' });
    expect((await brand.get('/api/messages/down-key-1')).body).toMatchObject({ state: 'pending' });
    await move(doors.db, at);
    expect((await brand.get('/api/messages/down-key-1')).body).toMatchObject({ state: 'done', aggregate: at });
  });

  it('a claim is told by name and ends by itself', async () => {
    const at = await open(doors.db, { listing: 'm:claim' });
    const second = await doors.as('second:org-a');
    expect((await brand.send('PUT', `/api/cases/${at}/claim`)).status).toBe(200);
    expect(String((await second.send('PUT', `/api/cases/${at}/claim`)).body['detail'])).toContain('Reviewer of org-a works on this case until');
    expect((await second.get(`/api/cases/${at}`)).body['claim']).toMatchObject({ name: 'Reviewer of org-a', isMine: false });
    doors.db.clock.pass(10 * 60_000);
    expect((await second.send('PUT', `/api/cases/${at}/claim`)).status).toBe(200);
    expect((await second.send('DELETE', `/api/cases/${at}/claim`)).status).toBe(204);
    expect((await brand.send('PUT', `/api/cases/${at}/claim`)).status).toBe(200);
  });
});

describe('reading', () => {
  it('pages through a list without a gap or a repetition, and what changes keeps its tag', async () => {
    const all = idsOf(await officer.get('/api/cases?limit=200'));
    const paged: string[] = [];
    for (let cursor = ''; ; ) {
      const page = await officer.get(`/api/cases?limit=2${cursor}`);
      paged.push(...idsOf(page));
      if (page.body['next'] === null) break;
      cursor = `&cursor=${String(page.body['next'])}`;
    }
    expect(paged).toEqual(all);
    expect(new Set(paged).size).toBe(paged.length);
    const view = await officer.get(`/api/cases/${id}`);
    const etag = String(view.headers['etag']);
    expect((await officer.get(`/api/cases/${id}`, { 'if-none-match': etag })).status).toBe(304);
  });

  it('shows at an instant what was known then, and nothing later', async () => {
    const at = await sealedCase(doors.db, { listing: 'm:slider' });
    const now = (await officer.get(`/api/cases/${at}`)).body;
    const [opened] = now['instants'] as readonly string[];
    const then = (await officer.get(`/api/cases/${at}?at=${String(opened)}`)).body;
    expect(now).toMatchObject({ status: 'actioned', isFinal: true });
    expect(then).toMatchObject({ status: 'awaiting-confirmation', isFinal: false, verdict: null, seal: null, isPast: true });
    expect(then['timeline']).toHaveLength(1);
    expect(then['letters']).not.toContainEqual(expect.objectContaining({ kind: 'statement-of-reasons' }));
    expect((await officer.get(`/api/cases/${at}?at=2020-01-01T00:00:00Z`)).status).toBe(404);
  });

  it('says what silence will do, what can be done, and why not', async () => {
    const view = (await brand.get(`/api/cases/${id}`)).body;
    expect(view['deadlines']).toMatchObject([
      { rule: 'confirmation.escalate' },
      { rule: 'confirmation.lapse', silence: expect.arrayContaining(['CaseSealed: as lapsed']) },
    ]);
    expect(view['actions']).toContainEqual(expect.objectContaining({ command: 'recordVerdict', verdict: 'counterfeit', isAllowed: true }));
    const sealed = await sealedCase(doors.db, { listing: 'm:why' });
    const officers = (await officer.get(`/api/cases/${sealed}`)).body['actions'];
    expect(officers).toContainEqual(
      expect.objectContaining({ command: 'cancelCase', isAllowed: false, refused: expect.objectContaining({ code: 'is-final' }) }),
    );
  });

  it('a seller learns of a case when it is told of it, and never who reported, what was found, or what the brand wrote', async () => {
    const seller = await doors.as(PEOPLE.seller);
    expect((await seller.get(`/api/cases/${id}`)).status).toBe(404);
    expect(idsOf(await seller.get('/api/cases'))).not.toContain(id);
    const told = await sealedCase(doors.db, { listing: 'm:told' });
    const view = await seller.get(`/api/cases/${told}`);
    expect(view.body).toMatchObject({
      status: 'actioned',
      findings: [],
      captures: [],
      related: [],
      letters: [],
      seal: null,
      cost: null,
      verdict: null,
    });
    for (const hidden of ['mark-use', 'the title uses the mark', 'reviewer', 'Reviewer', 'packaging', 'detector'])
      expect(view.text, hidden).not.toContain(hidden);
  });

  it('every read of a case is on record and the auditor sees it', async () => {
    const auditor = await doors.as(PEOPLE.auditor);
    await brand.get(`/api/cases/${id}`);
    const log = await auditor.get(`/api/audit/access-log?aggregate=${id}&who=${encodeURIComponent(PEOPLE['rights-holder'])}`);
    expect(log.body['lines']).toContainEqual(expect.objectContaining({ operation: 'case.read', aggregate: id, how: 'session' }));
    expect((await officer.get('/api/audit/access-log')).status).toBe(403);
  });

  it('exports whole lists as CSV and JSON lines, with nothing that a spreadsheet would run', async () => {
    const csv = await officer.get('/api/exports/cases?format=csv');
    const ids = idsOf(await officer.get('/api/cases?limit=200'));
    expect(csv.text.trim().split('\r\n')).toHaveLength(ids.length + 1);
    const lines = (await officer.get('/api/exports/cases?format=jsonl')).text.trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { id: string }).id)).toEqual(ids);
    const other = await doors.as(PEOPLE['other-rights-holder']);
    expect((await other.get('/api/exports/cases?format=jsonl')).text).toBe('');
  });
});
