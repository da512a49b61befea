import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AggregateId } from '../../domain/ids.ts';
import { instant } from '../../domain/instant.ts';
import { assess } from '../../store/log/assess-ledger.ts';
import { OutboxRow, OutboxState } from '../../store/schema/entities/outbox.ts';
import { AggregateRow, InboxRow } from '../../store/schema/entities/log.ts';
import { PersonRow, RecipientRow, RightRow, SellerRow } from '../../store/schema/entities/register.ts';
import { LedgerRow, PartyRow, ReferralBrandRow } from '../../store/schema/entities/projections.ts';
import { INTAKE, isAddressable } from '../../store/log/inbox.ts';
import { writeRows } from '../../store/register/imports/write.ts';
import { ASSESS_MESSAGE } from '../../store/outbox/messages.ts';
import { type Manager, work } from '../../store/connection/orm.ts';
import { openByHand } from '../../store/log/refer-actor.ts';
import { listReferrals, readReferral } from '../../store/queries/referrals.ts';
import { salt } from '../../store/log/open-cases.ts';
import { storePolicy } from '../../store/register/policies.ts';
import { referralIntake } from '../../worker/referral-intake.ts';
import { shippedPolicy } from '../../policies/load.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { accept, answerTo, move, reviewer, sealedCase, verdict, writePeople } from './support.ts';

let db: TestDatabase;
let count = 0;
let seller = '';
const em = () => work(db.store) as Manager;

beforeAll(async () => {
  db = await testDatabase();
  await writePeople(db);
  const shipped = await shippedPolicy();
  const police = { cases: { value: 2, source: 'made up for a test' }, legalBasis: { value: 'a test', source: 'made up for a test' } };
  const referrals = { ...(shipped['referrals'] as object), profiles: { police } };
  await storePolicy(em(), { ...shipped, name: 'quick', version: 2, referrals }, instant('2020-01-02T00:00:00Z'));
  await em().insert(PersonRow, { id: 'liaison', name: 'L', role: 'authority-liaison', organisations: [], duty: [] });
  await em().insert(RightRow, { id: 'R1', jurisdiction: 'DE', organisation: 'org-a', row: { rightType: 'trademark' } });
  const recipient = { mail: null, takes: [], language: 'de', profiles: ['police'] };
  await em().insert(RecipientRow, { id: 'police-de', name: 'P', country: 'DE', markets: ['DE'], ...recipient });
  await em().insert(RecipientRow, { id: 'police-fr', name: 'Q', country: 'FR', markets: ['FR'], ...recipient });
});
beforeEach(() => {
  count += 1;
  seller = `S-${count}`;
});
afterAll(() => db?.close());

const actioned = (listing: string, holder = 'org-a') => sealedCase(db, { listing: `m:${count}-${listing}`, seller, holder });

/** Past the days after which points count, and what the dispatcher does then, all letters at once. */
async function assessAll(): Promise<void> {
  const rows = await em().find(LedgerRow, { seller });
  const [last] = rows
    .flatMap(({ countsFrom }) => (countsFrom == null ? [] : [countsFrom]))
    .sort()
    .reverse();
  if (last !== undefined && last > db.clock.now()) db.clock.moveTo(instant(last));
  const due = await em().find(OutboxRow, { kind: ASSESS_MESSAGE, state: OutboxState.waiting, dueAt: { $lte: db.clock.now() } });
  await Promise.all(due.map((letter) => assess(db.context, letter)));
}

/** What the dispatcher does with messages between aggregates. */
async function tellReferral(id: string): Promise<void> {
  const letters = await em().find(OutboxRow, { aggregate: id, kind: 'message', state: OutboxState.waiting });
  for (const letter of letters) {
    await accept(db, id as AggregateId, `letter:${letter.id}`, letter.about, { capacity: 'engine' });
    await em().nativeUpdate(OutboxRow, { id: letter.id }, { state: OutboxState.delivered });
  }
  await move(db, id as AggregateId);
}

async function referred(): Promise<AggregateId> {
  await actioned('1');
  await actioned('2', 'org-b');
  await assessAll();
  const [line] = await listReferrals(em(), { seller });
  if (line === undefined) throw new Error('nothing was referred');
  return line.id as AggregateId;
}

