import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AggregateId } from '../../domain/ids.ts';
import { open, sealedCase } from '../store/support.ts';
import { type Caller, type TestApi, PEOPLE, startApi } from './support.ts';

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

async function stored(caller: Caller, text: string): Promise<string> {
  const { body } = await caller.send('POST', '/api/documents', Buffer.from(text), { 'content-type': 'image/png' });
  return String(body['digest']);
}

it('a test purchase with its custody, told to each as far as it may know', async () => {
  const url = `/api/cases/${id}`;
  const purchase = { exhibit: 'E-1', order: 'ORDER-4711', price: { amount: '39.90', currency: 'EUR' } };
  expect((await brand.send('POST', `${url}/test-purchases`, purchase)).body).toMatchObject({ code: 'wrong-capacity' });
  expect((await officer.send('POST', `${url}/test-purchases`, purchase)).body).toMatchObject({ events: ['ExhibitBooked', 'CustodyRecorded'] });
  expect((await officer.send('POST', `${url}/test-purchases`, purchase)).body).toMatchObject({ status: 422, code: 'exhibit-known' });
  const yen = { ...purchase, exhibit: 'E-2', price: { amount: '1.5', currency: 'JPY' } };
  expect((await officer.send('POST', `${url}/test-purchases`, yen)).status).toBe(400);
  const photo = await stored(officer, 'a photo');
  const received = { exhibit: 'E-1', what: 'a watch', condition: 'whole', seal: 'S1', media: [photo] };
  expect((await officer.send('POST', `${url}/exhibits`, received)).status).toBe(200);
  expect((await officer.send('POST', `${url}/transfers`, { exhibit: 'E-1', to: 'org-a', why: 'to be examined', seal: 'S1' })).status).toBe(200);
  const report = await stored(brand, 'a report');
  const examined = { exhibit: 'E-1', verdict: 'counterfeit', report, seal: 'S9' };
  expect((await brand.send('POST', `${url}/examinations`, examined)).status).toBe(200);

  const mine = await officer.get(`${url}/exhibits`);
  expect(mine.body['exhibits']).toMatchObject([
    {
      source: { kind: 'test-purchase', order: 'ORDER-4711', price: { amount: '39.90', currency: 'EUR' } },
      custodian: 'org-a',
      gap: { what: 'seal S9 was found, but S1 was put on' },
      custody: [
        { act: 'ordered' },
        { act: 'received', what: 'a watch' },
        { act: 'transferred', from: 'platform' },
        { act: 'examined', result: 'counterfeit' },
      ],
    },
  ]);
  const theirs = await brand.get(`${url}/exhibits`);
  expect(theirs.text).not.toMatch(/ORDER-4711|a watch|to be examined/);
  expect(theirs.body['exhibits']).toMatchObject([
    { source: { order: null }, custody: [{}, { what: null }, {}, { person: 'reviewer:org-a', result: 'counterfeit' }] },
  ]);
  expect((await (await api.as(PEOPLE.seller)).get(`${url}/exhibits`)).body).toMatchObject({ code: 'wrong-capacity' });

  const file = await officer.get(`${url}/files/${encodeURIComponent(report)}`);
  expect([file.text, file.headers['content-type']]).toEqual(['a report', 'application/octet-stream']);
  expect((await brand.get(`${url}/files/${encodeURIComponent(report)}`)).body).toMatchObject({ code: 'wrong-capacity' });
});

it('says why something cannot be done, for each exhibit', async () => {
  const { body } = await officer.get(`/api/cases/${id}/exhibits`);
  const [exhibit] = body['exhibits'] as { actions: { command: string; refused: { code: string } | null }[] }[];
  expect(exhibit?.actions.map(({ command, refused }) => [command, refused?.code ?? 'allowed'])).toEqual([
    ['recordExhibit', 'exhibit-known'],
    ['transferExhibit', 'allowed'],
    ['recordExamination', 'allowed'],
    ['recordLoss', 'allowed'],
  ]);
});

it('tells what a packet misses with the cure, and hands out no packet that its rules refuse', async () => {
  const check = await officer.get(`/api/packets/${id}`);
  expect(check.body).toMatchObject({ profile: 'police', isRefused: true, isComplete: false, files: [] });
  expect(check.body['missing']).toEqual(expect.arrayContaining([expect.objectContaining({ item: 'seal', refuses: true, cure: expect.any(String) })]));
  const refused = await officer.get(`/api/packets/${id}/file`);
  expect([refused.status, refused.body['code']]).toEqual([422, 'refused']);
  expect(refused.body['places']).toEqual(expect.arrayContaining([expect.objectContaining({ message: expect.any(String) })]));
  const sealed = await sealedCase(api.db, { listing: 'm:sealed', capture: { failed: 'the page did not answer' } });
  const whole = await officer.get(`/api/packets/${sealed}/file`);
  expect([whole.status, whole.headers['content-type'], whole.text.slice(0, 2)], whole.text.slice(0, 900)).toEqual([200, 'application/zip', 'PK']);
  expect((await brand.get(`/api/packets/${sealed}`)).body).toMatchObject({ code: 'wrong-capacity' });
});

it('a verdict on a sample names its exhibit, over HTTP as everywhere', async () => {
  const verdict = { verdict: 'counterfeit', reasonCode: 'sample-examined', basis: 'sample' };
  expect((await brand.send('POST', `/api/cases/${id}/verdict`, { ...verdict, exhibit: 'E-9' })).body).toMatchObject({ code: 'exhibit-unknown' });
  expect((await brand.send('POST', `/api/cases/${id}/verdict`, { ...verdict, exhibit: 'no exhibit' })).status).toBe(400);
  expect((await brand.send('POST', `/api/cases/${id}/verdict`, { ...verdict, exhibit: 'E-1' })).status).toBe(200);
  const { body } = await officer.get(`/api/cases/${id}`);
  expect(JSON.stringify(body['timeline'])).toContain('E-1');
});
