import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { instant } from '../../domain/instant.ts';
import { redecide } from '../../domain/verify-decisions.ts';
import type { CaseState } from '../../domain/case/model.ts';
import { AggregateRow, DecisionRow } from '../../store/schema/entities/log.ts';
import { OrganisationRow, PolicyRow } from '../../store/schema/entities/register.ts';
import { LedgerRow } from '../../store/schema/entities/projections.ts';
import { type Manager, work } from '../../store/connection/orm.ts';
import type { HolidayNotice } from '../../calendars/holiday-notice.ts';
import { loadNotice } from '../../store/register/holiday-notices.ts';
import { calendarEnds } from '../../store/queries/calendar-ends.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { accept, answerTo, move, open, sealedCase, settle, writePeople } from './support.ts';

const CHINA = { country: 'CN', zone: 'Asia/Shanghai', hours: '09:00-18:00' };
const CANNOT_TELL = { kind: 'recordVerdict', verdict: 'cannot-tell', reasonCode: 'needs-sample', basis: 'image' };

let db: TestDatabase;
beforeEach(async () => {
  db = await testDatabase();
  await writePeople(db);
});
afterEach(() => db?.close());

async function stateOf(id: string): Promise<CaseState> {
  const row = await work(db.store).findOneOrFail(AggregateRow, { id });
  return row.state as CaseState;
}

async function provisionalFacts(id: string): Promise<readonly string[]> {
  const rows = await work(db.store).find(DecisionRow, { aggregate: id });
  const facts = rows.flatMap((row) => Object.values(row.envelope.facts.instants));
  return facts.filter((fact) => fact.provisional === true).map((fact) => `${fact.name} ${fact.at} ${fact.data.replace(/ tz@.*/, '')}`);
}

async function wrongWhenDecidedAgain(id: string) {
  const rows = await work(db.store).find(DecisionRow, { aggregate: id }, { orderBy: { n: 'asc' } });
  const policies = Object.fromEntries((await work(db.store).find(PolicyRow, {})).map((row) => [row.digest, row.document]));
  const stored = rows.map((row) => ({ decision: row.envelope, hash: row.hash }));
  return redecide(stored, policies).filter((check) => !check.ok);
}

const NOTICE: HolidayNotice = {
  country: 'CN',
  year: 2027,
  version: 1,
  source: 'invented for this test',
  daysOff: [{ from: '2027-01-01', to: '2027-01-05', name: 'New Year' }],
  makeUpDays: [{ on: '2027-01-09', name: 'New Year' }],
};

function load(notice: HolidayNotice) {
  return work(db.store).transactional((em) => loadNotice(em as Manager, db.clock, notice));
}

async function events(id: string): Promise<readonly string[]> {
  const rows = await work(db.store).find(DecisionRow, { aggregate: id }, { orderBy: { n: 'asc' } });
  return rows.flatMap(({ envelope: { outcome } }) => ('events' in outcome ? outcome.events.map(({ type }) => type) : [outcome.refused.code]));
}

