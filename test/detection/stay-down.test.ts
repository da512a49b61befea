import { beforeAll, describe, expect, test } from 'vitest';
import { detect } from '../../domain/detection/detect.ts';
import { buildDetectionIndex, type DetectionIndex } from '../../domain/detection/detection-index.ts';
import type { ListingFacts, RemovedListing, Suspicion } from '../../domain/detection/model.ts';
import { piecesOfText, similarity } from '../../domain/detection/near-duplicate.ts';
import { inWords } from '../../domain/detection/reasons.ts';
import { riskClassOf } from '../../domain/detection/risk.ts';
import { remembersSince, removedIndex } from '../../domain/detection/stay-down.ts';
import { instant } from '../../domain/instant.ts';
import type { PolicyValues } from '../../domain/policy/policy.ts';
import { AT, aDetectionPolicy, aListing, aRight } from './builders.ts';

const TITLE = 'Cloudstride 9210 running shoe white gold men size 42';

function aRemoval(more: Partial<RemovedListing> = {}): RemovedListing {
  const removal = { seller: 'S-1', case: 'case:1', marketplace: 'shop', listing: 'shop:0', holder: 'org-velorix', title: TITLE, images: [] };
  return { ...removal, removedAt: instant('2025-09-01T08:00:00Z'), ...more };
}

let policy: PolicyValues;
let index: DetectionIndex;
beforeAll(async () => {
  policy = await aDetectionPolicy();
  const rights = [aRight({}), aRight({ right: 'R-2', markText: 'NORDBLAUER', owner: 'org-nordblauer' })];
  const authorisedSellers = [{ seller: 'S-SHOP', organisation: 'org-velorix' }];
  index = buildDetectionIndex({ rights, organisations: [], authorisedSellers, references: [] }, policy, AT);
});

const seen = (more: Partial<ListingFacts>, ...removed: readonly RemovedListing[]): readonly Suspicion[] =>
  detect(aListing(more), index, policy, removedIndex(removed));

