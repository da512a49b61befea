import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AggregateId } from '../../domain/ids.ts';
import { ListingRow } from '../../store/schema/entities/register.ts';
import { objectsOf } from '../../store/register/imports/objects.ts';
import { work } from '../../store/connection/orm.ts';
import { move, open, sealedCase, VERSION } from '../store/support.ts';
import { type Caller, type TestApi, idsOf, PEOPLE, startApi } from './support.ts';

let api: TestApi;
let id: AggregateId;
let brand: Caller;
let officer: Caller;
beforeAll(async () => {
  api = await startApi();
  id = await open(api.db);
  brand = await api.as(PEOPLE['rights-holder']);
  officer = await api.as(PEOPLE.governance);
});
afterAll(() => api.close());

describe('bad input', () => {
  const verdict = { verdict: 'counterfeit', reasonCode: 'packaging' };

  it('bodies that are too large, of the wrong type, broken or absent', async () => {
    const url = `/api/cases/${id}/verdict`;
    expect((await brand.send('POST', url, { ...verdict, note: 'x'.repeat(10_000_000) })).body).toMatchObject({ status: 413, code: 'too-large' });
    const raw = (payload: string, type: string) =>
      api.app.inject({
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
    const patched = await api.app.inject({ method: 'PATCH', url: `/api/cases/${id}` });
    expect([patched.statusCode, patched.headers['allow']]).toEqual([405, 'GET, HEAD']);
  });

  it('a script in a text is kept as text and sent as JSON that no page runs', async () => {
    const script = '<script>alert(1)</script>\u202e{{7*7}}';
    const other = await open(api.db, { listing: 'm:script' });
    const sent = await brand.send('POST', `/api/cases/${other}/verdict`, { ...verdict, verdict: 'genuine', reasonCode: 'checked', note: script });
    expect(sent.status).toBe(200);
    const view = await brand.get(`/api/cases/${other}`);
    expect(view.headers['content-type']).toMatch(/^application\/json/);
    expect(view.headers['x-content-type-options']).toBe('nosniff');
    expect(JSON.stringify(view.body['timeline'])).toContain('<script>alert(1)</script>');
  });
});

describe('messages', () => {
  const genuine = { verdict: 'genuine', reasonCode: 'checked' };
  const counterfeit = { verdict: 'counterfeit', reasonCode: 'packaging' };

  it('sent twice under one id is one message; the id for something else is a conflict', async () => {
    const at = await open(api.db, { listing: 'm:twice' });
    const send = (body: object) => brand.send('POST', `/api/cases/${at}/verdict`, body, { 'idempotency-key': 'twice-key-1' });
    const [first, again] = [await send(counterfeit), await send(counterfeit)];
    expect([first.status, again.body]).toEqual([200, first.body]);
    expect((await send(genuine)).body).toMatchObject({ status: 409, code: 'message-id-reused' });
    expect((await brand.get('/api/messages/twice-key-1')).body).toMatchObject({ state: 'done', aggregate: at, n: 2 });
    const foreign = await api.as(PEOPLE['other-rights-holder']);
    expect((await foreign.get('/api/messages/twice-key-1')).status).toBe(404);
  });

  it('two tabs answering at once: one wins, the other is told what happened', async () => {
    const at = await open(api.db, { listing: 'm:tabs' });
    const second = await api.as('second:org-a');
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

  it('an officer stops a detector and starts it again, each once a policy version; nobody else may', async () => {
    const officer = await api.as(PEOPLE.governance);
    const stop = (isStopped: boolean, reason: string) => officer.send('PUT', '/api/detectors/price-gap', { isStopped, reason });
    const versions = async () => ((await officer.get('/api/policies')).body['lines'] as readonly unknown[]).length;
    const before = await versions();
    const first = await stop(true, 'wrong reference prices');
    expect([first.status, (await stop(true, 'twice')).body]).toEqual([200, first.body]);
    expect(await versions()).toBe(before + 1);
    expect((await officer.get('/api/detectors')).body).toMatchObject({
      source: 'stopped by officer: wrong reference prices',
      lines: expect.arrayContaining([{ detector: 'price-gap', isStopped: true }]),
    });
    expect((await stop(false, 'mended')).status).toBe(200);
    expect((await officer.get('/api/detectors')).body).toMatchObject({
      lines: expect.arrayContaining([{ detector: 'price-gap', isStopped: false }]),
    });
    expect((await officer.send('PUT', '/api/detectors/price-gap', { isStopped: true })).body).toMatchObject({ status: 400 });
    expect((await officer.send('PUT', '/api/detectors/unheard-of', { isStopped: true, reason: 'x' })).status).toBe(400);
    expect((await brand.send('PUT', '/api/detectors/price-gap', { isStopped: true, reason: 'x' })).status).toBe(403);
  });

  it('Temporal down: a verdict is accepted, says so, and its answer can be read when it is decided', async () => {
    const at = await open(api.db, { listing: 'm:down' });
    const { signal } = api.temporal;
    api.temporal.signal = async () => {
      throw Object.assign(new Error('14 UNAVAILABLE'), { code: 14 });
    };
    const sent = await brand.send('POST', `/api/cases/${at}/verdict`, genuine, { 'idempotency-key': 'down-key-1' });
    api.temporal.signal = signal;
    expect([sent.status, sent.headers['location']]).toEqual([202, '/api/messages/down-key-1']);
    expect(sent.body).toMatchObject({ state: 'pending' });
    expect((await brand.get('/api/messages/down-key-1')).body).toMatchObject({ state: 'pending' });
    await move(api.db, at);
    expect((await brand.get('/api/messages/down-key-1')).body).toMatchObject({ state: 'done', aggregate: at });
  });

  it('a claim is told by name and ends by itself', async () => {
    const at = await open(api.db, { listing: 'm:claim' });
    const second = await api.as('second:org-a');
    expect((await brand.send('PUT', `/api/cases/${at}/claim`)).status).toBe(200);
    expect(String((await second.send('PUT', `/api/cases/${at}/claim`)).body['detail'])).toContain('Reviewer of org-a works on this case until');
    expect((await second.get(`/api/cases/${at}`)).body['claim']).toMatchObject({ name: 'Reviewer of org-a', isMine: false });
    api.db.clock.pass(10 * 60_000);
    expect((await second.send('PUT', `/api/cases/${at}/claim`)).status).toBe(200);
    expect((await second.send('DELETE', `/api/cases/${at}/claim`)).status).toBe(204);
    expect((await brand.send('PUT', `/api/cases/${at}/claim`)).status).toBe(200);
    const auditor = await api.as(PEOPLE.auditor);
    const { body } = await auditor.get(`/api/audit/access-log?aggregate=${at}`);
    const noted = (body['lines'] as readonly { who: string; operation: string }[]).filter(({ operation }) => /claim|release/.test(operation));
    expect(noted.map(({ who, operation }) => `${who} ${operation}`).reverse()).toEqual([
      'reviewer:org-a case.claim',
      'reviewer:org-a case.claim-ran-out',
      'second:org-a case.claim',
      'second:org-a case.release',
      'reviewer:org-a case.claim',
    ]);
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
    const at = await sealedCase(api.db, { listing: 'm:slider' });
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
      {
        rule: 'confirmation.lapse',
        silence: expect.arrayContaining([
          { type: 'CaseSealed', words: 'The case is closed and sealed: lapsed, under watch', values: { as: 'lapsed' } },
        ]),
      },
    ]);
    expect(view['actions']).toContainEqual(expect.objectContaining({ command: 'recordVerdict', verdict: 'counterfeit', isAllowed: true }));
    const sealed = await sealedCase(api.db, { listing: 'm:why' });
    const officers = (await officer.get(`/api/cases/${sealed}`)).body['actions'];
    expect(officers).toContainEqual(
      expect.objectContaining({ command: 'cancelCase', isAllowed: false, refused: expect.objectContaining({ code: 'is-final' }) }),
    );
  });

  it('a seller learns of a case when it is told of it, and never who reported, what was found, or what the brand wrote', async () => {
    const seller = await api.as(PEOPLE.seller);
    expect((await seller.get(`/api/cases/${id}`)).status).toBe(404);
    expect(idsOf(await seller.get('/api/cases'))).not.toContain(id);
    const told = await sealedCase(api.db, { listing: 'm:told' });
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
    const auditor = await api.as(PEOPLE.auditor);
    await brand.get(`/api/cases/${id}`);
    const log = await auditor.get(`/api/audit/access-log?aggregate=${id}&who=${encodeURIComponent(PEOPLE['rights-holder'])}`);
    expect(log.body['lines']).toContainEqual(expect.objectContaining({ operation: 'case.read', aggregate: id, how: 'session' }));
    expect((await officer.get('/api/audit/access-log')).status).toBe(403);
  });

  it('exports whole lists as CSV and JSON lines, with nothing that a spreadsheet would run', async () => {
    const titles = ['=1+1', 'shoe;=1+1', '@SUM(A1)', 'tab;\t=1', "'=1", 'Zoë, "new"; -20%'];
    for (const [at, title] of titles.entries()) {
      const listing = `m:sheet-${at}`;
      await work(api.db.store).insert(ListingRow, { id: listing, marketplace: 'm', market: 'DE', seller: null, version: VERSION, row: { title } });
      await open(api.db, { listing });
    }
    const csv = await officer.get('/api/exports/cases?format=csv');
    expect(csv.text.startsWith('\ufeff')).toBe(true);
    expect(csv.text).not.toMatch(/(^|[,;"\t\r\n])[=+@-]/m);
    const rows = [];
    for await (const item of objectsOf(Readable.from([Buffer.from(csv.text)]), new Set(['id', 'listing'])))
      rows.push('object' in item ? item.object : item);
    const exported = rows.filter((row) => String('listing' in row && row['listing']).startsWith('m:sheet-'));
    expect(exported.map((row) => 'title' in row && row['title']).sort()).toEqual([...titles].sort());
    const ids = idsOf(await officer.get('/api/cases?limit=200'));
    expect(csv.text.trim().split('\r\n')).toHaveLength(ids.length + 1);
    const lines = (await officer.get('/api/exports/cases?format=jsonl')).text.trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { id: string }).id)).toEqual(ids);
    const other = await api.as(PEOPLE['other-rights-holder']);
    expect((await other.get('/api/exports/cases?format=jsonl')).text).toBe('');
  });
});