describe('no decision stops because a holiday list ends', () => {
  it('a further window that reaches beyond it is provisional', async () => {
    db.clock.moveTo(instant('2026-12-02T02:00:00Z'));
    const id = await open(db, { listing: 'm:cn1', calendar: CHINA });
    await accept(db, id, 'cannot', CANNOT_TELL);
    await move(db, id);
    expect(await answerTo(db, 'cannot')).toMatchObject({ kind: 'done', events: ['VerdictGiven', 'MoreAsked'] });
    // 1 January is a holiday, the 2nd and 3rd are a weekend: as far as anybody knows the period ends with Monday.
    const lapseAt = '2027-01-04T16:00:00.000Z';
    expect((await stateOf(id)).window).toMatchObject({ lapseAt, provisional: [{ name: 'window.further', after: { n: 30, unit: 'calendar-days' } }] });
    expect(await provisionalFacts(id)).toEqual([
      `window.further ${lapseAt} chinese-days@1.5.7 and, beyond what is published, computed by date-holidays@3.37.0`,
    ]);
    expect(await wrongWhenDecidedAgain(id)).toEqual([]);
  });

  it('points of a takedown at the year end count from a provisional instant', async () => {
    db.clock.moveTo(instant('2026-12-30T02:00:00Z'));
    const id = await sealedCase(db, { listing: 'm:cn2', calendar: CHINA });
    const row = await work(db.store).findOneOrFail(LedgerRow, { aggregate: id });
    // 31 December, then Monday and Tuesday after New Year's weekend.
    expect(row.countsFrom).toBe('2027-01-05T16:00:00.000Z');
    expect((await provisionalFacts(id)).join()).toContain('ledger.counts 2027-01-05T16:00:00.000Z');
    expect(await wrongWhenDecidedAgain(id)).toEqual([]);
  });

  it('a provisional removal that reaches January ends', async () => {
    db.clock.moveTo(instant('2026-12-29T02:00:00Z'));
    const id = await open(db, { listing: 'm:cn3', calendar: CHINA, riskClass: 'high' });
    db.clock.moveTo(instant('2027-01-20T02:00:00Z'));
    await move(db, id);
    await settle(db, id);
    const { status, provisionalUntil, untilOpen } = await stateOf(id);
    expect(status).toBe('removed-provisionally');
    expect(untilOpen).toMatchObject([{ name: 'provisional' }]);
    db.clock.moveTo(instant(`${provisionalUntil}`));
    db.clock.pass(1);
    await move(db, id);
    await settle(db, id, 'restored');
    expect((await stateOf(id)).status).toBe('lapsed');
    expect(await wrongWhenDecidedAgain(id)).toEqual([]);
  });

  it('a case opens although its first window ends beyond it', async () => {
    db.clock.moveTo(instant('2026-12-31T08:00:00Z'));
    const id = await open(db, { listing: 'm:cn4', calendar: CHINA });
    const { window } = await stateOf(id);
    expect(window?.provisional?.map(({ name }) => name)).toEqual(['window.escalate', 'window.lapse']);
    db.clock.moveTo(instant('2027-02-01T00:00:00Z'));
    await move(db, id);
    expect((await stateOf(id)).status).toBe('lapsed');
    expect(await wrongWhenDecidedAgain(id)).toEqual([]);
  });
});

