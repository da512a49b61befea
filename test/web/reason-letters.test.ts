import { beforeAll, describe, expect, it } from 'vitest';
import { Verdict } from '../../domain/case/model.ts';
import { valuesOf } from '../../domain/policy/policy.ts';
import { shippedPolicy } from '../../policies/load.ts';
import { basisOf, lettersOf } from '../../web/pages/queue/reason-letters.ts';

describe('the keys of the reasons', () => {
  let codes: Readonly<Record<string, readonly string[]>>;
  beforeAll(async () => {
    codes = valuesOf(await shippedPolicy()).reasonCodes;
  });

  it('are letters of the reason’s own name, each of one reason only', () => {
    const letters = lettersOf(Object.keys(codes));
    expect([...letters.keys()].sort()).toEqual(Object.keys(codes).sort());
    expect(new Set(letters.values()).size).toBe(letters.size);
    for (const [code, letter] of letters) expect(code, code).toContain(letter);
  });

  it('stay the same whichever verdict is given, and whatever else the policy lists', () => {
    const all = lettersOf(Object.keys(codes));
    for (const verdict of Object.values(Verdict)) {
      const listed = Object.keys(codes).filter((code) => codes[code]?.includes(verdict));
      for (const code of listed) expect(lettersOf(listed).get(code), `${verdict} ${code}`).toBe(all.get(code));
    }
    const more = lettersOf([...Object.keys(codes), 'aardvark', 'batch-number', 'packing-slip']);
    for (const [code, letter] of all) expect(more.get(code)).toBe(letter);
    expect(new Set(more.values()).size).toBe(more.size);
    expect(lettersOf(['packing-slip', 'aardvark', 'batch-number'])).toEqual(lettersOf(['batch-number', 'packing-slip', 'aardvark']));
  });

  it('of more reasons than there are letters, the rest have a button alone', () => {
    const many = Array.from({ length: 40 }, (_, n) => `reason-${n}`);
    const letters = lettersOf(many);
    expect(letters.size).toBe(26 - 12);
    expect(new Set(letters.values()).size).toBe(letters.size);
  });
});

it('an answer rests on what its reason says, not on pictures that nobody spoke of', () => {
  expect(['serial', 'sample-examined', 'price', 'packaging', 'design-differs'].map(basisOf)).toEqual(['serial', 'sample', 'price', 'image', 'image']);
});
