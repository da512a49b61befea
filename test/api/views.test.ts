import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AggregateId } from '../../domain/ids.ts';
import { OrganisationRow, PersonRow, RightRow, SellerRow } from '../../store/schema/entities/register.ts';
import { type Manager, work } from '../../store/connection/orm.ts';
import { accept, move, open, sealedCase, SELLER } from '../store/support.ts';
import { type Caller, type TestApi, PEOPLE, startApi } from './support.ts';
import { writeWorld, type World } from './world.ts';

let api: TestApi;
let world: World;
let brand: Caller;
let officer: Caller;
let seller: Caller;
beforeAll(async () => {
  api = await startApi();
  world = await writeWorld(api, 2);
  brand = await api.as(PEOPLE['rights-holder']);
  officer = await api.as(PEOPLE.governance);
  seller = await api.as(PEOPLE.seller);
}, 60_000);
afterAll(() => api.close());

const em = () => work(api.db.store) as Manager;
const lines = (body: Readonly<Record<string, unknown>>, name = 'lines') => body[name] as readonly Readonly<Record<string, unknown>>[];

describe('whom somebody acts for', () => {
  it('names a brand once, however often the register names it', async () => {
    await em().insert(PersonRow, { id: 'twice', name: 'Twice', mail: null, role: 'account-manager', organisations: ['org-b', 'org-b'], duty: [] });
    await em().nativeUpdate(OrganisationRow, { id: 'org-b' }, { accountManager: 'twice' });
    const manager = await api.as('twice');
    expect((await manager.get('/api/session')).body['organisations']).toEqual([{ id: 'org-b', name: 'Brand org-b' }]);
    await em().insert(PersonRow, { id: 'doubled', name: 'Doubled', mail: null, role: 'brand-reviewer', organisations: ['org-b', 'org-b'], duty: [] });
    expect((await (await api.as('doubled')).get('/api/session')).body['organisations']).toHaveLength(1);
  });
});

describe('the page of an appeal', () => {
  const url = () => `/api/appeals/${world.appeal}`;

  it('shows the answer that the case rests on, its pictures, findings and rights', async () => {
    const about = (await officer.get(`/api/cases/${world.sealed[0]}`)).body;
    for (const reader of [officer, brand]) {
      const { body } = await reader.get(url());
      expect(body['verdict']).toEqual(about['verdict']);
      expect(body['verdict']).toMatchObject({ verdict: 'counterfeit', reasonCode: 'packaging', basis: 'image' });
      expect(body['captures']).toEqual(about['captures']);
      expect(body['captures']).toHaveLength(1);
      expect(body['rights']).toMatchObject([{ id: 'R1', mark: 'VELORIX' }]);
      expect(body['findings']).toEqual(about['findings']);
      expect([body['market'], body['riskClass']]).toEqual(['DE', 'standard']);
      const [capture] = lines(body, 'captures') as unknown as { images: { href: string }[] }[];
      expect((await reader.get(String(capture?.images[0]?.href))).headers['content-type']).toBe('image/png');
    }
  });

  it('shows a seller the right, and neither the answer nor what found it', async () => {
    const { body } = await seller.get(url());
    expect(body).toMatchObject({ verdict: null, captures: [], findings: [], riskClass: null, rights: [{ mark: 'VELORIX' }] });
  });

  it('shows what was known then', async () => {
    const { instants } = (await officer.get(url())).body as { instants: string[] };
    const { body } = await officer.get(`${url()}?at=${instants[0]}`);
    expect(body).toMatchObject({ isPast: true, verdict: { verdict: 'counterfeit' }, captures: [{ isMissing: false }] });
  });

  it('of a correction shows the corrected answer', async () => {
    const [, , corrected] = world.sealed;
    if (corrected === undefined) throw new Error('nothing was sealed');
    const sent = await brand.send('POST', `/api/cases/${corrected}/verdict`, {
      verdict: 'genuine',
      reasonCode: 'checked',
      basis: 'image',
      isCorrection: true,
    });
    expect(sent.status, sent.text).toBe(200);
    expect((await officer.get(`/api/appeals/${String(sent.body['aggregate'])}`)).body['verdict']).toMatchObject({ verdict: 'genuine' });
  });
});

