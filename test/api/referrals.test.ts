import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256Hex } from '../../domain/canonical.ts';
import type { AggregateId } from '../../domain/ids.ts';
import { advance } from '../../store/log/advance.ts';
import { accept, move, sealedCase } from '../store/support.ts';
import { type Caller, type TestApi, type Got, idsOf, openReferral, PEOPLE, startApi } from './support.ts';

let api: TestApi;
let id: AggregateId;
let brand: Caller;
let other: Caller;
let liaison: Caller;
let officer: Caller;

beforeAll(async () => {
  api = await startApi();
  for (const [n, holder] of ['org-a', 'org-a', 'org-b'].entries()) await sealedCase(api.db, { listing: `m:${n}`, holder, seller: 'S-1' });
  api.db.clock.pass(30 * 86_400_000);
  id = await openReferral(api, 'S-1', 'police-de');
  brand = await api.as(PEOPLE['rights-holder']);
  other = await api.as(PEOPLE['other-rights-holder']);
  liaison = await api.as(PEOPLE.liaison);
  officer = await api.as(PEOPLE.governance);
}, 60_000);
afterAll(() => api.close());

/** What the API says of a command, decision by decision. */
async function whyNot(caller: Caller, url: string, command: string): Promise<unknown> {
  const { body } = await caller.get(url);
  const action = (body['actions'] as readonly Action[]).find((one) => one.command === command);
  return action?.decisions.length === 0 ? (action.refused?.code ?? 'allowed') : action?.decisions.map((one) => one.refused?.code ?? 'allowed');
}
interface Action {
  readonly command: string;
  readonly refused: { readonly code: string } | null;
  readonly decisions: readonly { readonly refused: { readonly code: string } | null }[];
}

async function upload(caller: Caller, bytes: string): Promise<Got> {
  return caller.send('POST', '/api/documents', Buffer.from(bytes), { 'content-type': 'application/pdf' });
}

/** The worker has put the packet together. */
async function built(bytes: string): Promise<string> {
  const packet = await api.deps.vault.put(Buffer.from(bytes));
  const { standing } = await move(api.db, id);
  const [owed] = standing.owes;
  const result = { kind: 'built' as const, packet, missing: [] };
  await advance(api.db.context, { id, n: standing.n, outcomes: [{ key: owed?.key ?? '', try: 1, result }] });
  return packet;
}

const words = { appraisal: 'None of them is ours.', priceStatement: 'EUR 900 each.', contact: 'A. Lawyer', contactMail: 'lawyer@org-a.test' };

