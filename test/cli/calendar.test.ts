import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Terminal } from './support.ts';

const terminal = new Terminal();
afterAll(() => rmSync(join(terminal.data, '..'), { recursive: true, force: true }));

const due = (n: string, unit: string, from: string, ...more: string[]) =>
  terminal.json(['calendar', 'due', '--n', n, '--unit', unit, '--from', from, ...more]);
const CHINA = ['--country', 'CN', '--zone', 'Asia/Shanghai'];

describe('calendar due', () => {
  it('tells the instant and every day that is not counted, without any server', async () => {
    const { code, json } = await due('3', 'working-days', '2025-09-30T02:00:00Z', ...CHINA);
    expect(code).toBe(0);
    expect(json).toMatchObject({ due: '2025-10-11T16:00:00.000Z', lastOn: '2025-10-11', data: expect.stringContaining('chinese-days@') });
    const { skipped } = json as { skipped: { on: string; why: string; name?: string }[] };
    expect(skipped[0]).toEqual({ on: '2025-09-30', why: 'day of the event' });
    expect(skipped.slice(1).map(({ on }) => on)).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((day) => `2025-10-0${day}`));
    expect(skipped[1]).toEqual({ on: '2025-10-01', why: 'public holiday', name: 'National Day' });
  });

  it('names a make-up day that is no business day, weekends, and what lies outside the hours', async () => {
    const china = await due('1', 'business-days', '2025-10-10T02:00:00Z', ...CHINA);
    expect(china.json).toMatchObject({
      due: '2025-10-13T16:00:00.000Z',
      skipped: [
        { on: '2025-10-10', why: 'day of the event' },
        { on: '2025-10-11', why: 'make-up day' },
        { on: '2025-10-12', why: 'weekend' },
      ],
    });
    const berlin = ['--country', 'DE', '--zone', 'Europe/Berlin', '--hours', '09:00-18:00'];
    expect((await due('10', 'working-hours', '2025-12-23T20:00:00Z', ...berlin)).json).toMatchObject({
      due: '2025-12-29T09:00:00.000Z',
      skipped: [
        { on: '2025-12-23', why: 'outside the hours' },
        { on: '2025-12-25', why: 'public holiday', name: 'Christmas Day' },
        { on: '2025-12-26', why: 'public holiday' },
        { on: '2025-12-27', why: 'weekend' },
        { on: '2025-12-28', why: 'weekend' },
      ],
    });
  });

  it('exits 1 with the reason where it cannot be known, 2 where the question is wrong', async () => {
    const beyond = await due('3', 'working-days', '2026-12-30T02:00:00Z', ...CHINA);
    expect([beyond.code, beyond.json]).toMatchObject([1, { error: { code: 'calendar-horizon', message: expect.stringContaining('2026-12-31') } }]);
    const nowhere = await due('3', 'working-days', '2026-12-30T02:00:00Z', '--country', 'XX', '--zone', 'Asia/Shanghai');
    expect([nowhere.code, nowhere.json]).toMatchObject([1, { error: { code: 'unknown-country' } }]);
    const wrong = await due('3', 'fortnights', '2026-12-30T02:00:00Z', ...CHINA);
    expect(wrong.code).toBe(2);
  });
});
