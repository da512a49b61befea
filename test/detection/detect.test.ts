import { beforeAll, describe, expect, test } from 'vitest';
import { detect } from '../../domain/detection/detect.ts';
import type { DetectionIndex } from '../../domain/detection/detection-index.ts';
import { buildDetectionIndex, surveyListing } from '../../domain/detection/detection-index.ts';
import { externalFinding } from '../../domain/detection/external.ts';
import type { ListingFacts, Suspicion } from '../../domain/detection/model.ts';
import { DetectionReason } from '../../domain/detection/model.ts';
import { inWords } from '../../domain/detection/reasons.ts';
import { riskClassOf } from '../../domain/detection/risk.ts';
import { instant } from '../../domain/instant.ts';
import type { PolicyValues } from '../../domain/policy/policy.ts';
import { AT, aDetectionPolicy, aListing, aRight } from './builders.ts';

const rights = [
  aRight({}),
  aRight({ right: 'R-EU', jurisdiction: 'EU', markText: 'NORDBLAUER', owner: 'org-nordblauer' }),
  aRight({ right: 'R-US', jurisdiction: 'US', markText: 'QUILVANE' }),
  aRight({ right: 'R-PENDING', markText: 'ZEPHRANDO', status: 'Live / Pending' }),
  aRight({ right: 'R-OLD', markText: 'OSTRALIX', observedAt: '2020-05-26' }),
  aRight({ right: 'R-LATER', markText: 'FUTURANTO', observedAt: '2025-11' }),
  aRight({ right: 'R-COMMON', markText: 'TIGER', owner: 'org-tiger' }),
  aRight({ right: 'R-LETTER', markText: 'S', owner: 'org-letter' }),
  aRight({ right: 'R-SHORT', markText: 'KJ', owner: 'org-kj', niceClasses: ['002'] }),
  aRight({ right: 'R-TWO', markText: 'MOOR FALKEN', owner: 'org-falken' }),
  aRight({ right: 'R-WATCH', markText: 'VELORIX', niceClasses: ['014'], jurisdiction: 'US' }),
];
const { owner: _none, ...ownerless } = aRight({ right: 'R-NOBODY', markText: 'GRAUSTEINER' });

const organisations = [
  { organisation: 'org-velorix', name: 'Velorix (sample)', aliases: ['Velorix', 'Velorix GmbH'] },
  { organisation: 'org-nordblauer', name: 'Nordblauer', aliases: [] },
  { organisation: 'org-kj', name: 'KJ', aliases: ['KJ Inc.'] },
  { organisation: 'org-tiger', name: 'Tiger', aliases: [] },
];

let policy: PolicyValues;
let index: DetectionIndex;
const seen = (more: Partial<ListingFacts>): readonly Suspicion[] => detect(aListing(more), index, policy);
const codes = (suspicion: Suspicion | undefined): string[] =>
  suspicion?.findings.flatMap((finding) => finding.reasons.map((reason) => reason.code)) ?? [];

beforeAll(async () => {
  policy = await aDetectionPolicy();
  const references = [
    { brand: 'KJ', partNumber: '7QX41AB', product: 'Cartridge KJ 881 black', price: { amount: 4_000, currency: 'EUR' } },
    { brand: 'KJ', partNumber: '7QX45AB', product: 'Cartridge KJ 881XL black', price: { amount: 9_000, currency: 'EUR' } },
  ];
  const authorisedSellers = [{ seller: 'S-SHOP', organisation: 'org-velorix', market: 'DE', from: '2025-01-01', until: '2025-12-31' }];
  index = buildDetectionIndex({ rights: [...rights, ownerless], organisations, authorisedSellers, references }, policy, AT);
});

