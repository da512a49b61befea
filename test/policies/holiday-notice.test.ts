import { describe, expect, it } from 'vitest';
import { NoticeError, parseNotice } from '../../policies/holiday-notice.ts';

const NOTICE = `
country: CN
year: 2027
version: 1
source: invented for this test
daysOff:
  - { from: 2027-01-01, to: 2027-01-03, name: New Year }
  - { on: 2027-04-05, name: Tomb-sweeping Day }
makeUpDays:
  - { on: 2027-01-09, name: New Year }
`;

function problemsOf(text: string): readonly string[] {
  try {
    parseNotice(text, 'notice.yaml');
    return [];
  } catch (error) {
    if (!(error instanceof NoticeError)) throw error;
    return error.problems.map(({ path, message }) => `${path}: ${message}`);
  }
}

describe('an official notice', () => {
  it('is read from YAML or JSON; one day is short for a range of one', () => {
    const notice = parseNotice(NOTICE, 'notice.yaml');
    expect(notice.daysOff[1]).toEqual({ from: '2027-04-05', to: '2027-04-05', name: 'Tomb-sweeping Day' });
    expect(parseNotice(JSON.stringify(notice), 'notice.json')).toEqual(notice);
  });

  it.each([
    ['a country without data', /country: CN/, 'country: XX', /^country: no calendar for country "XX"/],
    ['a year that is known', /year: 2027/, 'year: 2026', /^year: the shipped data know CN up to 2026 already/],
    ['a day of another year', /2027-04-05/, '2028-04-05', /^daysOff.1: 2028-04-05 to 2028-04-05 is not in 2027/],
    ['a range that runs backwards', /from: 2027-01-01, to: 2027-01-03/, 'from: 2027-01-03, to: 2027-01-01', /^daysOff.0: 2027-01-03 is after/],
    ['a date that does not exist', /2027-04-05/, '2027-02-30', /^daysOff.1/],
    ['a make-up day that is worked anyway', /2027-01-09/, '2027-01-11', /^makeUpDays.0: 2027-01-11 is not a day of the weekend/],
    ['a make-up day that is off', /2027-01-09/, '2027-01-02', /^makeUpDays.0: 2027-01-02 is a day off/],
    ['no source', /source: .*/, 'source: ""', /^source/],
    ['an unknown field', /version: 1/, 'version: 1\nregion: Shanghai', /region/],
    ['no YAML', /country/, '{country', /^line \d+/],
  ])('is refused with its place: %s', (_what, old, now, expected) => {
    expect(problemsOf(NOTICE.replace(old, now))).toContainEqual(expect.stringMatching(expected));
  });
});