describe('a referral and its actor', () => {
  it('is opened once, to the recipient with jurisdiction, however many letters come at once', async () => {
    await referred();
    expect(await listReferrals(em(), { seller })).toMatchObject([{ status: 'asking-brands', actor: seller, recipient: 'police-de', number: 1 }]);
  });

  it('waits for the threshold, and for the points to count', async () => {
    await actioned('1');
    await assessAll();
    expect(await listReferrals(em(), { seller })).toEqual([]);
    await actioned('2');
    expect(await listReferrals(em(), { seller })).toEqual([]);
    await assessAll();
    expect(await listReferrals(em(), { seller })).toHaveLength(1);
  });

  it('counts the shops of one actor together', async () => {
    for (const id of [seller, `${seller}-b`]) await em().insert(SellerRow, { id, actor: `actor-${count}`, row: {}, market: null, mail: null });
    await actioned('1');
    await sealedCase(db, { listing: `m:${count}-2`, seller: `${seller}-b` });
    await assessAll();
    db.clock.pass(86_400_000);
    await assessAll();
    expect(await listReferrals(em(), { seller: `${seller}-b` })).toMatchObject([{ actor: `actor-${count}` }]);
  });

  it('gives the one that is open to whoever opens it by hand', async () => {
    const id = await referred();
    const wanted = { seller: salt(seller), person: salt('liaison') };
    const answer = await em().transactional(async (inner) => {
      for (const { disclosure } of Object.values(wanted))
        await inner.execute('insert into disclosure (digest, salt, value) values (?, ?, ?)', [disclosure.digest, disclosure.salt, disclosure.value]);
      const message = { id: `open:${count}`, at: db.clock.now(), by: { capacity: 'liaison' as const, person: wanted.person.salted } };
      return openByHand(inner as Manager, db.context, message, { seller: wanted.seller.salted, recipient: 'police-de' });
    });
    expect(answer).toEqual({ kind: 'done', aggregate: id, n: 1, events: [] });
  });

  it('is not named to a liaison whose mandate has ended', async () => {
    await referred();
    await em().insert(PersonRow, {
      id: `gone-${count}`,
      name: 'G',
      role: 'authority-liaison',
      organisations: [],
      duty: [],
      revokedAt: '2020-01-01T00:00:00.000Z',
    });
    const message = `open:${count}`;
    const from = { capacity: 'liaison', person: `gone-${count}` } as const;
    await accept(db, INTAKE as AggregateId, message, { kind: 'openReferral', recipient: 'police-de' }, from, { seller });
    await referralIntake(db.context, await em().findOneOrFail(InboxRow, { id: message }));
    expect(await answerTo(db, message)).toEqual({ kind: 'refused', code: 'mandate-revoked', message: expect.any(String), cure: expect.any(String) });
  });

  it('drops a case that is corrected, and takes a later one in', async () => {
    const first = await actioned('1');
    await actioned('2');
    await actioned('3');
    await assessAll();
    const id = (await listReferrals(em(), { seller }))[0]?.id ?? '';
    db.clock.pass(60_000);
    await accept(db, first, `correct:${count}`, verdict('genuine'));
    await move(db, first);
    await assessAll();
    await tellReferral(id);
    expect(await readReferral(em(), id)).toMatchObject({ leftOut: [{ case: first, reason: 'overturned' }] });
    const later = await actioned('4');
    await assessAll();
    await tellReferral(id);
    expect((await readReferral(em(), id))?.draft?.cases).toContain(later);
  });

  it('is not proposed again for what was left out, only when something new comes', async () => {
    const id = await referred();
    for (const brand of ['org-a', 'org-b']) {
      db.clock.pass(60_000);
      await accept(db, id, `decline:${brand}:${count}`, { kind: 'declineAppraisal', brand }, reviewer(brand));
    }
    await move(db, id);
    expect(await readReferral(em(), id)).toMatchObject({ status: 'withdrawn', isFinal: true });
    await actioned('3');
    await assessAll();
    expect(await listReferrals(em(), { seller })).toMatchObject([{ status: 'withdrawn' }, { status: 'asking-brands', number: 2 }]);
  });
});

describe('who is in it', () => {
  it('neither the seller nor a brand is a party; a brand has a part of its own and may answer in it', async () => {
    const id = await referred();
    const parties = await em().find(PartyRow, { aggregate: id }, { orderBy: { capacity: 'asc' } });
    expect(parties.map(({ organisation, capacity }) => `${organisation} ${capacity}`)).toEqual(['platform auditor', 'platform governance']);
    expect(await em().find(ReferralBrandRow, { referral: id }, { orderBy: { organisation: 'asc' } })).toMatchObject([
      { organisation: 'org-a', stage: 'asking-brands' },
      { organisation: 'org-b', stage: 'asking-brands' },
    ]);
    expect(await isAddressable(em(), id, ['org-a'], 'rights-holder')).toBe(true);
    expect(await isAddressable(em(), id, ['org-c'], 'rights-holder')).toBe(false);
    expect(await isAddressable(em(), id, ['org-a'], 'seller')).toBe(false);
    expect(await isAddressable(em(), id, [seller], 'seller')).toBe(false);
    const row = await em().findOneOrFail(AggregateRow, { id });
    expect([row.listing, row.holder, row.marketplace, row.about]).toEqual(['', '', '', null]);
  });

  it('a person of one brand does not speak for another', async () => {
    const id = await referred();
    await accept(db, id, `other:${count}`, { kind: 'declineAppraisal', brand: 'org-b' }, reviewer('org-a'));
    await move(db, id);
    expect(await answerTo(db, `other:${count}`)).toMatchObject({ kind: 'refused', code: 'no-mandate' });
  });
});

it('a packet that misses something is built again when the register changes', async () => {
  const id = await referred();
  for (const brand of ['org-a', 'org-b']) {
    db.clock.pass(60_000);
    const content = { kind: 'giveAppraisal', brand, documents: [] };
    await accept(db, id, `appraise:${brand}:${count}`, content, reviewer(brand), { appraisal: 'a', priceStatement: 'b', contact: 'c' });
  }
  const { standing } = await move(db, id);
  const [owed] = standing.owes;
  const missing = [{ item: 'certificate', where: 'R1', what: 'not there', cure: 'Ask.', refuses: false }];
  const outcome = { key: owed?.key ?? '', try: 1, result: { kind: 'built' as const, packet: 'sha256:0', missing } };
  const { advance } = await import('../../store/log/advance.ts');
  const built = await advance(db.context, { id, n: standing.n, outcomes: [outcome] });
  expect(built.standing.owes).toEqual([]);
  db.clock.pass(60_000);
  const recipient = { id: 'police-at', name: 'R', country: 'AT', markets: ['AT'], takes: [], language: 'de', profiles: ['police'] };
  await em().transactional((inner) => writeRows(inner as Manager, 'recipients', [recipient], db.clock));
  expect((await move(db, id)).standing.owes).toMatchObject([{ kind: 'build-packet' }]);
});