describe('an official notice that is loaded', () => {
  const cannotTell = async () => {
    db.clock.moveTo(instant('2026-12-02T02:00:00Z'));
    const id = await open(db, { listing: 'm:cn1', calendar: CHINA });
    await accept(db, id, 'cannot', CANNOT_TELL);
    await move(db, id);
    return id;
  };

  it('moves what is provisional by a decision of its own', async () => {
    const id = await cannotTell();
    expect(await load(NOTICE)).toEqual({ kind: 'loaded', recounts: 1 });
    await move(db, id);
    const { window } = await stateOf(id);
    expect(window?.lapseAt).toBe('2027-01-06T16:00:00.000Z');
    expect(window).not.toHaveProperty('provisional');
    expect(await events(id)).toEqual(['CaseOpened', 'CaptureRecorded', 'ConfirmationAsked', 'VerdictGiven', 'MoreAsked', 'WindowRecounted']);
    const last = await work(db.store).findOneOrFail(DecisionRow, { aggregate: id, n: 3 });
    expect(last.envelope.facts.instants['window.further']?.data).toMatch(/^chinese-days@\S+ notice:CN-2027@1 tz@/);
    expect(await wrongWhenDecidedAgain(id)).toEqual([]);
  });

  it('never moves it to an earlier instant than was told', async () => {
    const id = await cannotTell();
    // The Saturday after New Year's Day is worked: counted now, the period ends two days before what the brand was told.
    await load({
      ...NOTICE,
      daysOff: [{ from: '2027-01-01', to: '2027-01-01', name: 'New Year' }],
      makeUpDays: [{ on: '2027-01-02', name: 'New Year' }],
    });
    await move(db, id);
    const { window } = await stateOf(id);
    expect(window?.lapseAt).toBe('2027-01-04T16:00:00.000Z');
    expect(window).not.toHaveProperty('provisional');
    expect(await wrongWhenDecidedAgain(id)).toEqual([]);
  });

  it('dates points again that do not count yet, beside the sealed chain', async () => {
    db.clock.moveTo(instant('2026-12-30T02:00:00Z'));
    const id = await sealedCase(db, { listing: 'm:cn2', calendar: CHINA });
    const before = await events(id);
    expect(await load(NOTICE)).toEqual({ kind: 'loaded', recounts: 1 });
    await move(db, id);
    const row = await work(db.store).findOneOrFail(LedgerRow, { aggregate: id });
    expect(row.countsFrom).toBe('2027-01-07T16:00:00.000Z');
    expect(await events(id)).toEqual(before);
    const appeal = await work(db.store).findOneOrFail(AggregateRow, { about: id });
    expect(await events(appeal.id)).toEqual(['AppealOpened', 'LedgerRecounted', 'AppealSealed']);
    expect(await wrongWhenDecidedAgain(appeal.id)).toEqual([]);
    // A corrected notice finds nothing provisional any more.
    expect(await load({ ...NOTICE, version: 2 })).toEqual({ kind: 'loaded', recounts: 0 });
  });

  it('leaves points alone that count already, and other countries', async () => {
    db.clock.moveTo(instant('2026-12-30T02:00:00Z'));
    const id = await sealedCase(db, { listing: 'm:cn3', calendar: CHINA });
    db.clock.moveTo(instant('2027-01-06T02:00:00Z'));
    expect(await load(NOTICE)).toEqual({ kind: 'loaded', recounts: 0 });
    expect(
      await load({ ...NOTICE, country: 'DE', year: 2032, daysOff: [{ from: '2032-01-01', to: '2032-01-01', name: 'x' }], makeUpDays: [] }),
    ).toEqual({
      kind: 'loaded',
      recounts: 0,
    });
    expect((await work(db.store).findOneOrFail(LedgerRow, { aggregate: id })).countsFrom).toBe('2027-01-05T16:00:00.000Z');
  });

  it('is loaded once; another document of the same or an older version is refused', async () => {
    db.clock.moveTo(instant('2026-12-02T02:00:00Z'));
    await load({ ...NOTICE, version: 2 });
    expect(await load({ ...NOTICE, version: 2 })).toEqual({ kind: 'known' });
    expect(await load({ ...NOTICE, version: 2, source: 'another' })).toEqual({ kind: 'differs', version: 2 });
    expect(await load(NOTICE)).toEqual({ kind: 'older', version: 2 });
  });

  it('is counted with from then on, and nothing of that year is provisional any more', async () => {
    db.clock.moveTo(instant('2026-12-02T02:00:00Z'));
    await load(NOTICE);
    const id = await open(db, { listing: 'm:cn5', calendar: CHINA });
    await accept(db, id, 'cannot', CANNOT_TELL);
    await move(db, id);
    expect((await stateOf(id)).window?.lapseAt).toBe('2027-01-06T16:00:00.000Z');
    expect(await provisionalFacts(id)).toEqual([]);
  });
});

describe('the end of a calendar that is needed', () => {
  const ends = (at: string) => calendarEnds(work(db.store) as Manager, instant(at));

  it('is told from 120 days before on, until its notice is loaded', async () => {
    // The shipped policy counts points on the calendar of China.
    expect(await ends('2026-09-02T23:59:59Z')).toEqual([]);
    expect(await ends('2026-09-03T00:00:00Z')).toEqual([{ country: 'CN', knownTo: '2026-12-31', daysLeft: 120 }]);
    expect(await ends('2027-01-02T00:00:00Z')).toEqual([{ country: 'CN', knownTo: '2026-12-31', daysLeft: -1 }]);
    await load(NOTICE);
    expect(await ends('2027-01-02T00:00:00Z')).toEqual([]);
    expect(await ends('2027-12-01T00:00:00Z')).toEqual([{ country: 'CN', knownTo: '2027-12-31', daysLeft: 31 }]);
  });

  it('counts the calendars of organisations and of open cases', async () => {
    await work(db.store).insert(OrganisationRow, { id: 'org-z', name: 'Z', kind: 'rights-holder', zone: 'Europe/Berlin' });
    await open(db, { listing: 'm:br', calendar: { country: 'BR', zone: 'America/Sao_Paulo', hours: '09:00-18:00' } });
    expect((await ends('2031-12-01T00:00:00Z')).map(({ country }) => country)).toEqual(['BR', 'CN', 'DE']);
  });
});
