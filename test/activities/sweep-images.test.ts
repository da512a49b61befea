import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { marketplaceRejected, marketplaceUnavailable } from '../../adapters/failures.ts';
import { ImageRefusal } from '../../adapters/ports.ts';
import { compareImages, type Examinee, hashReferences, type ImageDeps } from '../../activities/sweep-images.ts';
import { examine } from '../../domain/detection/detect.ts';
import { buildDetectionIndex, type DetectionIndex } from '../../domain/detection/detection-index.ts';
import type { ListingFacts } from '../../domain/detection/model.ts';
import { inWords } from '../../domain/detection/reasons.ts';
import type { Detector } from '../../domain/policy/detection-policy.ts';
import type { PolicyValues } from '../../domain/policy/policy.ts';
import { ReferenceImageRow, ReferenceRow } from '../../store/schema/entities/register.ts';
import { work } from '../../store/connection/orm.ts';
import { referenceHashes } from '../../store/register/reference-images.ts';
import { AT, aDetectionPolicy, aListing, aRight } from '../detection/builders.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

const HASH = '0123456789abcdef0123456789abcdef';
const OTHER = 'fedcba9876543210fedcba9876543210';

/** A marketplace whose pictures are named after their hashes, and that fails or refuses by name. */
function aPort(isAway = false): ImageDeps & { readonly asked: string[] } {
  const asked: string[] = [];
  const marketplace = {
    answersFor: async () => !isAway,
    image: async (address: string): Promise<Uint8Array | undefined> => {
      asked.push(address);
      if (address.startsWith('away')) throw marketplaceUnavailable('status 503');
      if (address.startsWith('forbidden')) throw marketplaceRejected('forbidden', 'no');
      if (address.startsWith('broken')) throw new TypeError('a bug of ours');
      return address === 'none' ? undefined : new TextEncoder().encode(address);
    },
  };
  const hash = async (bytes: Uint8Array) => {
    const name = new TextDecoder().decode(bytes);
    return name === 'bomb' ? { refused: ImageRefusal.tooManyPixels } : { hash: name.slice(0, 32) };
  };
  // Only the calls that are made here.
  const deps = { marketplace, images: { hash }, signal: new AbortController().signal, alive: () => {} };
  return { ...(deps as unknown as ImageDeps), asked };
}

let policy: PolicyValues;
let index: DetectionIndex;
beforeAll(async () => {
  policy = await aDetectionPolicy();
  const references = [{ brand: 'Velorix', product: 'Cloudstride', hashes: [HASH] }];
  index = buildDetectionIndex({ rights: [aRight({})], organisations: [], authorisedSellers: [], references }, policy, AT);
});

const examined = (more: Partial<ListingFacts>): Examinee => {
  const facts = aListing(more);
  return { listing: { facts, version: 'v' }, ...examine(facts, index, policy) };
};
const budget = (left = 10) => ({ left, failures: new Map<string, number>(), isAway: false });
const without = (...stopped: readonly Detector[]): PolicyValues => ({ ...policy, detection: { ...policy.detection, stopped } });
const NAMED = { title: 'Velorix shoes' };
const COPY = { title: 'Super clone shoes' };