describe('who works on a case', () => {
  const claimOf = async (id: string) => [
    (await brand.get(`/api/cases/${id}`)).body['claim'],
    lines((await brand.get(`/api/cases?listing=${encodeURIComponent(listingOf.get(id) ?? '')}`)).body).map(({ claim }) => claim),
  ];
  const listingOf = new Map<string, string>();
  const claimed = async (listing: string) => {
    const id = await open(api.db, { listing });
    listingOf.set(id, listing);
    const second = await api.as('second:org-a');
    expect((await second.send('PUT', `/api/cases/${id}/claim`)).status).toBe(200);
    expect(await claimOf(id)).toMatchObject([{ name: 'Second reviewer' }, [{ name: 'Second reviewer' }]]);
    return { id, second };
  };

  it('is nobody once the case is closed, and a closed case cannot be taken up', async () => {
    const { id, second } = await claimed('m:claimed');
    expect((await officer.send('POST', `/api/cases/${id}/cancellation`, {})).status).toBe(200);
    expect(await claimOf(id)).toEqual([null, [null]]);
    expect((await second.send('PUT', `/api/cases/${id}/claim`)).body).toMatchObject({ status: 409, code: 'is-final' });
  });

  it('is nobody once the answer is given, though the takedown is under way', async () => {
    const { id, second } = await claimed('m:answered');
    const answer = { verdict: 'counterfeit', reasonCode: 'packaging', basis: 'image' };
    expect((await second.send('POST', `/api/cases/${id}/verdict`, answer)).body).toMatchObject({ state: 'done' });
    expect((await brand.get(`/api/cases/${id}`)).body).toMatchObject({ status: 'taking-down', isFinal: false, claim: null });
  });
});

describe('what an auditor finds', () => {
  let auditor: Caller;
  beforeAll(async () => {
    auditor = await api.as(PEOPLE.auditor);
    await em().insert(SellerRow, { id: 'shop-77', market: 'DE', actor: 'shop-77', row: { name: 'Harbour Trading' }, mail: null });
    await sealedCase(api.db, { listing: 'm:shop', seller: 'shop-77' });
  });
  const find = async (text: string) => {
    const { status, body, text: told } = await auditor.get(`/api/audit/find?text=${encodeURIComponent(text)}`);
    expect(status, told).toBe(200);
    return lines(body, 'found');
  };

  it.each(['org-a', 'Brand org-a', 'brand ORG-A'])('the cases of a holder by id or name: %s', async (text) => {
    const found = await find(text);
    expect(found.map(({ id }) => id)).toEqual(expect.arrayContaining([...world.waiting, ...world.sealed]));
    expect(found[0]).toMatchObject({ as: 'holder', holderName: 'Brand org-a', status: expect.any(String), openedAt: expect.any(String) });
  });

  it.each(['shop-77', 'Harbour Trading', 'harbour trading'])('the cases of a seller by id or name: %s', async (text) => {
    expect(await find(text)).toMatchObject([{ as: 'seller', kind: 'case', listing: 'm:shop', status: 'actioned', isFinal: true }]);
  });

  it('each with its title and where it stands, referrals among them', async () => {
    expect(await find('m:902')).toMatchObject([
      { id: world.sealed[1], as: 'listing', title: 'Velorix Harbour watch no. 902', status: 'actioned', kind: 'case' },
    ]);
    expect(await find(world.appeal)).toMatchObject([{ as: 'id', kind: 'appeal', status: 'in-review', title: 'Velorix Trailmate jacket no. 901' }]);
    expect(await find(world.referral)).toMatchObject([{ as: 'id', kind: 'referral', status: 'asking-brands' }]);
    expect((await find('S-1')).find(({ kind }) => kind === 'sanction')).toMatchObject({ status: 'proposed', measureKind: 'close-shop' });
    expect(await find('nothing of ours')).toEqual([]);
  });
});

describe('what a referral can rest on', () => {
  it('is listed with seller and authority: not what waits for a counter-notice, was referred before, or lies elsewhere', async () => {
    const candidates = async () => lines((await (await api.as(PEOPLE.liaison)).get('/api/referral-candidates')).body);
    await em().insert(RightRow, { id: 'R2', organisation: 'org-a', jurisdiction: 'DE', row: { rightType: 'trademark', status: 'registered' } });
    const fit = await sealedCase(api.db, { listing: 'm:fit', seller: 'shop-9', rights: ['R2'] });
    const elsewhere = await sealedCase(api.db, { listing: 'm:far', seller: 'shop-9', market: 'FR' });
    const contested = await sealedCase(api.db, { listing: 'm:con', seller: 'shop-9' });
    await accept(api.db, contested, `contest:${contested}`, { kind: 'fileCounterNotice' }, SELLER_9, { statement: 'Mine.' });
    await move(api.db, contested);
    expect((await candidates()).filter(({ actor }) => actor === 'shop-9')).toEqual([]);
    api.db.clock.pass(30 * 86_400_000);
    const [one, ...more] = (await candidates()).filter(({ actor }) => actor === 'shop-9');
    expect(more).toEqual([]);
    expect(one).toMatchObject({
      seller: 'shop-9',
      recipients: [{ id: 'police-de', name: 'Police' }],
      cases: [{ id: fit, listing: 'm:fit', holderName: 'Brand org-a', seller: 'shop-9', recipients: ['police-de'] }],
    });
    const ids = JSON.stringify(await candidates());
    // Cases of S-1 are in a referral to the only authority.
    for (const id of [elsewhere, contested, ...world.sealed] satisfies AggregateId[]) expect(ids).not.toContain(id);
    for (const reader of [await api.as(PEOPLE['rights-holder']), await api.as(PEOPLE.seller)])
      expect((await reader.get('/api/referral-candidates')).body).toMatchObject({ code: 'wrong-capacity' });
  });
});

const SELLER_9 = { ...SELLER, person: 'shop-9' };