describe('stay-down@1', () => {
  test('a near-duplicate of what the same party had removed opens a linked case, whatever it names', () => {
    const [found] = seen({ title: 'running shoe CLOUDSTRIDE 9210, white/gold, men, size 43' }, aRemoval());
    expect(found).toMatchObject({ holder: 'org-velorix', rights: ['R-1'], opens: true, linkedTo: 'case:1' });
    const [finding] = found?.findings ?? [];
    expect(finding === undefined ? '' : inWords(finding)).toBe(
      'stay-down@1 (0.80): It is 80 % like a listing of the same party, removed at 2025-09-01T08:00:00.000Z on a confirmed verdict (case:1).',
    );
  });

  const alike: [what: string, title: string][] = [
    ['the same words', TITLE],
    ['accents and look-alike letters', 'Clοudstride 9210 runnìng shοe white g0ld men size 42'],
    ['another order', 'white gold running shoe men Cloudstride 9210 size 42'],
    ['one word more', `${TITLE} new`],
    ['one word less', 'Cloudstride 9210 running shoe white gold men 42'],
  ];
  test.each(alike)('%s', (_, title) => {
    expect(seen({ title }, aRemoval())[0]).toMatchObject({ linkedTo: 'case:1', opens: true });
  });

  const different: [what: string, more: Partial<ListingFacts>][] = [
    ['other goods', { title: 'Winter boots black leather women size 38' }],
    ['a title that shares a few words', { title: 'running shoe men blue size 44 Fleetfoot 300 light' }],
    ['a title too short to be compared', { title: 'shoe men' }],
    ['another seller', { title: TITLE, seller: 'S-2' }],
    ['no seller', { title: TITLE, seller: '' }],
    ['the same listing in another version', { title: TITLE, listing: 'shop:0' }],
    ['a market where the holder has no right', { title: TITLE, market: 'GB' }],
    ['goods that the right is not for', { title: TITLE, category: 'Watches' }],
  ];
  test.each(different)('none for %s', (_, more) => {
    expect(seen(more, aRemoval())).toEqual([]);
  });

  test('none for a short title that is the same, unless the description is too', () => {
    const short = { title: 'shoe men' };
    expect(seen(short, aRemoval(short))).toEqual([]);
    const long = { ...short, description: 'A light shoe for long runs, white with gold, sent within two days' };
    expect(seen(long, aRemoval(long))[0]).toMatchObject({ linkedTo: 'case:1' });
  });

  test('a description that a shop uses for everything makes no duplicate', () => {
    const description = 'Fast delivery with original packaging, returns within fourteen days, write to us before you buy';
    expect(seen({ title: 'Winter boots black leather', description }, aRemoval({ description }))).toEqual([]);
  });

  test('a picture of the same address brings two texts closer', () => {
    const near = { title: 'Cloudstride running shoe white gold women blue 38', images: ['/images/1.png'] };
    expect(seen(near, aRemoval())).toEqual([]);
    const [found] = seen(near, aRemoval({ images: ['/images/0.png', '/images/1.png'] }));
    expect(found?.findings[0]?.reasons.map(({ code }) => code)).toEqual(['near-duplicate-of-removed', 'same-image-address']);
    const far = { title: 'Leather belt', images: ['/images/1.png'] };
    expect(seen(far, aRemoval({ images: ['/images/1.png'] }))).toEqual([]);
  });

  test('names the most alike, of equals the latest; two holders are two suspicions', () => {
    const later = aRemoval({ case: 'case:2', removedAt: instant('2025-09-20T08:00:00Z') });
    expect(seen({ title: TITLE }, aRemoval(), later)[0]).toMatchObject({ linkedTo: 'case:2' });
    expect(seen({ title: TITLE }, later, aRemoval())[0]).toMatchObject({ linkedTo: 'case:2' });
    expect(seen({ title: TITLE }, aRemoval(), { ...later, title: `${TITLE} new` })[0]).toMatchObject({ linkedTo: 'case:1' });
    const two = seen({ title: TITLE }, aRemoval(), aRemoval({ case: 'case:3', holder: 'org-nordblauer' }));
    expect(two.map(({ holder, linkedTo }) => [holder, linkedTo])).toEqual([
      ['org-nordblauer', 'case:3'],
      ['org-velorix', 'case:1'],
    ]);
  });

  test('a seller whom the holder has authorised since is left alone', () => {
    expect(seen({ title: TITLE, seller: 'S-SHOP' }, aRemoval({ seller: 'S-SHOP' }))).toEqual([]);
  });

  test('joins what the other detectors find on the holder', () => {
    const [found] = seen({ title: `Velorix ${TITLE}` }, aRemoval());
    expect(found?.findings.map(({ detector }) => detector)).toEqual(['mark-use', 'stay-down']);
    expect(found?.linkedTo).toBe('case:1');
  });

  test('a policy stops it', () => {
    const stopped = { ...policy, detection: { ...policy.detection, stopped: ['stay-down'] as const } };
    expect(detect(aListing({ title: TITLE }), index, stopped, removedIndex([aRemoval()]))).toEqual([]);
  });
});

test('a linked case is of the class the policy gives it, and never of a lower one', () => {
  const standard = { ...policy, detection: { ...policy.detection, stayDown: { ...policy.detection.stayDown, riskClass: 'standard' as const } } };
  expect(riskClassOf(aListing({}), index, policy, true)).toBe('high');
  expect(riskClassOf(aListing({}), index, policy, false)).toBe('standard');
  expect(riskClassOf(aListing({}), index, standard, true)).toBe('standard');
  expect(riskClassOf(aListing({ category: 'Perfumes' }), index, standard, true)).toBe('high');
});

test('removals are remembered for so many plain days', () => {
  const stayDown = { ...policy.detection.stayDown, within: { n: 10, unit: 'calendar-days' as const } };
  expect(remembersSince(AT, stayDown)).toBe('2025-09-21T00:00:00.000Z');
});

test('similarity is 1 for the same text, 0 for none in common, and the same both ways', () => {
  const [a, b] = [piecesOfText(TITLE, 'white with gold'), piecesOfText(`${TITLE} new`, undefined)];
  expect(similarity(a, a, 3)).toBe(1);
  expect(similarity(a, piecesOfText('Winter boots black', undefined), 3)).toBe(0);
  expect(similarity(a, b, 3)).toBe(similarity(b, a, 3));
  expect(similarity(piecesOfText('', undefined), piecesOfText('', undefined), 0)).toBe(0);
});