describe('pictures of listings', () => {
  test('are fetched only where words point to a holder with reference pictures', async () => {
    const port = aPort();
    const quiet = [examined({ images: [HASH] }), examined({ ...NAMED, images: [] }), examined({ ...NAMED, description: '' })];
    expect(await compareImages(port, quiet, index, policy, budget())).toEqual(quiet);
    const none = { ...index, images: [] };
    expect(await compareImages(port, [examined({ ...NAMED, images: [HASH] })], none, policy, budget())).toHaveLength(1);
    expect(await compareImages(port, [examined({ ...NAMED, images: [HASH] })], index, without('image-match'), budget())).toHaveLength(1);
    expect(port.asked).toEqual([]);
  });

  test('beside the mark they are a reason that opens nothing by itself', async () => {
    const [found] = await compareImages(aPort(), [examined({ ...NAMED, images: ['none', OTHER, HASH] })], index, policy, budget());
    expect(found?.suspicions[0]?.findings.map(({ detector, score }) => [detector, score])).toEqual([
      ['mark-use', 0.4],
      ['image-match', 0.25],
    ]);
    expect(found?.suspicions[0]?.opens).toBe(false);
    const finding = found?.suspicions[0]?.findings[1];
    expect(finding === undefined ? '' : inWords(finding)).toBe(
      'image-match@1 (0.25): It shows the holder\'s reference picture of "Cloudstride" (0 of 128 bits differ).',
    );
  });

  test('beside words of a copy they say whose goods they are, and open', async () => {
    const [found] = await compareImages(aPort(), [examined({ ...COPY, images: [HASH] })], index, policy, budget());
    expect(found?.suspicions).toMatchObject([{ holder: 'org-velorix', rights: ['R-1'], opens: true }]);
    const pictured = aListing({ ...COPY, images: [HASH] });
    const quiet = { listing: { facts: pictured, version: 'v' }, ...examine(pictured, index, without('replica-words')) };
    expect((await compareImages(aPort(), [quiet], index, without('replica-words'), budget()))[0]?.suspicions).toEqual([]);
    const [abroad] = await compareImages(aPort(), [examined({ ...COPY, market: 'GB', images: [HASH] })], index, policy, budget());
    expect(abroad?.suspicions).toEqual([]);
  });

  test('that are hostile are a fact of the case, and the listing counts as examined', async () => {
    const [found] = await compareImages(aPort(), [examined({ ...NAMED, images: ['bomb', 'forbidden', 'none'] })], index, policy, budget());
    const finding = found?.suspicions[0]?.findings[1];
    expect(finding === undefined ? '' : inWords(finding)).toBe('image-match@1 (0.00): Its pictures could not be compared (too-many-pixels).');
    expect(found?.suspicions[0]?.score).toBe(0.4);
    expect(found?.isUnfinished).toBeUndefined();
  });

  test('that cannot be had now leave the listing to the next sweep; a seller whose pictures do not come is not waited for at every listing', async () => {
    const port = aPort();
    const listings = Array.from({ length: 9 }, (_, n) => examined({ ...NAMED, listing: `shop:${n}`, images: [`away-${n}`, HASH] }));
    const found = await compareImages(port, listings, index, policy, budget());
    expect(found.every(({ isUnfinished }) => isUnfinished === true)).toBe(true);
    expect(port.asked).toEqual(['away-0', HASH, 'away-1', HASH, 'away-2', HASH]);
    expect(found[8]?.suspicions[0]?.findings[1]?.reasons[0]?.params).toEqual({ why: 'marketplace-unavailable' });
  });

  test('of one seller never blind the detector for another, and one that stalls does not hide those behind it', async () => {
    const port = aPort();
    const hostile = Array.from({ length: 5 }, (_, n) => examined({ ...NAMED, listing: `shop:${n}`, seller: 'hostile', images: [`away-${n}`] }));
    const mixed = examined({ ...NAMED, listing: 'shop:mixed', seller: 'mixed', images: ['away-9', HASH] });
    const honest = examined({ ...NAMED, listing: 'shop:honest', seller: 'honest', images: [HASH] });
    const found = await compareImages(port, [...hostile, mixed, honest], index, policy, budget());
    expect(found.slice(5).map(({ suspicions }) => suspicions[0]?.findings.map(({ detector }) => detector))).toEqual([
      ['mark-use', 'image-match'],
      ['mark-use', 'image-match'],
    ]);
    expect(found.map(({ isUnfinished }) => isUnfinished ?? false)).toEqual([true, true, true, true, true, true, false]);
    expect(port.asked).toEqual(['away-0', 'away-1', 'away-2', 'away-9', HASH, HASH]);
  });

  test('of a marketplace that is away itself are asked for once, whoever sells', async () => {
    const port = aPort(true);
    const listings = Array.from({ length: 9 }, (_, n) => examined({ ...NAMED, listing: `shop:${n}`, seller: `s-${n}`, images: [`away-${n}`] }));
    const found = await compareImages(port, listings, index, policy, budget());
    expect(found.every(({ isUnfinished }) => isUnfinished === true)).toBe(true);
    expect(port.asked).toEqual(['away-0']);
  });

  test('are fetched for so many listings of a sweep, and the first few of each', async () => {
    const port = aPort();
    const many = Array.from({ length: 50 }, (_, n) => `${OTHER}${n}`);
    const found = await compareImages(port, [examined({ ...NAMED, images: many }), examined({ ...NAMED, images: many })], index, policy, budget(1));
    expect(port.asked).toHaveLength(8);
    expect(found.map(({ isUnfinished }) => isUnfinished ?? false)).toEqual([false, true]);
  });

  test('a bug of ours is no fact about a picture', async () => {
    await expect(compareImages(aPort(), [examined({ ...NAMED, images: ['broken'] })], index, policy, budget())).rejects.toThrow(TypeError);
  });
});

describe('reference pictures', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await testDatabase();
    const row = { brand: 'Velorix', product: 'Cloudstride', images: [HASH, 'bomb', 'none', 'away-1'] };
    await work(db.store).insert(ReferenceRow, { brand: 'Velorix', partNumber: '1', currency: '', row });
  });
  afterAll(() => db?.close());

  test('are looked at once; what could not be reached is tried again', async () => {
    const port = aPort();
    const em = () => work(db.store);
    await hashReferences(port, em(), without('image-match'));
    expect(port.asked).toEqual([]);
    await hashReferences(port, em(), policy);
    expect(port.asked.toSorted()).toEqual([HASH, 'away-1', 'bomb', 'none']);
    expect([...(await referenceHashes(em()))]).toEqual([[HASH, HASH]]);
    const refused = await em().find(ReferenceImageRow, { hash: null }, { orderBy: { address: 'asc' } });
    expect(refused.map((row) => [row.address, row.refused])).toEqual([
      ['bomb', 'too-many-pixels'],
      ['none', 'not-to-be-had'],
    ]);
    await hashReferences(port, em(), policy);
    expect(port.asked.slice(4)).toEqual(['away-1']);
  });

  test('of a brand whose pictures never come do not hold up those of another', async () => {
    const row = (brand: string, images: readonly string[]) => ({ brand, partNumber: '2', currency: '', row: { brand, product: 'x', images } });
    await work(db.store).insert(
      ReferenceRow,
      row(
        'Aaa',
        Array.from({ length: 20 }, (_, n) => `away-a${n}`),
      ),
    );
    await work(db.store).insert(ReferenceRow, row('Zzz', [OTHER]));
    const few = { ...policy, detection: { ...policy.detection, imageMatch: { ...policy.detection.imageMatch, mostReferences: 4 } } };
    await hashReferences(aPort(), work(db.store), few);
    expect((await referenceHashes(work(db.store))).get(OTHER)).toBe(OTHER);
  });
});
