import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CaseState } from '../../domain/case/model.ts';
import { AggregateRow, NaturalKeyRow } from '../../store/schema/entities/log.ts';
import { AuthorisedSellerRow, OrganisationRow, RightRow } from '../../store/schema/entities/register.ts';
import { type ImportReport, importFile } from '../../store/register/imports/import-file.ts';
import type { RegisterKind } from '../../store/register/imports/write.ts';
import { openCases } from '../../store/log/open-cases.ts';
import { type Manager, work } from '../../store/connection/orm.ts';
import { detectionFacts } from '../../store/register/listings.ts';
import { AmbiguousName, findCaseOf, organisationNamed } from '../../store/register/people.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { accept, anOpening, idOf, move, OFFICER, open, reviewer, sealedCase, settle, verdict } from './support.ts';

let db: TestDatabase;
const em = () => work(db.store) as Manager;

beforeEach(async () => {
  db = await testDatabase();
});
afterEach(() => db.close());

async function load(kind: RegisterKind, ...lines: readonly object[]): Promise<ImportReport> {
  async function* source(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  }
  return importFile(db.store, db.clock, kind, source());
}

const right = (id: string, owner: string) => ({
  right_id: id,
  jurisdiction: 'DE',
  right_type: 'trademark',
  status: 'Registered',
  mark_text: 'Belto',
  owner,
  observed_at: '2025-07',
});
const BELTO = {
  id: 'org-belto',
  name: 'Belto Ltd',
  aliases: ['Belto Holding GmbH'],
  mail: 'ip@belto.example',
  zone: 'Europe/Paris',
  country: 'FR',
  hours: '08:00-16:00',
};
const reviewerOf = (organisation: string) => ({ id: `reviewer:${organisation}`, name: 'R', role: 'brand-reviewer', organisations: [organisation] });

/** The owner of record of the right. */
async function ownerOf(rightId: string): Promise<string> {
  return (await em().findOneOrFail(RightRow, { id: rightId })).organisation ?? '';
}
const rowOf = (id: string) => em().findOneOrFail(AggregateRow, { id });
const stateOf = async (id: string) => (await rowOf(id)).state as CaseState;

