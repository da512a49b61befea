import pg from 'pg';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AggregateId } from '../../domain/ids.ts';
import { policyDigest } from '../../domain/policy/policy.ts';
import { quickPolicy } from '../../bench/stage-data.ts';
import { AliasRow, ListingRow, PolicyRow, ReferenceRow, RightRow } from '../../store/schema/entities/register.ts';
import { storePolicy } from '../../store/register/policies.ts';
import { type Manager, work } from '../../store/connection/orm.ts';
import { open, sealedCase } from '../store/support.ts';
import { type Caller, type TestApi, idsOf, PEOPLE, startApi } from './support.ts';

interface Fault {
  readonly part: string;
  readonly row: string | null;
  readonly id: string;
}

const noted: Record<string, unknown>[] = [];
let api: TestApi;
let brand: Caller;
let other: Caller;
let officer: Caller;
/** Sound, without its policy, with a decision that nobody can fold, with a row of the register that nobody can read. */
let sound: AggregateId;
let lost: AggregateId;
let broken: AggregateId;
let strange: AggregateId;

const em = () => work(api.db.store) as Manager;
/** No role of ours may change what was decided: a broken disk can. */
async function asOwner(sql: string, ...values: readonly string[]): Promise<void> {
  const owner = new pg.Client({ connectionString: api.db.url });
  await owner.connect();
  await owner.query(sql, [...values]);
  await owner.end();
}

const faultsOf = (body: Readonly<Record<string, unknown>>) => body['faults'] as readonly Fault[];
const inLog = (id: string | undefined) => noted.find((line) => line['fault'] === id);

beforeAll(async () => {
  const log = pino({ level: 'error' }, { write: (line: string) => void noted.push(JSON.parse(line) as Record<string, unknown>) });
  api = await startApi({ log });
  const { db } = api;
  sound = await open(db, { listing: 'm:sound' });
  broken = await open(db, { listing: 'm:broken' });
  strange = await open(db, { listing: 'm:strange', holder: 'org-b', rights: ['R1', 'R2'] });
  const quick = await quickPolicy({ escalateAfter: 6_000, lapseAfter: 60_000 });
  db.clock.pass(1_000);
  await storePolicy(em(), quick, db.clock.now());
  lost = await open(db, { listing: 'm:lost' });
  await em().nativeDelete(PolicyRow, { digest: policyDigest(quick) });
  await asOwner(`update decision set envelope = jsonb_set(envelope, '{outcome}', '{"events": [null]}') where aggregate = $1`, broken);
  await em().insert(ListingRow, { id: 'm:strange', marketplace: 'm', market: 'DE', seller: 'S-1', version: 'a'.repeat(64), row: { title: 5 } });
  const right = { rightType: 'trademark', status: 'registered', markText: 'VELORIX', niceClasses: ['025'] };
  await em().insert(RightRow, { id: 'R1', organisation: 'org-b', jurisdiction: 'DE', row: right });
  await em().insert(RightRow, { id: 'R2', organisation: 'org-b', jurisdiction: 'DE', row: { rightType: 7 } });
  await em().insert(AliasRow, { alias: 'brand org-b', organisation: 'org-b' });
  const product = { product: 'shoes', price: { amount: 100, currency: 'EUR' }, images: [] };
  await em().insert(ReferenceRow, { brand: 'Brand org-b', partNumber: 'VX-1', currency: 'EUR', row: product });
  await em().insert(ReferenceRow, { brand: 'Brand org-b', partNumber: 'VX-2', currency: 'EUR', row: { images: 'none' } });
  brand = await api.as(PEOPLE['rights-holder']);
  other = await api.as(PEOPLE['other-rights-holder']);
  officer = await api.as(PEOPLE.governance);
});
afterAll(() => api.close());

describe('the queue', () => {
  it('answers with every case that can be shown, and names the one that cannot', async () => {
    const { status, body } = await brand.get('/api/queue');
    expect(status).toBe(200);
    const items = body['items'] as readonly { readonly id: string; readonly faults: readonly Fault[] }[];
    expect(items.map(({ id }) => id).sort()).toEqual([sound, lost].sort());
    expect(items.find(({ id }) => id === sound)?.faults).toEqual([]);
    const faulty = body['faulty'] as readonly { readonly id: string; readonly fault: string }[];
    expect(faulty).toEqual([expect.objectContaining({ id: broken, listing: 'm:broken', fault: expect.stringMatching(/^fault-[0-9a-f]{12}$/) })]);
    // The reader gets an id, the log what went wrong and where.
    expect(inLog(faulty[0]?.fault)).toMatchObject({ about: broken, part: 'queue', error: expect.anything() });
    expect(body['waiting']).toBe(3);
  });
});