describe('mark-use@2', () => {
  test('a mark in the brand field is found, and alone opens nothing: goods may be resold', () => {
    const [found] = seen({ brand: 'Velorix', title: 'Velorix Runner' });
    expect(found).toMatchObject({ holder: 'org-velorix', rights: ['R-1'], opens: false });
    expect(codes(found)).toEqual([DetectionReason.brandField, DetectionReason.sellerNotAuthorised]);
  });

  const disguises = ['Vel0rix shoes', 'VEL0RlX', 'Velorixx sneaker', 'V E L O R I X sneaker', 'Vеlоrіх sneaker', 'Velorjx sneaker', 'Vlorix sneaker'];
  test.each(disguises)('a disguise opens a case: %s', (title) => {
    const [found] = seen({ title, category: 'Footwear' });
    expect(found).toMatchObject({ holder: 'org-velorix', opens: true });
    expect(codes(found)).toContain(DetectionReason.lookAlike);
  });

  test('diacritics are no disguise and no shield', () => {
    expect(codes(seen({ title: 'Vélorix shoes' })[0])).not.toContain(DetectionReason.lookAlike);
  });

  test('other spacing of a mark of two words is the mark', () => {
    expect(seen({ title: 'MoorFalken shoes' })[0]).toMatchObject({ holder: 'org-falken' });
    expect(seen({ title: 'moor-falken shoes' })[0]).toMatchObject({ holder: 'org-falken' });
    expect(seen({ title: 'moor and falken shoes' })).toEqual([]);
  });

  test('words that announce a copy open a case', () => {
    expect(seen({ brand: 'Velorix', title: 'Velorix bag', description: 'Premium 1:1 quality' })[0]).toMatchObject({ opens: true });
  });

  test('rights are territorial, and a Union right covers the member states', () => {
    expect(seen({ title: 'Quilvane shoes' })).toEqual([]);
    expect(seen({ title: 'Quilvane shoes', market: 'US' })[0]?.rights).toEqual(['R-US']);
    expect(seen({ title: 'Nordblauer shoes', market: 'EU-FR' })[0]?.rights).toEqual(['R-EU']);
    expect(seen({ title: 'Nordblauer shoes', market: 'GB' })).toEqual([]);
  });

  test.each(['Zephrando', 'Ostralix', 'Futuranto', 'Grausteiner'])('not in force or without owner: %s', (mark) => {
    expect(seen({ title: `${mark} shoes`, brand: mark })).toEqual([]);
  });

  test('the wrong class is no use', () => {
    expect(seen({ title: 'Velorix wristwatch', category: 'Watches', brand: 'Velorix' })).toEqual([]);
    expect(seen({ title: 'Velorix wristwatch', category: 'Watches', market: 'US' })[0]?.rights).toEqual(['R-WATCH']);
  });

  test('dictionary words, letters and short marks need more than a title', () => {
    expect(seen({ title: 'Tiger wristwatch', category: 'Watches', brand: 'Tiger' })).toEqual([]);
    expect(seen({ title: 'Tiger plush', category: 'Toys' })).toEqual([]);
    expect(seen({ title: 'Running shoes, tiger print', brand: 'Somebody' })).toEqual([]);
    expect(seen({ title: 'Tiger', category: 'Uncategorized' })).toEqual([]);
    expect(seen({ title: 'Shirt size S', category: 'Clothing' })).toEqual([]);
    expect(seen({ title: 'KJ', category: 'Uncategorized' })).toEqual([]);
    expect(seen({ title: 'Tiger running shoes', brand: 'Tiger' })[0]).toMatchObject({ holder: 'org-tiger', opens: false });
    expect(seen({ title: 'KJ ink cartridge', category: 'Ink' })[0]).toMatchObject({ holder: 'org-kj', opens: false });
  });

  test('an authorised seller uses the mark by right, in its market and while it lasts', () => {
    expect(seen({ title: 'Velorix shoes', seller: 'S-SHOP' })).toEqual([]);
    expect(seen({ title: 'Nordblauer shoes', seller: 'S-SHOP' })).toHaveLength(1);
    const later = buildDetectionIndex({ rights, organisations, authorisedSellers: [], references: [] }, policy, instant('2026-02-01T00:00:00Z'));
    expect(detect(aListing({ title: 'Velorix shoes', seller: 'S-SHOP' }), later, policy)).toHaveLength(1);
  });

  test('naming a mark for reference lowers the score', () => {
    const [own] = seen({ title: 'KJ cartridge black', category: 'Ink' });
    const said: Partial<ListingFacts>[] = [
      { title: 'Cartridge for KJ printers' },
      { title: 'Tinta para KJ' },
      { title: 'Cartridge compatible with KJ', brand: 'KJ' },
      { title: 'Cartucho compatível KJ', brand: 'KJ' },
    ];
    for (const listing of said) {
      const [found] = seen({ ...listing, category: 'Ink' });
      expect(found?.score).toBeLessThan((own?.score ?? 0) / 2);
      expect(codes(found)).toContain(DetectionReason.referential);
    }
    expect(codes(seen({ title: 'KJ cartridge for KJ printers', category: 'Ink' })[0])).not.toContain(DetectionReason.referential);
  });

  test('two holders on one listing are two suspicions', () => {
    expect(seen({ title: 'Velorix x Nordblauer shoes' }).map((found) => found.holder)).toEqual(['org-nordblauer', 'org-velorix']);
  });

  test('a seller of many holders, authorised by none, opens', () => {
    for (const brand of ['Velorix', 'Nordblauer', 'KJ']) surveyListing(aListing({ brand, seller: 'S-MANY', title: 'x' }), index);
    expect(seen({ brand: 'Velorix', title: 'x', seller: 'S-MANY' })[0]).toMatchObject({ opens: true });
    expect(codes(seen({ brand: 'Velorix', title: 'x' })[0])).not.toContain(DetectionReason.manyHolders);
  });
});