describe('a referral in the API', () => {
  it('is listed by actor, recipient and status, and shown with everything that it waits for', async () => {
    expect(idsOf(await liaison.get('/api/referrals?seller=S-1&recipient=police-de&status=asking-brands&limit=1'))).toEqual([id]);
    expect(idsOf(await liaison.get('/api/referrals?seller=S-2'))).toEqual([]);
    const { body } = await liaison.get(`/api/referrals/${id}`);
    expect(body).toMatchObject({
      actor: 'S-1',
      recipient: 'police-de',
      recipientNow: { mail: 'police@authority.test' },
      openedBy: 'liaison',
      number: 1,
    });
    expect(body['draft']).toMatchObject({ stage: 'asking-brands', packet: null, brands: [{ brand: 'org-a', given: null }, { brand: 'org-b' }] });
    expect(body['deadlines']).toMatchObject([{ rule: 'appraisal.remind' }, { rule: 'appraisal.end' }]);
    expect(body['timeline']).toMatchObject([{ n: 1, command: 'openReferral' }]);
    expect(await whyNot(liaison, `/api/referrals/${id}`, 'decideReferral')).toEqual(['not-now', 'not-now']);
    expect(await whyNot(liaison, `/api/referrals/${id}`, 'withdrawReferral')).toBe('allowed');
  });

  it('a brand sees its own part of it and nothing else of it', async () => {
    const { body, text } = await brand.get(`/api/appraisals/${id}`);
    expect(body['parts']).toMatchObject([{ brand: 'org-a', stage: 'asking-brands', given: null }]);
    expect((body['parts'] as { cases: unknown[] }[])[0]?.cases).toHaveLength(2);
    expect(text).not.toMatch(/org-b|police|S-1|liaison/);
    expect((await brand.get('/api/appraisals')).text).not.toContain('org-b');
    expect((await brand.get(`/api/referrals/${id}`)).body).toMatchObject({ code: 'wrong-capacity' });
    expect((await brand.get('/api/cases?seller=S-1')).text).not.toContain('referral');
    const seller = await api.as(PEOPLE.seller);
    for (const url of [`/api/referrals/${id}`, `/api/appraisals/${id}`, '/api/referrals'])
      expect((await seller.get(url)).body).toMatchObject({ code: 'wrong-capacity' });
    expect((await seller.get('/api/changes?after=0.0')).text).not.toContain('referral');
  });

  it('takes an appraisal with the files sent before, once for one key, and for its own brand only', async () => {
    const url = `/api/appraisals/${id}/answer`;
    const digest = `sha256:${sha256Hex('certificate')}`;
    const body = { ...words, brand: 'org-a', documents: [{ kind: 'certificate', about: 'R1', digest }] };
    expect((await brand.send('POST', url, body)).body).toMatchObject({ status: 400, cure: expect.stringContaining('/api/documents') });
    expect((await upload(brand, 'certificate')).body).toEqual({ digest, size: 11 });
    expect((await upload(brand, '')).status).toBe(400);
    expect((await brand.send('POST', url, { ...body, brand: 'org-b' })).body).toMatchObject({ code: 'not-found' });
    const key = { 'idempotency-key': 'appraisal-1' };
    const [first, again] = [await brand.send('POST', url, body, key), await brand.send('POST', url, body, key)];
    expect([first.status, first.body['events'], again.body]).toEqual([200, ['AppraisalGiven'], first.body]);
    expect((await brand.get(`/api/appraisals/${id}`)).body['parts']).toMatchObject([{ until: null, given: { appraisal: words.appraisal } }]);
    expect((await other.get(`/api/appraisals/${id}`)).text).not.toMatch(/None of them|lawyer/);
    expect((await liaison.get(`/api/referrals/${id}`)).text).toContain('None of them is ours.');
  });

  it('two people send exactly the packet that can be read here; who opened it is told why not', async () => {
    const url = `/api/referrals/${id}`;
    expect((await other.send('POST', `/api/appraisals/${id}/answer`, { ...words, brand: 'org-b' })).status).toBe(200);
    const packet = await built('the packet');
    const decision = { decision: 'approve', packet, reason: 'looked at it' };
    expect(await whyNot(liaison, url, 'decideReferral')).toEqual(['same-person', 'allowed']);
    expect(await whyNot(officer, url, 'decideReferral')).toEqual(['allowed', 'allowed']);
    expect((await liaison.send('POST', `${url}/decision`, decision)).body).toMatchObject({ status: 422, code: 'same-person' });
    const another = { ...decision, packet: `sha256:${'0'.repeat(64)}` };
    expect((await officer.send('POST', `${url}/decision`, another)).body).toMatchObject({ code: 'packet-differs' });
    const { body } = await officer.get(url);
    const file = await officer.get(String((body['draft'] as { href: string }).href));
    expect([file.text, file.headers['content-disposition']]).toEqual(['the packet', expect.stringContaining('attachment')]);
    expect((await officer.get(`${url}/files/sha256:${sha256Hex('another object')}`)).status).toBe(404);
    expect((await officer.send('POST', `${url}/decision`, decision)).body).toMatchObject({ events: ['SendingApproved', 'SubmissionOrdered'] });
  });

  it('records what the authority says, with ranges where sources disagree', async () => {
    const url = `/api/referrals/${id}`;
    const content = { by: { capacity: 'engine' }, kind: 'recordDelivery', letter: 'l', state: 'delivered' };
    await accept(api.db, id, 'delivered', content, { capacity: 'engine' });
    await move(api.db, id);
    api.db.clock.pass(60_000);
    expect((await liaison.send('POST', `${url}/receipt`, { reference: 'AZ 12' })).status).toBe(200);
    for (const amount of ['2000000.00', '2500000.50']) {
      const values = [{ value: { amount, currency: 'CNY' }, source: `said ${amount}` }];
      const sent = await liaison.send('POST', `${url}/outcomes`, { outcome: 'raid', goods: [{ what: 'watches', quantity: 125 }], values });
      expect(sent.status, sent.text).toBe(200);
    }
    const unknown = { outcome: 'raid', cases: [`case:${'0'.repeat(32)}`] };
    expect((await liaison.send('POST', `${url}/outcomes`, unknown)).body).toMatchObject({ code: 'not-found' });
    const { body } = await liaison.get(url);
    expect(body['totals']).toMatchObject({ facts: { raid: 1 }, values: { CNY: { least: 200_000_000, most: 250_000_050 } } });
    expect((await liaison.get('/api/referral-totals')).body).toEqual(body['totals']);
    expect((await brand.get(`/api/appraisals/${id}`)).body['parts']).toMatchObject([{ outcomes: [{ outcome: 'raid', goods: [], values: [] }] }]);
    const opened = String((body['timeline'] as { at: string }[])[0]?.at);
    expect((await liaison.get(`${url}?at=${opened}`)).body).toMatchObject({ isPast: true, status: 'with-recipient', reference: null, outcomes: [] });
    expect((await liaison.send('POST', `${url}/closing`, { reason: 'raided' })).body).toMatchObject({ events: ['ReferralClosed', 'ReferralSealed'] });
  });

  it('every look at it is on record', async () => {
    const log = await (await api.as(PEOPLE.auditor)).get(`/api/audit/access-log?aggregate=${id}&limit=200`);
    const seen = (log.body['lines'] as { who: string; operation: string }[]).map(({ who, operation }) => `${who} ${operation}`);
    expect(new Set(seen)).toEqual(
      new Set([
        'liaison referral.read',
        'officer referral.read',
        'officer packet.read',
        'reviewer:org-a appraisal.read',
        'reviewer:org-b appraisal.read',
      ]),
    );
  });
});
