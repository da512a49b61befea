import { describe, expect, test } from 'vitest';
import { ownerIndex, ownerKeys, resolveOwner } from '../../domain/detection/owners.ts';
import { coversMarket, isInForce } from '../../domain/detection/rights.ts';
import { isOneEditApart, skeleton } from '../../domain/detection/text.ts';
import { instant } from '../../domain/instant.ts';

const index = ownerIndex([
  { organisation: 'corp', name: 'VELORIX, INC.', aliases: ['Velorix Inc'] },
  { organisation: 'local', name: 'Velorix (sample)', aliases: ['Velorix'] },
  { organisation: 'moor', name: 'Moor & Falken', aliases: ['Moor-Falken Co., Ltd.'] },
]);

describe('owners', () => {
  test.each(['Velorix, Inc.', 'VELORIX INC', 'Velorix, Inc', 'Velorix, Inc,', 'velorix inc.'])('%s is one owner', (name) => {
    expect(resolveOwner(name, index)).toEqual({ organisation: 'corp' });
  });

  test('the bare name is the alias that says so; the legal form alone decides nothing', () => {
    expect(resolveOwner('Velorix', index)).toEqual({ organisation: 'local' });
    expect(resolveOwner('Velorix LLC', index)).toEqual({ unknown: { full: 'VELORIX LLC', bare: 'VELORIX' }, candidates: ['corp', 'local'] });
  });

  test.each(['Velorix Sports', 'Shenzhen Velorix Technology Co.,Ltd.', 'Velorik', 'Velorix USA, Inc.', ''])('%s is never merged', (name) => {
    expect(resolveOwner(name, index)).toHaveProperty('unknown');
  });

  test('punctuation and one final legal form are dropped', () => {
    expect(resolveOwner('MOOR FALKEN', index)).toEqual({ organisation: 'moor' });
    expect(ownerKeys('Société d’Été S.A.').bare).toBe('SOCIÉTÉ DÉTÉ');
    expect(ownerKeys('Moor-Falken Co., Ltd.').bare).toBe('MOOR FALKEN');
    expect(ownerKeys('Inc.')).toEqual({ full: 'INC', bare: 'INC' });
  });
});

describe('rights in force', () => {
  const right = { right: 'R', jurisdiction: 'DE', rightType: 'trademark', status: 'Live / Registered', niceClasses: [], owner: 'o' };
  const at = instant('2025-10-01T00:00:00Z');
  const rows: [observedAt: string, status: string, inForce: boolean][] = [
    ['2025-09', 'Live / Registered', true],
    ['2025-10-01', 'Live / Registered', true],
    ['2025-10-02', 'Live / Registered', false],
    ['2023-10-02', 'Live / Registered', true],
    ['2023-10-01', 'Live / Registered', false],
    ['2023-09-30', 'Live / Registered', false],
    ['2025-09', 'Live / Pending', false],
    ['2025-09', 'opposed', false],
    ['2025-09', 'as of 2020-05-26', false],
    ['2025-09', 'live / registered', false],
    ['unknown', 'Live / Registered', false],
  ];
  test.each(rows)('observed %s, %s: %s', (observedAt, status, inForce) => {
    expect(isInForce({ ...right, observedAt, status }, at, 730)).toBe(inForce);
  });

  test('markets', () => {
    expect(['EU-FR', 'FR', 'DE', 'GR', 'EL'].every((market) => coversMarket('EU', market))).toBe(true);
    expect(['GB', 'UK', 'US', 'CH', 'NO'].some((market) => coversMarket('EU', market))).toBe(false);
    expect(coversMarket('FR', 'EU-FR')).toBe(true);
    expect(coversMarket('US', 'BR')).toBe(false);
  });
});

test('one edit', () => {
  expect(
    [
      ['velorix', 'velorx'],
      ['velorix', 'velorixs'],
      ['velorix', 'velofix'],
      ['velorix', 'veolrix'],
    ].map(([a = '', b = '']) => isOneEditApart(a, b)),
  ).toEqual([true, true, true, true]);
  expect(
    [
      ['velorix', 'velorix'],
      ['velorix', 'valorex'],
      ['ab', 'ba1c'],
    ].map(([a = '', b = '']) => isOneEditApart(a, b)),
  ).toEqual([false, false, false]);
  expect(skeleton('vel0r1x')).toBe(skeleton('velorix'));
});
