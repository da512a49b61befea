import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serverLog } from '../../worker/server-log.ts';
import { open } from '../store/support.ts';
import { type Caller, type TestApi, PEOPLE, startApi } from './support.ts';

let api: TestApi;
let officer: Caller;
const lines: string[] = [];
beforeAll(async () => {
  const broken = () => Promise.reject(new RangeError('the disk is gone', { cause: new Error('no such device') }));
  api = await startApi({ log: serverLog({ write: (line) => void lines.push(line) }), historyOf: broken });
  officer = await api.as(PEOPLE.governance);
});
afterAll(() => api.close());

describe('a fault', () => {
  it('stands in the log with its message and stack under the id that the answer names, and without the address that was asked for', async () => {
    const id = await open(api.db);
    const { status, body } = await (await api.as(PEOPLE.auditor)).get(`/api/audit/${id}/history`);
    expect([status, body['code']]).toEqual([500, 'fault']);
    const line = JSON.parse(lines.at(-1) ?? '{}') as Readonly<Record<string, unknown>>;
    expect(line).toMatchObject({ error: { type: 'RangeError', message: 'the disk is gone', cause: { message: 'no such device' } } });
    expect(line).toMatchObject({ error: { stack: expect.stringContaining('faults.test.ts') }, method: 'GET' });
    expect(body['instance']).toBe(`urn:interdict:request:${String(line['request'])}`);
    expect(lines.at(-1)).not.toContain(id);
  });
});

describe('a text that is none', () => {
  const LONELY = [
    String.fromCharCode(0xd800),
    `a${String.fromCharCode(0xdfff)}b`,
    `${String.fromCharCode(0xdc00)}${String.fromCharCode(0xd800)}`,
    '\u0000',
  ];

  it.each(LONELY)('half a character or NUL in any field is told by its place (%j)', async (text) => {
    const stop = await officer.send('PUT', '/api/detectors/price-gap', { isStopped: true, reason: `r ${text}` });
    expect([stop.status, stop.body['places']]).toEqual([400, [{ place: 'body/reason', message: expect.any(String) }]]);
    const opened = await officer.send('POST', '/api/cases', { listing: `m:${text}`, holder: 'org-a', reason: 'x' });
    expect([opened.status, opened.body['places']]).toEqual([400, [{ place: 'body/listing', message: expect.any(String) }]]);
    const inKey = await officer.send('POST', '/api/cases', { listing: 'm:1', holder: 'org-a', reason: 'x', [text]: 1 });
    expect(inKey.status).toBe(400);
  });

  it('on a line of a file is that line alone', async () => {
    const lines = ['R-1', 'R-\\ud800', 'R-3\\u0000', 'R-4'].map(
      (id) =>
        `{"right_id":"${id}","jurisdiction":"DE","right_type":"trademark","status":"Live","mark_text":"X","owner":"Brand org-a","observed_at":"2025-07"}`,
    );
    const { status, body } = await officer.send('POST', '/api/imports/rights', lines.join('\n'), { 'content-type': 'application/x-ndjson' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ imported: 2, wrong: 2, problems: [{ line: 2 }, { line: 3 }] });
  });

  it('a whole character of two halves is a text', async () => {
    const { status } = await officer.send('PUT', '/api/detectors/price-gap', { isStopped: true, reason: 'a 🧵 of words' });
    expect(status).toBeLessThan(400);
  });
});
