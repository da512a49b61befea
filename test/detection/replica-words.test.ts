import { beforeAll, describe, expect, test } from 'vitest';
import { detect } from '../../domain/detection/detect.ts';
import { buildDetectionIndex, type DetectionIndex } from '../../domain/detection/detection-index.ts';
import type { ListingFacts } from '../../domain/detection/model.ts';
import { inWords } from '../../domain/detection/reasons.ts';
import { replicaHit } from '../../domain/detection/replica-vocabulary.ts';
import { tokensOf } from '../../domain/detection/text.ts';
import type { PolicyValues } from '../../domain/policy/policy.ts';
import { aDetectionPolicy, AT, aListing, aRight } from './builders.ts';

let policy: PolicyValues;
let index: DetectionIndex;
beforeAll(async () => {
  policy = await aDetectionPolicy();
  const organisations = [{ organisation: 'org-velorix', name: 'Velorix Sports', aliases: ['VX Corporation'] }];
  index = buildDetectionIndex({ rights: [aRight({})], organisations, authorisedSellers: [], references: [] }, policy, AT);
});

const hit = (title: string, description = '') => replicaHit({ title: tokensOf(title), description: tokensOf(description) }, index.replica);
const seen = (more: Partial<ListingFacts>) => detect(aListing(more), index, policy)[0];
const found = (more: Partial<ListingFacts>) => seen(more)?.findings.find(({ detector }) => detector === 'replica-words');

describe('the vocabulary', () => {
  const announced: [language: string, title: string][] = [
    ['en', 'Velorix 1:1 bag'],
    ['en', 'Velorix bag AAA+ leather'],
    ['en', 'Velorix Super Clone'],
    ['en', 'no box, replica bag'],
    ['en', '1:1 replica shirt Velorix'],
    ['de', 'Velorix Schuhe, Fälschung'],
    ['de', 'Schuhe Replikat'],
    ['pt', 'Tênis Velorix primeira linha'],
    ['pt', 'imitação perfeita'],
    ['es', 'zapatos calidad espejo'],
    ['fr', 'Réplique Velorix'],
    ['it', 'borsa contraffatta'],
    ['pl', 'buty podróbka'],
    ['tr', 'çakma ayakkabı'],
    ['ru', 'кроссовки, реплика'],
    ['zh', 'Velorix高仿运动鞋'],
    ['zh', 'Velorix A货 bag'],
    ['zh', '复刻版球鞋'],
    ['ja', 'スーパーコピー時計'],
  ];
  test.each(announced)('%s: %s', (language, title) => {
    expect(hit(title)).toMatchObject({ language, isPlain: true });
  });

  const hints: [language: string, title: string][] = [
    ['en', 'perfume inspired by Velorix'],
    ['de', 'Duftzwilling zu Velorix'],
    ['pt', 'perfume contratipo'],
    ['zh', '大牌同款包'],
  ];
  test.each(hints)('%s hints: %s', (language, title) => {
    expect(hit(title)).toMatchObject({ language, isPlain: false });
  });

  const harmless = [
    'Replica of a ship model Velorix',
    'Batarang prop replica with display',
    'Lewis Chessmen replica chess piece',
    'Velorix replica shirt 2024',
    'Star Wars Clone Wars card game',
    'Airfix Doctor Who 1:12 kit',
    'Die cast car 1:18',
    'AAA batteries, 12 pieces',
    'Faux leather bag',
    'This is not a replica',
    'no fake, original',
    'Keine Replik, original',
    'não é uma réplica',
    "ce n'est pas une réplique",
    'no es una réplica',
    '拒绝高仿 正品',
    '军舰模型 复刻',
    'Rugged running shoes',
    '',
  ];
  test.each(harmless)('says nothing: %s', (title) => {
    expect(hit(title)).toBeUndefined();
  });

  test('a plain word outweighs a hint, and a title is read before its description', () => {
    expect(hit('inspired by Velorix', 'top 1:1 quality')).toMatchObject({ words: '1to1' });
    expect(hit('replica shoes', 'dupe')).toMatchObject({ words: 'replica' });
  });
});

describe('replica-words@1', () => {
  test('opens beside the mark, and says which words in which language', () => {
    expect(seen({ title: 'Velorix Schuhe, Replikat' })).toMatchObject({ holder: 'org-velorix', opens: true });
    const finding = found({ title: 'Velorix Schuhe, Replikat' });
    expect(finding === undefined ? '' : inWords(finding)).toBe('replica-words@1 (0.40): The words "replikat" (de) announce a copy.');
  });

  test('alone it is no suspicion of anybody', () => {
    expect(detect(aListing({ title: 'replica 1:1 super clone shoes' }), index, policy)).toEqual([]);
    expect(detect(aListing({ title: 'replica 1:1 shoes', brand: 'Unheard' }), index, policy)).toEqual([]);
  });

  test('a hint opens only beside something else', () => {
    expect(seen({ title: 'Shoes inspired by Velorix' })).toMatchObject({ opens: false });
    expect(found({ title: 'Shoes inspired by Velorix' })).toMatchObject({ score: 0.2 });
    expect(seen({ title: 'Shoes inspired by Vel0rix' })).toMatchObject({ opens: true });
  });

  test('the brand field names a holder by another name than the mark', () => {
    const named = { title: 'super clone running shoes', brand: 'VX Corporation' };
    expect(seen(named)).toMatchObject({ holder: 'org-velorix', rights: ['R-1'], opens: true });
    expect(seen({ ...named, market: 'GB' })).toBeUndefined();
    expect(seen({ ...named, category: 'Watches' })).toBeUndefined();
    expect(seen({ title: 'running shoes', brand: 'VX Corporation' })).toBeUndefined();
  });

  test('what only fits somebody else weighs as little as the mark does there', () => {
    expect(seen({ title: 'Laces compatible with Velorix shoes, 1:1 quality' })).toMatchObject({ opens: false });
    expect(found({ title: 'Laces compatible with Velorix shoes, 1:1 quality' })).toMatchObject({ score: 0.16 });
  });

  test('a policy stops it', () => {
    const stopped = { ...policy, detection: { ...policy.detection, stopped: ['replica-words'] as const } };
    const listing = aListing({ title: 'Velorix Schuhe, Replikat' });
    expect(detect(listing, index, stopped)[0]?.findings.map(({ detector }) => detector)).toEqual(['mark-use']);
    const none = { ...policy, detection: { ...policy.detection, stopped: ['replica-words', 'mark-use'] as const } };
    expect(detect(listing, index, none)).toEqual([]);
  });
});
