import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { describe, expect, test } from 'vitest';
import { SHARED_DATA_ABSENT, sharedData } from '../../bench/shared-data.ts';
import type { PolicyDocument } from '../../domain/policy/policy.ts';
import { isSourced, policyDigest, sourceOf, valuesOf } from '../../domain/policy/policy.ts';
import { parsePolicy, PolicyError, shippedPolicy } from '../../policies/load.ts';

const text = readFileSync(new URL('../../policies/default.yaml', import.meta.url), 'utf8');
const shipped = await shippedPolicy();

/** The shipped document with the value at a dotted path replaced (`undefined` removes the field). */
function changed(path: string, value: unknown): string {
  const document: Record<string, unknown> = parse(text);
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  let node = document;
  for (const key of keys) node = node[key] as Record<string, unknown>;
  const leaf = node[last];
  if (value === undefined) delete node[last];
  else node[last] = isSourced(leaf) ? { ...leaf, value } : value;
  return stringify(document);
}

function problemsOf(document: string): { path: string; message: string }[] {
  try {
    parsePolicy(document, 'mine.yaml');
    return [];
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    return [...error.problems];
  }
}

describe('the shipped policy', () => {
  test('says what the engine was designed to do', () => {
    const policy = valuesOf(shipped);
    expect(policy.confirmation.lapseAfter).toEqual({ n: 24, unit: 'working-hours' });
    expect(policy.confirmation.onSilence).toEqual({ standard: 'lapse-under-watch', high: 'remove-provisionally' });
    expect(policy.verdicts.counterfeit).toEqual({ acts: true, points: 24 });
    expect(policy.verdicts['other-infringement']).toEqual({ acts: true, points: 2 });
    expect(policy.ledger).toMatchObject({
      countsAfter: { n: 3, unit: 'working-days' },
      calendar: { country: 'CN', zone: 'Asia/Shanghai' },
    });
    expect(policy.name).toBe('default');
    expect(valuesOf(shipped)).toBe(policy);
  });

  test('names the source of every value', () => {
    const bare: string[] = [];
    const walk = (node: unknown, path: string): void => {
      if (isSourced(node)) return;
      if (typeof node === 'object' && node !== null && !Array.isArray(node)) {
        for (const [key, child] of Object.entries(node)) walk(child, path === '' ? key : `${path}.${key}`);
      } else bare.push(path);
    };
    walk(shipped, '');
    expect(bare).toEqual(['schema', 'name', 'version']);
    expect(sourceOf(shipped, 'verdicts.counterfeit.points')).toContain('Taobao');
    expect(sourceOf(shipped, 'ledger.calendar.country')).toContain('Ladder C');
    expect(sourceOf(shipped, 'verdicts')).toBeUndefined();
    expect(sourceOf(shipped, 'no.such.path')).toBeUndefined();
  });

  const answers = sharedData('fixtures/brand-answers.csv');
  if (answers === undefined) console.log(`test/policies: ${SHARED_DATA_ABSENT}`);
  test.skipIf(answers === undefined)('accepts every scripted answer', () => {
    const { reasonCodes } = valuesOf(shipped);
    const [, ...rows] = readFileSync(answers ?? '', 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/));
    const refused = rows.filter(([, , verdict, code]) => !(reasonCodes[code ?? ''] ?? []).some((allowed) => allowed === verdict));
    expect(rows.length).toBeGreaterThan(300);
    expect(refused).toEqual([]);
  });
});

describe('the digest', () => {
  test('depends on values and sources, not on layout or order of keys', () => {
    const again = parsePolicy(stringify(parse(text), { sortMapEntries: true }), 'sorted.yaml');
    expect(policyDigest(again)).toBe(policyDigest(shipped));
    expect(policyDigest(shipped)).toMatch(/^sha256:[0-9a-f]{64}$/);
    const moved = parsePolicy(changed('confirmation.cannotTellWindow', { n: 31, unit: 'calendar-days' }), 'x');
    expect(policyDigest(moved)).not.toBe(policyDigest(shipped));
    const renamed: PolicyDocument = { ...shipped, counting: { value: valuesOf(shipped).counting, source: 'another source' } };
    expect(policyDigest(renamed)).not.toBe(policyDigest(shipped));
  });
});