describe('price-gap@1', () => {
  const price = (amount: number) => ({ amount, currency: 'EUR' });
  const ink = (title: string, amount: number) => seen({ title, category: 'Ink', brand: 'KJ', price: price(amount) })[0];
  const gaps: [title: string, amount: number, opens: boolean][] = [
    ['KJ 881 black', 3_900, false],
    ['KJ 881 black', 2_600, true],
    ['KJ cartridge 7qx45al', 5_900, true],
    ['KJ 881 XL black', 5_900, true],
    ['KJ 881 881XL black', 5_900, true],
    ['Kit 2 KJ 881 black', 5_800, false],
    ['Kit 2 KJ 881 black', 5_000, true],
    ['KJ 881 black + 881 colour', 5_000, true],
    ['KJ 881: 2 black and 1 colour', 9_000, false],
    ['KJ 881: 2 black and 1 colour', 8_000, true],
    ['KJ 881 black, empty', 300, false],
    ['Compatible with KJ 881 black', 900, false],
    ['KJ printer paper', 300, false],
  ];
  test.each(gaps)('%s at %d opens: %s', (title, amount, opens) => {
    expect(ink(title, amount)?.opens ?? false).toBe(opens);
  });

  test('another currency has no reference', () => {
    expect(seen({ title: 'KJ 881 black', category: 'Ink', brand: 'KJ', price: { amount: 10, currency: 'USD' } })[0]?.opens).toBe(false);
  });

  test('the median counts only from the number of listings the policy names', () => {
    const cheap = aListing({ brand: 'Nordblauer', title: 'Nordblauer shoes', price: price(500), marketplace: 'median' });
    for (let n = 0; n < 9; n += 1) surveyListing({ ...cheap, price: price(10_000) }, index);
    expect(detect(cheap, index, policy)[0]?.opens).toBe(false);
    surveyListing({ ...cheap, price: price(10_000) }, index);
    expect(detect(cheap, index, policy)[0]?.opens).toBe(true);
  });

  test('the reason says what was compared', () => {
    const gap = ink('KJ 881 black', 2_000)?.findings[1];
    expect(gap === undefined ? '' : inWords(gap)).toBe(
      'price-gap@1 (0.58): The price of EUR 20.00 is far below 40.00, the holder\'s reference price (found by "881").',
    );
  });
});

describe('outside detectors', () => {
  const suspicion = { label: 'self_declared_replica', basis: 'shop says so', score: '7' };
  test('count by the policy, through the right and the brand', () => {
    const found = externalFinding(suspicion, aListing({ brand: 'Velorix' }), index, policy);
    expect(found).toMatchObject({ detector: 'external', version: 1, holder: 'org-velorix', rights: ['R-1'] });
    expect(externalFinding({ ...suspicion, label: 'unlabelled' }, aListing({ brand: 'Velorix' }), index, policy)).toBeUndefined();
    expect(externalFinding(suspicion, aListing({}), index, policy)).toBeUndefined();
    expect(externalFinding(suspicion, aListing({ brand: 'Unheard' }), index, policy)).toBeUndefined();
    expect(externalFinding(suspicion, aListing({ brand: 'Velorix', market: 'GB' }), index, policy)).toBeUndefined();
    expect(externalFinding(suspicion, aListing({ brand: 'Velorix', seller: 'S-SHOP' }), index, policy)).toBeUndefined();
  });
});

test('risk follows the goods, not the right', () => {
  expect(riskClassOf(aListing({ category: 'Perfumes' }), index, policy)).toBe('high');
  expect(riskClassOf(aListing({ category: 'Electronics', title: 'Charger 20W' }), index, policy)).toBe('high');
  expect(riskClassOf(aListing({}), index, policy)).toBe('standard');
});

test('ten thousand listings and five hundred marks take seconds, not minutes', () => {
  const many = Array.from({ length: 500 }, (_, n) =>
    aRight({ right: `M-${n}`, markText: `${['vor', 'tal', 'mir', 'zen'][n % 4]}${n.toString(36)}axon`, owner: `o-${n}` }),
  );
  const large = buildDetectionIndex({ rights: many, organisations: [], authorisedSellers: [], references: [] }, policy, AT);
  const title = 'Running shoes for women, light and soft, blue and white, size 38, new in box, free shipping';
  const start = performance.now();
  for (let n = 0; n < 2_000; n += 1) detect(aListing({ title: `${title} ${n}` }), large, policy);
  const ms = (performance.now() - start) * 5;
  console.log(`10,000 listings x 500 marks: ${Math.round(ms)} ms`);
  expect(ms).toBeLessThan(15_000);
});
