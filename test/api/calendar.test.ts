import ICAL from 'ical.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AggregateId } from '../../domain/ids.ts';
import { createKey } from '../../store/access/machine-keys.ts';
import { ListingRow, PersonRow } from '../../store/schema/entities/register.ts';
import { work } from '../../store/connection/orm.ts';
import { open } from '../store/support.ts';
import { type Caller, type TestApi, ORIGIN, PEOPLE, startApi } from './support.ts';

const HOSTILE = `Watch; with, "all"\r\nBEGIN:VALARM\r\nACTION:PROCEDURE\u202E \\n ${'手表'.repeat(40)}`;
let api: TestApi;
let brand: Caller;
let mine: AggregateId;
let foreign: AggregateId;
beforeAll(async () => {
  api = await startApi();
  await work(api.db.store).insert(ListingRow, { id: 'm:1', marketplace: 'm', market: 'DE', version: 'v', row: { title: HOSTILE } });
  mine = await open(api.db);
  foreign = await open(api.db, { holder: 'org-b', listing: 'm:2' });
  brand = await api.as(PEOPLE['rights-holder']);
});
afterAll(() => api.close());

const made = async (caller = brand, organisation = 'org-a') =>
  String((await caller.send('PUT', `/api/calendars/${organisation}`)).body['url']).slice(ORIGIN.length);
const read = (url: string, headers: Readonly<Record<string, string>> = {}) => api.app.inject({ method: 'GET', url, headers });