describe('impossible documents are refused with path and cure', () => {
  const rows: [path: string, value: unknown, at: string, message: RegExp][] = [
    ['confirmation.escalateAfter', { n: 24, unit: 'working-hours' }, 'confirmation.escalateAfter', /not before the lapse/],
    ['confirmation.escalateAfter', { n: 1, unit: 'calendar-days' }, 'confirmation.escalateAfter', /not before the lapse/],
    [
      'confirmation.remindAfter',
      [
        { n: 16, unit: 'working-hours' },
        { n: 8, unit: 'working-hours' },
      ],
      'confirmation.remindAfter.0',
      /not before/,
    ],
    ['confirmation.remindAfter', [{ n: 22, unit: 'working-hours' }], 'confirmation.remindAfter.0', /not before the escalation/],
    ['confirmation.lapseAfter', { n: 0, unit: 'working-hours' }, 'confirmation.lapseAfter.value.n', /longer than nothing/],
    ['confirmation.lapseAfter', { n: 24, unit: 'fortnights' }, 'confirmation.lapseAfter.value.unit', /unit is one of/],
    ['confirmation.cannotTellWindow', { n: 1.5, unit: 'calendar-days' }, 'confirmation.cannotTellWindow.value', /whole/],
    ['confirmation.extensions.account-manager', { n: 2, unit: 'calendar-days' }, 'confirmation.extensions.account-manager', /cannot be added/],
    ['confirmation.defaultHours', '18:00-09:00', 'confirmation.defaultHours.value', /opening hour/],
    ['confirmation.onSilence.high', 'forget', 'confirmation.onSilence.high.value', /./],
    ['ledger.calendar', { country: 'XX', zone: 'Asia/Shanghai' }, 'ledger.calendar', /no calendar for country/],
    ['ledger.calendar', { country: 'CN', zone: 'Asia/Nowhere' }, 'ledger.calendar', /unknown time zone/],
    ['ledger.countsAfter', { n: 3, unit: 'working-hours' }, 'ledger.calendar', /without hours/],
    [
      'ledger.steps',
      [
        { points: 48, measure: 'close-shop' },
        { points: 24, measure: 'severe-warning' },
      ],
      'ledger.steps',
      /do not rise/,
    ],
    ['verdicts.genuine.acts', true, 'verdicts.genuine', /no ground/],
    ['verdicts.counterfeit.points', -1, 'verdicts.counterfeit.points.value', /./],
    ['reasonCodes.needs-sample', undefined, 'reasonCodes', /cannot-tell/],
    ['takedown.retryAfter', [{ n: 1, unit: 'working-days' }], 'takedown.retryAfter.value.0', /minutes or hours/],
    ['rights.freshness', { n: 2, unit: 'business-days' }, 'rights.freshness.value', /calendar-days/],
    ['detection.openAt', 0, 'detection.openAt.value', /everything would open/],
    ['detection.priceGap.fullGap', 0.1, 'detection.priceGap', /full score/],
    ['corrections.window', undefined, 'corrections.window', /missing/],
    ['corrections.windows', { value: 1, source: 'typing error' }, 'corrections.windows', /unknown field/],
    ['version', 0, 'version', /./],
  ];
  test.each(rows)('%s = %j', (path, value, at, message) => {
    const problems = problemsOf(changed(path, value));
    expect(problems).toContainEqual(
      expect.objectContaining({ path: at, message: expect.stringMatching(message), cure: expect.stringMatching(/.{5}/) }),
    );
  });

  test('all problems are named at once, with the file', () => {
    expect(() => parsePolicy('name: x', 'mine.yaml')).toThrow(/mine\.yaml is not a valid policy:[\s\S]*verdicts: missing/);
    expect(() => parsePolicy('a: [', 'mine.yaml')).toThrow(/line \d+/);
    expect(() => parsePolicy('', 'mine.yaml')).toThrow(PolicyError);
  });

  test('no text makes it throw anything else', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (anything) => {
        expect(() => parsePolicy(anything, 'x')).toThrow(PolicyError);
      }),
    );
  });
});