describe('an owner that turns out to be an organisation', () => {
  it('is adopted with rights, authorised sellers and names, and that is told', async () => {
    await load('rights', right('R1', 'Belto Holding GmbH'));
    await load('authorised-sellers', { seller_id: 'S-9', holder: 'Belto Holding GmbH', market: 'DE' });
    const owner = await ownerOf('R1');
    const report = await load('organisations', BELTO);
    expect(report.adopted).toEqual([{ owner, name: 'Belto Holding GmbH', organisation: 'org-belto', cases: 0 }]);
    expect(await em().findOneOrFail(OrganisationRow, { id: owner })).toMatchObject({ adoptedBy: 'org-belto', adoptedAt: db.clock.now() });
    expect(await ownerOf('R1')).toBe('org-belto');
    expect(await em().find(AuthorisedSellerRow, {})).toMatchObject([{ seller: 'S-9', organisation: 'org-belto' }]);
    for (const name of ['Belto Holding GmbH', 'BELTO HOLDING', 'Belto Ltd', owner])
      expect(await organisationNamed(em(), name), name).toBe('org-belto');
    expect(await load('authorised-sellers', { seller_id: 'S-8', holder: 'Belto Holding', market: '' })).toMatchObject({ imported: 1, wrong: 0 });
    expect((await detectionFacts(em())).facts.organisations.map(({ organisation }) => organisation)).toEqual(['org-belto']);
    // Once and for all.
    expect((await load('organisations', BELTO)).adopted).toEqual([]);
  });

  it('leaves the same register behind, whatever the order of files', async () => {
    const files: [RegisterKind, object][] = [
      ['rights', right('R1', 'Belto Holding GmbH')],
      ['rights', right('R2', 'Belto, Ltd.')],
      ['organisations', BELTO],
      ['organisations', { id: 'org-other', name: 'Other AG' }],
    ];
    const picture = async () => ({
      rights: (await em().find(RightRow, {}, { orderBy: { id: 'asc' } })).map((row) => [row.id, row.organisation]),
      facts: (await detectionFacts(em())).facts.organisations,
    });
    const pictures: unknown[] = [];
    for (const order of [files, [...files].reverse(), [files[0], files[2], files[1], files[3]]]) {
      for (const table of ['"right"', 'organisation', 'organisation_alias', 'person']) await em().execute(`delete from ${table}`);
      for (const file of order) if (file !== undefined) await load(...file);
      pictures.push(await picture());
    }
    expect(pictures[1]).toEqual(pictures[0]);
    expect(pictures[2]).toEqual(pictures[0]);
  });

  it('hands its open case on: a recorded decision, asked anew on the right calendar, and the brand may answer', async () => {
    await load('rights', right('R1', 'Belto Holding GmbH'));
    const owner = await ownerOf('R1');
    const id = await open(db, { holder: owner });
    const before = await stateOf(id);
    db.clock.pass(24 * 3_600_000);
    expect((await load('organisations', BELTO)).adopted).toMatchObject([{ organisation: 'org-belto', cases: 1 }]);
    await load('people', reviewerOf('org-belto'));
    const { decided } = { decided: await move(db, id) };
    expect(decided.standing.n).toBe(2);
    const state = await stateOf(id);
    expect(state).toMatchObject({
      holder: 'org-belto',
      status: 'awaiting-confirmation',
      round: 2,
      calendar: { zone: 'Europe/Paris', hours: '08:00-16:00' },
    });
    expect((state.window?.lapseAt ?? '') > (before.window?.lapseAt ?? '')).toBe(true);
    const [decision] = await em().execute<{ envelope: { command: object; outcome: { events: readonly object[] } } }[]>(
      'select envelope from decision where aggregate = ? and n = 2',
      [id],
    );
    expect(decision?.envelope.outcome.events).toMatchObject([
      { type: 'HolderAdopted', holder: 'org-belto', was: owner },
      { type: 'ConfirmationAsked', round: 2 },
    ]);
    const letters = await em().execute<{ kind: string; to: object }[]>('select kind, "to" from outbox where aggregate = ? and n = 2 and kind = ?', [
      id,
      'ask',
    ]);
    expect(letters).toEqual([{ kind: 'ask', to: { organisation: 'org-belto', capacity: 'rights-holder' } }]);
    await accept(db, id, 'answer', verdict('counterfeit'), reviewer('org-belto'));
    await move(db, id);
    await settle(db, id);
    expect(await rowOf(id)).toMatchObject({ holder: 'org-belto', status: 'actioned' });
    expect(await findCaseOf(em(), 'm:1', 'Belto Holding GmbH')).toBe(id);
  });

  it('is known already to the next sweep, and to one that began before', async () => {
    await load('rights', right('R1', 'Belto Holding GmbH'));
    const owner = await ownerOf('R1');
    const id = await open(db, { holder: owner });
    await load('organisations', BELTO);
    for (const holder of ['org-belto', owner]) expect(await openCases(db.context, [anOpening({ holder })]), holder).toEqual([{ id, as: 'known' }]);
    const late = idOf((await openCases(db.context, [anOpening({ holder: owner, listing: 'm:2' })]))[0]);
    expect(await rowOf(late)).toMatchObject({ holder: 'org-belto' });
    expect(await em().count(NaturalKeyRow, { aggregate: late })).toBe(1);
  });

  it('hands on what is closed without touching its chain: listed, known, and corrected by the brand itself', async () => {
    await load('rights', right('R1', 'Belto Holding GmbH'));
    const owner = await ownerOf('R1');
    // An owner of record has nobody who answers; somebody with its mandate stands for a case from before.
    await load('people', reviewerOf(owner));
    const id = await sealedCase(db, { holder: owner });
    const { n, head } = await rowOf(id);
    await load('organisations', BELTO);
    await load('people', reviewerOf('org-belto'));
    expect(await rowOf(id)).toMatchObject({ holder: 'org-belto', isFinal: true, n, head, state: { holder: owner } });
    expect(await openCases(db.context, [anOpening({ holder: 'org-belto' })])).toEqual([{ id, as: 'known' }]);
    const [party] = await em().execute<{ organisation: string }[]>(
      "select organisation from party where aggregate = ? and capacity = 'rights-holder' and organisation = 'org-belto'",
      [id],
    );
    expect(party).toBeDefined();
    db.clock.pass(60_000);
    await accept(db, id, 'correction', verdict('genuine'), reviewer('org-belto'));
    await move(db, id);
    expect(await em().find(AggregateRow, { about: id })).toMatchObject([{ kind: 'appeal', holder: 'org-belto' }]);
  });

  it('a decision under way does not give the case back', async () => {
    await load('rights', right('R1', 'Belto Holding GmbH'));
    const owner = await ownerOf('R1');
    const id = await open(db, { holder: owner });
    // Accepted before, decided after.
    await accept(db, id, 'cancel', { kind: 'cancelCase' }, OFFICER);
    await load('people', { id: 'officer', name: 'O', role: 'governance-officer', organisations: [] });
    await load('organisations', BELTO);
    await move(db, id);
    expect(await rowOf(id)).toMatchObject({ status: 'cancelled', holder: 'org-belto' });
  });

  it('is left alone while its name fits two, which is told where it is met', async () => {
    await load('rights', right('R1', 'Twin Tools'));
    const owner = await ownerOf('R1');
    const twins = await load('organisations', { id: 'org-1', name: 'Twin Tools GmbH' }, { id: 'org-2', name: 'Twin Tools AG' });
    expect(twins).toMatchObject({ warnings: 0 });
    expect(await ownerOf('R1')).toBe(owner);
    const again = await load('rights', right('R1', 'Twin Tools'), right('R2', 'Twin Tools AG'));
    expect(again).toMatchObject({
      warnings: 1,
      problems: [{ line: 1, code: 'ambiguous-name', message: expect.stringContaining('"Twin Tools" fits 2 organisations (org-1, org-2)') }],
    });
    expect(await ownerOf('R2')).toBe('org-2');
    expect(await load('authorised-sellers', { seller_id: 'S', holder: 'Twin Tools' })).toMatchObject({
      wrong: 1,
      problems: [{ line: 1, message: '"Twin Tools" fits 2 organisations (org-1, org-2)', cure: 'name the holder by its id' }],
    });
    await expect(organisationNamed(em(), 'TWIN TOOLS')).rejects.toThrow(AmbiguousName);
  });

  it('two organisations that claim one alias are told, and the alias means none of them in either order', async () => {
    const a = { id: 'org-a1', name: 'Anvil', aliases: ['Steelworks'] };
    const b = { id: 'org-b1', name: 'Bellows', aliases: ['Steelworks'] };
    expect((await load('organisations', a, b)).problems).toMatchObject([
      { line: 1, code: 'ambiguous-name' },
      { line: 2, code: 'ambiguous-name', message: 'the name "Steelworks" is also that of org-a1, so it means none of them' },
    ]);
    await load('rights', right('R1', 'Steelworks'));
    expect(await ownerOf('R1')).toMatch(/^org:/);
    await expect(organisationNamed(em(), 'Steelworks')).rejects.toThrow('fits 2 organisations: org-a1, org-b1');
  });

  it('cases about rights that part go with their rights', async () => {
    await load('rights', right('R1', 'Alpha Tools GmbH'), right('R2', 'Alpha Tools Inc'));
    const owner = await ownerOf('R1');
    expect(await ownerOf('R2')).toBe(owner);
    const first = await open(db, { holder: owner, rights: ['R1'], listing: 'm:1' });
    const second = await open(db, { holder: owner, rights: ['R2'], listing: 'm:2' });
    await load('organisations', { id: 'org-gmbh', name: 'Alpha Tools GmbH' }, { id: 'org-inc', name: 'Alpha Tools Inc' });
    for (const [id, holder] of [
      [first, 'org-gmbh'],
      [second, 'org-inc'],
    ] as const) {
      await move(db, id);
      expect(await rowOf(id)).toMatchObject({ holder, state: { holder } });
    }
  });

  it('a store in which owner and organisation stand side by side heals with the next import', async () => {
    await load('organisations', BELTO);
    await em().insert(OrganisationRow, { id: 'org:feed', name: 'Belto Holding GmbH', kind: 'owner-of-record' });
    await load('rights', right('R1', 'Belto Holding GmbH'));
    const id = await open(db, { holder: 'org:feed' });
    expect((await load('organisations', BELTO)).adopted).toMatchObject([{ owner: 'org:feed', cases: 1 }]);
    await move(db, id);
    expect(await rowOf(id)).toMatchObject({ holder: 'org-belto', state: { holder: 'org-belto' } });
  });
});