/** The events as another implementation of RFC 5545 reads them. */
async function eventsAt(url: string) {
  const { statusCode, body, headers } = await read(url);
  expect([statusCode, headers['content-type']]).toEqual([200, 'text/calendar; charset=utf-8']);
  for (const line of body.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
  const calendar = new ICAL.Component(ICAL.parse(body));
  expect(['version', 'method'].map((name) => calendar.getFirstPropertyValue(name))).toEqual(['2.0', 'PUBLISH']);
  expect(String(calendar.getFirstPropertyValue('prodid'))).toContain('interdict');
  return calendar.getAllSubcomponents('vevent').map((component) => ({
    event: new ICAL.Event(component),
    stamp: String(component.getFirstPropertyValue('dtstamp')),
    modified: String(component.getFirstPropertyValue('last-modified')),
    url: String(component.getFirstPropertyValue('url')),
    parts: component.getAllSubcomponents().length,
  }));
}

describe("a brand's deadlines as a calendar", () => {
  it('are one event a case, at the instant until which an answer is in time', async () => {
    const url = await made();
    const [found, ...more] = await eventsAt(url);
    expect(more).toEqual([]);
    const deadline = (await brand.get(`/api/cases/${mine}`)).body['deadlines'] as readonly { readonly at: string; readonly rule: string }[];
    const lapse = deadline.find(({ rule }) => rule === 'confirmation.lapse')?.at;
    expect(found).toMatchObject({ stamp: '2025-10-01T09:00:00Z', modified: '2025-10-01T09:00:00Z', url: `${ORIGIN}/cases/${mine}`, parts: 0 });
    expect(found?.event).toMatchObject({ uid: mine, sequence: 1 });
    expect(found?.event.startDate.toJSDate().toISOString()).toBe(lapse);
    expect(found?.event.summary).toMatch(/^Answer due: Watch; with, "all" BEGIN:VALARM ACTION:PROCEDURE /);
  });

  it('move with a higher sequence when the window is extended, and go when the case is answered', async () => {
    const url = await made();
    const [before] = await eventsAt(url);
    const manager = await api.as(PEOPLE['account-manager']);
    api.db.clock.pass(60_000);
    const extended = await manager.send('POST', `/api/cases/${mine}/extension`, { n: 1, unit: 'hours' });
    expect(extended.status, extended.text).toBe(200);
    const [after] = await eventsAt(url);
    expect(after?.event.uid).toBe(before?.event.uid);
    expect(after?.event.sequence).toBeGreaterThan(before?.event.sequence ?? 0);
    expect(after?.event.startDate.toJSDate().getTime()).toBeGreaterThan(before?.event.startDate.toJSDate().getTime() ?? 0);
    expect(after?.modified).toBe('2025-10-01T09:01:00Z');
    const second = await open(api.db, { listing: 'm:3' });
    expect((await eventsAt(url)).map(({ event }) => event.uid).sort()).toEqual([mine, second].sort());
    expect((await brand.send('POST', `/api/cases/${second}/verdict`, { verdict: 'genuine', reasonCode: 'checked' })).status).toBe(200);
    expect((await eventsAt(url)).map(({ event }) => event.uid)).toEqual([mine]);
  });

  it('are the same bytes while nothing changes', async () => {
    const url = await made();
    const first = await read(url);
    api.db.clock.pass(3_600_000);
    brand = await api.as(PEOPLE['rights-holder']);
    expect((await read(url)).body).toBe(first.body);
    expect((await read(url, { 'if-none-match': String(first.headers['etag']) })).statusCode).toBe(304);
  });

  it('never hold a case of another organisation, and nobody makes a feed for one that is not theirs', async () => {
    const other = await api.as(PEOPLE['other-rights-holder']);
    expect((await eventsAt(await made(other, 'org-b'))).map(({ event }) => event.uid)).toEqual([foreign]);
    expect((await other.send('PUT', '/api/calendars/org-a')).status).toBe(404);
    const manager = await api.as(PEOPLE['account-manager']);
    expect((await eventsAt(await made(manager))).map(({ event }) => event.uid)).toEqual([mine]);
  });

  it('are behind an address that is kept as a hash, replaced and ended; what is no address is all alike', async () => {
    const first = await made();
    const second = await made();
    expect((await brand.get('/api/calendars')).body).toEqual({
      lines: [{ organisation: 'org-a', name: 'Brand org-a', madeAt: api.db.clock.now() }],
    });
    expect((await brand.get('/api/calendars')).text).not.toContain(second.slice(14));
    const rows = await work(api.db.store).execute('select to_jsonb(t)::text as row from calendar_feed t');
    expect(JSON.stringify(rows)).not.toContain(/calendar\/(.+)\.ics/.exec(second)?.[1]);
    const told = async (url: string) => {
      const { statusCode, body } = await read(url);
      return { statusCode, ...JSON.parse(body), instance: '' };
    };
    const unknown = await told(`/api/calendar/${'A'.repeat(43)}.ics`);
    expect(unknown).toMatchObject({ statusCode: 404, code: 'not-found' });
    for (const url of [first, second.replace('.ics', ''), '/api/calendar/x', `/api/calendar/${encodeURIComponent("' or 1=1 --")}.ics`])
      expect(await told(url)).toEqual(unknown);
    expect((await brand.send('DELETE', '/api/calendars/org-a')).status).toBe(204);
    expect(await told(second)).toEqual(unknown);
  });

  it('end with the mandate of the person', async () => {
    const leaver = { id: 'leaver', name: 'L', role: 'brand-reviewer', organisations: ['org-a'], duty: [] };
    await work(api.db.store).insert(PersonRow, leaver);
    const url = await made(await api.as('leaver'));
    await eventsAt(url);
    await work(api.db.store).nativeUpdate(PersonRow, { id: 'leaver' }, { organisations: ['org-b'] });
    expect((await read(url)).statusCode).toBe(404);
    await work(api.db.store).nativeUpdate(PersonRow, { id: 'leaver' }, { organisations: ['org-a'], revokedAt: api.db.clock.now() });
    expect((await read(url)).statusCode).toBe(404);
  });

  it('are asked for by a person, from our page', async () => {
    expect((await brand.send('PUT', '/api/calendars/org-a', undefined, { 'x-csrf-token': 'forged' })).body).toMatchObject({ code: 'csrf' });
    const key = await createKey(work(api.db.store), { who: PEOPLE['rights-holder'], label: 'x', scopes: ['read', 'write'] }, api.db.clock.now());
    const put = await api.app.inject({ method: 'PUT', url: '/api/calendars/org-a', headers: { authorization: `Bearer ${key.key}` } });
    expect(put.json()).toMatchObject({ status: 403, code: 'wrong-scope' });
  });
});
