import { crc32, deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { sharpImages } from '../../adapters/sharp-images.ts';
import { ImageRefusal } from '../../adapters/ports.ts';
import { differingBits } from '../../domain/detection/image-match.ts';
import type { PolicyValues } from '../../domain/policy/policy.ts';
import { aDetectionPolicy } from '../detection/builders.ts';
import { aPicture } from '../support/pictures.ts';

const images = sharpImages();
const PICTURES = 30;
let policy: PolicyValues;
let pictures: readonly Buffer[];
let hashes: readonly string[];

async function hashOf(bytes: Uint8Array): Promise<string> {
  const looked = await images.hash(bytes);
  if (!('hash' in looked)) throw new Error(`refused: ${looked.refused}`);
  return looked.hash;
}

beforeAll(async () => {
  policy = await aDetectionPolicy();
  pictures = await Promise.all(Array.from({ length: PICTURES }, (_, n) => aPicture((n + 1) * 7_919)));
  hashes = await Promise.all(pictures.map(hashOf));
});

describe('the same picture, served otherwise', () => {
  const changes: [how: string, change: (picture: Sharp) => Sharp][] = [
    ['as a poor JPEG', (picture) => picture.jpeg({ quality: 40 })],
    ['as WebP', (picture) => picture.webp({ quality: 50 })],
    ['smaller', (picture) => picture.resize(150).jpeg()],
    ['darker', (picture) => picture.modulate({ brightness: 0.8 }).jpeg()],
    ['with a border', (picture) => picture.extend({ top: 60, left: 20, bottom: 5, right: 90, background: '#ffffff' }).jpeg()],
    ['turned by its EXIF', (picture) => picture.rotate(90).withMetadata({ orientation: 8 }).jpeg()],
  ];
  test.each(changes)('%s', async (_, change) => {
    const alike = await Promise.all(
      pictures.map(async (picture, n) => differingBits(hashes[n] ?? '', await hashOf(await change(sharp(picture)).toBuffer()))),
    );
    const missed = alike.filter((bits) => bits > policy.detection.imageMatch.mostDifferent);
    expect(missed.length, `bits: ${alike.join(' ')}`).toBeLessThanOrEqual(1);
  });

  test('and no two different pictures are taken for one', () => {
    const between = hashes.flatMap((a, n) => hashes.slice(n + 1).map((b) => differingBits(a, b)));
    expect(Math.min(...between)).toBeGreaterThan(policy.detection.imageMatch.mostDifferent);
  });
});

describe('what sellers may serve instead', () => {
  const plain = (side: number) => sharp({ create: { width: side, height: side, channels: 3, background: '#123456' } });

  test('is refused by kind, whatever its name or declared type', async () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="file:///etc/passwd" width="9" height="9"/></svg>';
    for (const bytes of [Buffer.from(svg), Buffer.from('<html>'), Buffer.from('%PDF-1.7'), Buffer.alloc(0), await plain(20).tiff().toBuffer()]) {
      expect(await images.hash(bytes)).toEqual({ refused: ImageRefusal.noImage });
    }
  });

  test('a bomb is refused before it is unpacked', async () => {
    // The header alone says 20,000 x 20,000 points: a bomb needs no more.
    const bomb = await plain(20).png().toBuffer();
    bomb.writeUInt32BE(20_000, 16);
    bomb.writeUInt32BE(20_000, 20);
    bomb.writeUInt32BE(crc32(bomb.subarray(12, 29)), 29);
    const start = performance.now();
    expect(await images.hash(bomb)).toEqual({ refused: ImageRefusal.tooManyPixels });
    expect(performance.now() - start).toBeLessThan(2_000);
  });

  /** A PNG that says of itself another size, with rows that pack to nothing. */
  const aPng = (width: number, height: number, bits: 8 | 16, interlaced: boolean): Buffer => {
    const header = Buffer.alloc(13);
    header.writeUInt32BE(width, 0);
    header.writeUInt32BE(height, 4);
    header.set([bits, bits === 16 ? 6 : 2, 0, 0, interlaced ? 1 : 0], 8);
    const chunk = (name: string, data: Buffer): Buffer => {
      const named = Buffer.concat([Buffer.from(name), data]);
      const ends = Buffer.alloc(8);
      ends.writeUInt32BE(data.length, 0);
      ends.writeUInt32BE(crc32(named), 4);
      return Buffer.concat([ends.subarray(0, 4), named, ends.subarray(4)]);
    };
    const rows = deflateSync(Buffer.alloc(height * (1 + width * (bits === 16 ? 8 : 3))));
    return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', header), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))]);
  };

  test.each([
    ['one column of points', () => aPng(1, 20_000_000, 8, false)],
    ['one line of points', () => aPng(40_000_000, 1, 8, false)],
    ['interlaced, so that it is unpacked whole', () => aPng(4_200, 4_200, 16, true)],
    ['progressive', () => plain(6_000).jpeg({ progressive: true }).toBuffer()],
    ['one large frame of an animation', () => plain(5_100).gif().toBuffer()],
  ])('a bomb of another shape is refused by its header: %s', async (_, make) => {
    const bomb = await make();
    const [start, before] = [performance.now(), process.resourceUsage().maxRSS];
    expect(await images.hash(bomb)).toEqual({ refused: ImageRefusal.tooManyPixels });
    expect(performance.now() - start).toBeLessThan(1_000);
    expect(process.resourceUsage().maxRSS - before).toBeLessThan(64 * 1024);
  });

  test('a large picture of an honest camera is read, also when it is interlaced or progressive', async () => {
    const large = (picture: Sharp) => picture.resize(4_900, 4_000, { fit: 'fill' });
    const [first = Buffer.alloc(0)] = pictures;
    for (const bytes of [
      await large(sharp(first)).png({ progressive: true }).toBuffer(),
      await large(sharp(first)).jpeg({ progressive: true }).toBuffer(),
    ])
      expect(Object.keys(await images.hash(bytes))).toEqual(['hash']);
  });

  test('damage is refused, at any place', async () => {
    const png = pictures[0] ?? Buffer.alloc(0);
    expect(await images.hash(png.subarray(0, png.length / 2))).toEqual({ refused: ImageRefusal.unreadable });
    expect(await images.hash(Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.alloc(500, 7)]))).toEqual({ refused: ImageRefusal.unreadable });
    for (let at = 8; at < png.length; at += Math.ceil(png.length / 40)) {
      const broken = Buffer.from(png);
      broken.writeUInt8((broken.readUInt8(at) + 101) % 256, at);
      expect(Object.keys(await images.hash(broken))).toHaveLength(1);
    }
  });

  test('a picture with nothing on it would be like any other', async () => {
    expect(await images.hash(await plain(50).png().toBuffer())).toEqual({ refused: ImageRefusal.featureless });
  });

  test('a picture of one point has no hash', async () => {
    expect(await images.hash(await plain(1).png().toBuffer())).toHaveProperty('refused');
  });
});

test('only the first frame of an animation is looked at', async () => {
  const [first = Buffer.alloc(0), second = Buffer.alloc(0)] = pictures;
  const animation = await sharp([first, second], { join: { animated: true } })
    .gif()
    .toBuffer();
  expect(differingBits(await hashOf(animation), hashes[0] ?? '')).toBeLessThan(differingBits(await hashOf(animation), hashes[1] ?? ''));
});
