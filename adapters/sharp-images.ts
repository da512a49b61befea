import sharp from 'sharp';
import { type ImageHasher, ImageRefusal } from './ports.ts';

/** A camera's largest; a bomb of a few kilobytes names billions. */
const MOST_PIXELS = 50_000_000;
/** The longest side of a picture that people look at: one line of 50 million points takes gigabytes, one column of them minutes. */
const MOST_SIDE = 16_384;
/** Most bytes that one picture takes where its coding has it unpacked whole: interlaced, progressive, GIF, WebP. */
const MOST_WHOLE_BYTES = 100_000_000;
const SECONDS = 5;
/** What a picture is reduced to before its plain border is cut off, and then to be compared. */
const SMALL = 256;
const GRID = 9;
const BORDER = 12;
/** Steps of grey (of 256) that are noise of a codec, not a difference; and the range below which nothing is on the picture. */
const NOISE = 2;
const FLAT = 16;

/** Formats by their first bytes; every other loader of the library is shut, so that a name or a header cannot reach one. */
const KINDS: readonly (readonly [offset: number, bytes: string])[] = [
  [0, '\xff\xd8\xff'],
  [0, '\x89PNG\r\n\x1a\n'],
  [0, 'GIF8'],
  [8, 'WEBP'],
];
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['VipsForeignLoadJpegBuffer', 'VipsForeignLoadPngBuffer', 'VipsForeignLoadNsgifBuffer', 'VipsForeignLoadWebpBuffer'],
});
// Each picture is looked at once, beside the worker's other activities.
sharp.cache(false);
sharp.concurrency(1);

/**
 * Hashes JPEG, PNG, GIF (first frame) and WebP by their gradients (difference hash): the picture without its plain border on 9 x 9 grey points,
 * one bit for each pair of neighbours, 64 across and 64 down. Size, format, compression, brightness and border make little difference; cropping into the
 * picture, mirroring and text across it do.
 */
export function sharpImages(): ImageHasher {
  return {
    async hash(bytes) {
      if (!isKnownKind(bytes)) return { refused: ImageRefusal.noImage };
      try {
        if (await isTooLarge(bytes)) return { refused: ImageRefusal.tooManyPixels };
        return hashOf(await greyPoints(bytes));
      } catch (error) {
        // The library has one class of error for all that bytes can be; only its words tell a bomb from damage.
        return { refused: error instanceof Error && error.message.includes('pixel limit') ? ImageRefusal.tooManyPixels : ImageRefusal.unreadable };
      }
    },
  };
}

function isKnownKind(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.subarray(0, 16)).toString('latin1');
  return KINDS.some(([offset, magic]) => head.startsWith(magic, offset));
}

const OPTIONS = { limitInputPixels: MOST_PIXELS, failOn: 'error', pages: 1, sequentialRead: true } as const;
const BYTES_OF_SAMPLE: Readonly<Record<string, number>> = { ushort: 2 };

/** Whether unpacking it would take more memory or time than a picture may; only its header is read. */
async function isTooLarge(bytes: Uint8Array): Promise<boolean> {
  const { width, height, channels, depth, format, isProgressive } = await sharp(bytes, OPTIONS).metadata();
  if (Math.max(width, height) > MOST_SIDE) return true;
  // Everything else is unpacked line by line.
  const isHeldWhole = isProgressive || format === 'gif' || format === 'webp';
  return isHeldWhole && width * height * channels * (BYTES_OF_SAMPLE[depth] ?? 1) > MOST_WHOLE_BYTES;
}

/** 81 grey values, row by row. */
async function greyPoints(bytes: Uint8Array): Promise<Uint8Array> {
  const small = await sharp(bytes, OPTIONS)
    .timeout({ seconds: SECONDS })
    .autoOrient()
    .resize(SMALL, SMALL, { fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#ffffff' })
    .greyscale()
    .toColourspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = small.info;
  const { data } = await sharp(small.data, { raw: { width, height, channels } })
    .trim({ threshold: BORDER })
    .resize(GRID, GRID, { fit: 'fill' })
    .toColourspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return data;
}

function hashOf(points: Uint8Array): { readonly hash: string } | { readonly refused: ImageRefusal } {
  if (Math.max(...points) - Math.min(...points) < FLAT) return { refused: ImageRefusal.featureless };
  const at = (x: number, y: number): number => points[y * GRID + x] ?? 0;
  const pairs = Array.from({ length: (GRID - 1) ** 2 }, (_, n) => [n % (GRID - 1), Math.floor(n / (GRID - 1))] as const);
  const across = pairs.map(([x, y]) => at(x, y) > at(x + 1, y) + NOISE);
  const down = pairs.map(([x, y]) => at(x, y) > at(x, y + 1) + NOISE);
  return { hash: hexOf([...across, ...down]) };
}

function hexOf(bits: readonly boolean[]): string {
  const digits = Array.from({ length: bits.length / 4 }, (_, digit) =>
    [0, 1, 2, 3].reduce((sum, bit) => sum * 2 + (bits[digit * 4 + bit] ? 1 : 0), 0),
  );
  return digits.map((digit) => digit.toString(16)).join('');
}