describe('a page', () => {
  it('without its policy says so, keeps the deadline that the log has, and shows the rest', async () => {
    const { status, body } = await brand.get(`/api/cases/${lost}`);
    expect([status, body['actions']]).toEqual([200, []]);
    expect(faultsOf(body)).toEqual([{ part: 'policy', row: null, id: expect.any(String) }]);
    expect(body['deadlines']).toEqual([{ at: body['due'], rule: body['dueRule'], provisional: false, silence: [], policy: [] }]);
    expect(body['timeline']).toHaveLength(1);
  });

  it('with rows of the register that cannot be read leaves out these and no others', async () => {
    const { status, body } = await other.get(`/api/cases/${strange}`);
    expect([status, body['listingNow']]).toEqual([200, null]);
    expect((body['rights'] as readonly { readonly id: string }[]).map(({ id }) => id)).toEqual(['R1']);
    expect((body['references'] as readonly { readonly partNumber: string }[]).map(({ partNumber }) => partNumber)).toEqual(['VX-1']);
    expect(faultsOf(body).map(({ part, row }) => [part, row])).toEqual([
      ['listingNow', null],
      ['rights', 'R2'],
      ['references', 'Brand org-b VX-2'],
    ]);
    expect(body['actions']).toContainEqual(expect.objectContaining({ command: 'recordVerdict', verdict: 'genuine', isAllowed: true, fault: null }));
  });

  it('of what cannot be folded is a fault of that page alone, and not called a wrong request', async () => {
    expect((await brand.get(`/api/cases/${broken}`)).body).toMatchObject({ status: 500, code: 'fault' });
  });

  it('an appeal that cannot be read takes an instant from its case, not the page', async () => {
    const sealed = await sealedCase(api.db, { listing: 'm:sealed' });
    const seller = await api.as(PEOPLE.seller);
    const contested = await seller.send('POST', `/api/cases/${sealed}/counter-notice`, { statement: 'It was mine.' });
    expect(contested.status, contested.text).toBe(200);
    await em().execute("update aggregate set state = 'null' where id = ?", [String(contested.body['aggregate'])]);
    const { status, body } = await officer.get(`/api/cases/${sealed}`);
    expect([status, body['contestUntil']]).toEqual([200, null]);
    expect(faultsOf(body).map(({ part }) => part)).toContain('contestUntil');
    const identify = (body['actions'] as readonly object[]).find((action) => 'command' in action && action.command === 'identifySeller');
    expect(identify).toMatchObject({ isAllowed: false, refused: null, fault: expect.stringMatching(/^fault-/) });
    expect(inLog((identify as { fault: string }).fault)).toMatchObject({ part: 'action identifySeller' });
  });
});

describe('what can be done', () => {
  it('a command at which the rules fault says so; the others are as they are', async () => {
    // The policy says nothing of one verdict any more: only what asks for it faults.
    const { digest, document } = await em().findOneOrFail(PolicyRow, { name: 'default' });
    const { cannotTellWindow: _, ...confirmation } = document['confirmation'] as Record<string, unknown>;
    await em().nativeUpdate(PolicyRow, { digest }, { document: { ...document, confirmation } });
    const { body } = await brand.get(`/api/cases/${sound}`);
    await em().nativeUpdate(PolicyRow, { digest }, { document });
    const actions = body['actions'] as readonly { readonly verdict: string; readonly isAllowed: boolean; readonly fault: string | null }[];
    const faulty = actions.filter(({ fault }) => fault !== null);
    expect(faulty).toMatchObject([{ command: 'recordVerdict', verdict: 'cannot-tell', isAllowed: false, refused: null }]);
    expect(actions.filter(({ isAllowed }) => isAllowed)).toHaveLength(actions.length - 1);
    expect(faultsOf(body)).toEqual([]);
  });
});

describe('lists', () => {
  it('of cases, counts and exports show every case, also those that nobody can fold', async () => {
    for (const path of ['/api/cases', '/api/counts', '/api/exports/cases?format=jsonl']) {
      const got = await brand.get(path);
      expect([path, got.status]).toEqual([path, 200]);
    }
    expect(idsOf(await brand.get('/api/cases'))).toEqual(expect.arrayContaining([sound, lost, broken]));
  });

  it('of rights and reference products name the row that cannot be read', async () => {
    const rights = await other.get('/api/rights');
    expect([rights.status, idsOf(rights), faultsOf(rights.body).map(({ row }) => row)]).toEqual([200, ['R1'], ['R2']]);
    const references = await other.get('/api/references');
    expect([references.status, faultsOf(references.body).map(({ row }) => row)]).toEqual([200, ['Brand org-b VX-2']]);
    expect(references.body['lines']).toHaveLength(1);
  });

  it('a calendar has an event of the case whose state cannot be read, at the instant that the projection has', async () => {
    const made = await brand.send('PUT', '/api/calendars/org-a');
    await em().execute("update aggregate set state = 'null' where id = ?", [broken]);
    const feed = await api.app.inject({ method: 'GET', url: new URL(String(made.body['url'])).pathname });
    expect(feed.statusCode).toBe(200);
    for (const id of [sound, broken]) expect(feed.body).toContain(`UID:${id}`);
  });

  it('of what can be referred names the actor with a case that cannot be read', async () => {
    const own = await sealedCase(api.db, { listing: 'm:own', rights: ['R1'] });
    await sealedCase(api.db, { listing: 'm:others', seller: 'S-2', rights: ['R1'] });
    api.db.clock.pass(30 * 86_400_000);
    await em().execute("update aggregate set state = 'null' where id = ?", [own]);
    const { status, body } = await (await api.as(PEOPLE.liaison)).get('/api/referral-candidates');
    expect([status, (body['lines'] as readonly { readonly actor: string }[]).map(({ actor }) => actor)]).toEqual([200, ['S-2']]);
    expect(faultsOf(body).map(({ row }) => row)).toEqual([null, 'S-1']);
  });
});
