import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Instant, instantOf } from '../../domain/instant.ts';
import { assessLedger, countsAt, type EarlierMeasure, type LedgerLine, pointsAt, stepOf } from '../../domain/ledger/points.ts';
import type { Step } from '../../domain/policy/policy.ts';

const day = (n: number): Instant => instantOf(Date.UTC(2026, 0, 1) + n * 86_400_000);
const line = (points: number, from: number | null, until = 365, voided = false): LedgerLine => ({
  ...{ points, voided, countsFrom: from === null ? null : day(from), expiresAt: day(until) },
});

/** Ladders A, B (three strikes as points) and C (domain facts: penalties and programmes). */
const A: readonly Step[] = [
  { points: 6, measure: 'severe-warning' },
  { points: 12, measure: 'restrict' },
  { points: 24, measure: 'restrict' },
  { points: 36, measure: 'freeze' },
  { points: 48, measure: 'close-shop' },
];
const C: readonly Step[] = [
  { points: 24, measure: 'severe-warning' },
  { points: 48, measure: 'close-shop' },
];

describe('points', () => {
  it.each([
    ['before they count', line(24, 3), 2, 0],
    ['from their first instant on', line(24, 3), 3, 24],
    ['while they are held back', line(24, null), 9, 0],
    ['until they expire', line(24, 3, 10), 9, 24],
    ['not in the instant of their expiry', line(24, 3, 10), 10, 0],
    ['never when voided', line(24, 3, 10, true), 5, 0],
  ])('count %s', (_, row, at, points) => {
    expect(pointsAt([row], day(at))).toBe(points);
  });

  it('are the sum of what counts, in any order', () => {
    const rows = fc.array(
      fc
        .record({ points: fc.nat(48), from: fc.option(fc.nat(400), { nil: null }), until: fc.nat(800), voided: fc.boolean() })
        .map((r) => line(r.points, r.from, r.until, r.voided)),
    );
    fc.assert(
      fc.property(rows, fc.nat(800), (lines, at) => {
        const sum = lines.reduce((total, one) => total + (countsAt(one, day(at)) ? one.points : 0), 0);
        expect(pointsAt(lines.toReversed(), day(at))).toBe(sum);
      }),
    );
  });
});

describe('the step of a ladder', () => {
  it.each([
    [A, 5, undefined],
    [A, 6, 6],
    [A, 11, 6],
    [A, 12, 12],
    [A, 35, 24],
    [A, 36, 36],
    [A, 47, 36],
    [A, 480, 48],
    [C, 23, undefined],
    [C, 24, 24],
    [C, 47, 24],
    [C, 48, 48],
  ] as const)('is the highest that the points reach (%#)', (ladder, points, step) => {
    expect(stepOf(ladder, points)?.points).toBe(step);
    expect(stepOf(ladder.toReversed(), points)?.points).toBe(step);
  });
});

describe('an assessment', () => {
  it('crosses nothing before points count', () => {
    expect(assessLedger(undefined, [line(24, 3)], day(2), C, [])).toEqual({ points: 0, step: 0 });
  });

  it('lets the highest step win when several are crossed at once', () => {
    expect(assessLedger(undefined, [line(24, 3), line(24, 3)], day(3), C, [])).toMatchObject({ points: 48, crossed: C[1] });
  });

  it('crosses a step once', () => {
    expect(assessLedger({ step: 24, at: day(3) }, [line(24, 3), line(2, 4)], day(4), C, [])).toEqual({ points: 26, step: 24 });
  });

  it('crosses a step again that was lost by expiry, though nobody wrote anything then', () => {
    const lines = [line(24, 3, 100), line(24, 200, 500)];
    expect(assessLedger({ step: 24, at: day(3) }, lines, day(200), C, [])).toMatchObject({ points: 24, crossed: C[0] });
    expect(assessLedger({ step: 24, at: day(3) }, [line(24, 3, 300), line(2, 200, 500)], day(200), C, [])).toEqual({ points: 26, step: 24 });
  });

  it('crosses nothing when points fall, and says where they fell to', () => {
    expect(assessLedger({ step: 48, at: day(5) }, [line(24, 3), line(24, 4, 365, true)], day(6), C, [])).toEqual({ points: 24, step: 24 });
  });

  describe('after an overturn', () => {
    const closure = (is: EarlierMeasure['is'], at = 3): EarlierMeasure => ({ step: 48, crossedAt: day(at), is });
    const warning = (is: EarlierMeasure['is'], at = 3): EarlierMeasure => ({ step: 24, crossedAt: day(at), is });
    const jumped = { step: 48, at: day(3) };
    const left = [line(24, 3), line(24, 3, 365, true)];

    it.each([
      ['by one jump, whose measure is open still and will fall', [closure('open')]],
      ['by one jump, whose measure has fallen already', [closure('overturned')]],
      ['though it had a measure that was overturned itself', [closure('overturned'), warning('overturned', 2)]],
      ['though it had a measure for points that have expired since', [closure('open'), warning('over', 1)]],
    ])('the step still reached is crossed: %s', (_, measures) => {
      expect(assessLedger(jumped, left, day(6), C, measures)).toMatchObject({ points: 24, crossed: C[0] });
    });

    it.each([
      ['it has one that stands', [closure('open'), warning('open', 2)]],
      ['it had one for the same points, which is over', [closure('open'), warning('over')]],
      ['another higher one answers for the same points', [closure('open'), { ...closure('over'), step: 36 }]],
      ['nothing was overturned: a rejected measure is an answer', [closure('over')]],
    ])('but not when %s', (_, measures) => {
      expect(assessLedger(jumped, left, day(6), A, measures).crossed).toBeUndefined();
    });

    it('nothing is crossed when points only expire', () => {
      expect(assessLedger(jumped, [line(24, 3, 5), line(24, 3)], day(6), C, [closure('open')]).crossed).toBeUndefined();
    });

    it('below the first step nothing is left', () => {
      expect(assessLedger(jumped, [line(24, 3, 365, true), line(23, 3)], day(6), C, [closure('open')])).toEqual({ points: 23, step: 0 });
    });
  });

  it('crosses exactly when the step reached is above what is left of the one before', () => {
    const rows = fc.array(fc.record({ points: fc.constantFrom(2, 6, 24), from: fc.nat(40), until: fc.integer({ min: 41, max: 90 }) }));
    fc.assert(
      fc.property(rows, fc.nat(80), fc.nat(20), (specs, first, later) => {
        const lines = specs.map(({ points, from, until }) => line(points, from, until));
        const was = assessLedger(undefined, lines, day(first), A, []);
        const now = assessLedger({ step: was.step, at: day(first) }, lines, day(first + later), A, []);
        expect(now.step).toBe(stepOf(A, pointsAt(lines, day(first + later)))?.points ?? 0);
        if (now.step > was.step) expect(now.crossed?.points).toBe(now.step);
        if (later === 0) expect(now.crossed).toBeUndefined();
      }),
    );
  });
});
