import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readParams } from '../../activities/notifications/case-parameters.ts';
import type { CaseState } from '../../domain/case/model.ts';
import type { AggregateId } from '../../domain/ids.ts';
import { type CalendarRef, type Instant, instant } from '../../domain/instant.ts';
import { OutboxRow } from '../../store/schema/entities/outbox.ts';
import { AggregateRow } from '../../store/schema/entities/log.ts';
import { type Manager, work } from '../../store/connection/orm.ts';
import { contestUntil as shownUntil } from '../../store/queries/what-if.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { POLICY } from '../support/story.ts';
import { accept, answerTo, move, open, reviewer, SELLER, sealedCase, settle, verdict, writePeople } from '../store/support.ts';

const berlin: CalendarRef = { country: 'DE', zone: 'Europe/Berlin', hours: '09:00-18:00' };
const shanghai: CalendarRef = { country: 'CN', zone: 'Asia/Shanghai', hours: '09:00-18:00' };
const newYork: CalendarRef = { country: 'US', zone: 'America/New_York', hours: '09:00-17:00' };
const auckland: CalendarRef = { country: 'NZ', zone: 'Pacific/Auckland', hours: '09:00-17:00' };
const DAY = 86_400_000;

describe('the instant that the statement of reasons promises', () => {
  let db: TestDatabase;
  const em = () => work(db.store) as Manager;
  beforeAll(async () => {
    db = await testDatabase();
    await writePeople(db);
  });
  afterAll(() => db?.close());

  async function promised(id: string): Promise<Instant | undefined> {
    const row = await em().findOneOrFail(OutboxRow, { aggregate: id, kind: 'statement-of-reasons' });
    const params = await readParams(db.context, em(), row);
    if (params.kind !== 'statement-of-reasons') throw new Error('no statement');
    return params.reasons.contest.until;
  }

  async function shown(id: string): Promise<Instant | undefined> {
    const row = await em().findOneOrFail(AggregateRow, { id });
    const appeals = await em().find(AggregateRow, { about: id });
    return shownUntil(em(), row.state as CaseState, appeals, POLICY);
  }

  async function contested(id: AggregateId): Promise<unknown> {
    const message = `contest:${id}`;
    await accept(db, id, message, { kind: 'fileCounterNotice' }, SELLER, { statement: 'mine' });
    await move(db, id);
    const answer = await answerTo(db, message);
    return answer?.kind === 'refused' ? answer.code : answer?.kind;
  }

  // 184 days later: a Saturday; Good Friday before Easter; a Sunday and a make-up day in China; the year that nobody has published.
  it.each([
    ['ends on a Saturday', '2025-10-09T10:00:00Z', berlin],
    ['ends on Good Friday', '2025-10-01T10:00:00Z', berlin],
    ['ends in the Golden Week', '2026-04-02T02:00:00Z', shanghai],
    ['ends at Thanksgiving in New York', '2026-05-26T15:00:00Z', newYork],
    ['ends in the holidays of a zone far ahead', '2026-06-24T22:00:00Z', auckland],
    ['ends beyond the published calendar', '2026-07-02T02:00:00Z', shanghai],
    ['ends in the Spring Festival that is not published', '2026-08-07T02:00:00Z', shanghai],
  ] as const)('is the last one that the log accepts: %s', async (story, from, calendar) => {
    const own = await testDatabase();
    const before = db;
    db = own;
    try {
      await writePeople(db);
      db.clock.moveTo(instant(from));
      const inTime = await sealedCase(db, { listing: 'm:in-time', calendar });
      const late = await sealedCase(db, { listing: 'm:late', calendar });
      const until = await promised(inTime);
      expect(until, story).toBeDefined();
      expect(await promised(late)).toBe(until);
      expect(await shown(inTime)).toBe(until);
      db.clock.moveTo(instant(`${until}`));
      expect(await contested(inTime)).toBe('done');
      db.clock.pass(1);
      expect(await contested(late)).toBe('contest-too-late');
    } finally {
      db = before;
      await own.close();
    }
  });

  it('of a notice that came after the lapse counts from that removal, as the log does', async () => {
    const id = await open(db, { listing: 'm:notice' });
    db.clock.pass(20 * DAY);
    await move(db, id);
    await accept(db, id, 'late', verdict('counterfeit'), reviewer('org-a'));
    await move(db, id);
    const appeal = await em().findOneOrFail(AggregateRow, { about: id });
    db.clock.pass(DAY);
    // The log gave the id.
    await accept(db, appeal.id as AggregateId, 'file', { kind: 'fileOfferedNotice', basis: 'image' }, reviewer('org-a'));
    await settle(db, appeal.id as AggregateId);
    const until = await promised(appeal.id);
    expect(until).toBeDefined();
    expect(await shown(id)).toBe(until);
    db.clock.moveTo(instant(`${until}`));
    expect(await contested(id)).toBe('done');
  });
});
