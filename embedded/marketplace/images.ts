import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { crc32, deflateSync } from 'node:zlib';
import { z } from 'zod';

const SIDE = 96;
const BLOCKS = 6;

/** An image and its media type. */
export interface StoredImage {
  readonly type: string;
  readonly bytes: Buffer;
}

const storedSchema = z.object({ type: z.string(), bytes: z.instanceof(Uint8Array) });

/** Keeps an uploaded image under its name. */
export function writeImage(db: DatabaseSync, name: string, { type, bytes }: StoredImage): void {
  db.prepare('insert or replace into images (name, type, bytes) values (?, ?, ?)').run(name, type, bytes);
}

/** An uploaded image; a name `generated-<anything>.png` always has one, drawn from the name. */
export function readImage(db: DatabaseSync, name: string): StoredImage | undefined {
  const row = db.prepare('select type, bytes from images where name = ?').get(name);
  if (row !== undefined) {
    const { type, bytes } = storedSchema.parse(row);
    return { type, bytes: Buffer.from(bytes) };
  }
  return /^generated-.+\.png$/.test(name) ? { type: 'image/png', bytes: drawnFrom(name) } : undefined;
}

/** A square of coloured blocks that is the same for the same name, everywhere and always. */
function drawnFrom(name: string): Buffer {
  const seed = createHash('sha512').update(name).digest();
  const rows = Array.from({ length: SIDE }, (_, y) => {
    const pixels = Array.from({ length: SIDE }, (_x, x) => colourAt(seed, blockOf(x), blockOf(y)));
    return Buffer.concat([Buffer.of(0), ...pixels]);
  });
  const header = Buffer.alloc(13);
  header.writeUInt32BE(SIDE, 0);
  header.writeUInt32BE(SIDE, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(Buffer.concat(rows))), chunk('IEND', Buffer.alloc(0))]);
}

function blockOf(position: number): number {
  return Math.floor((position * BLOCKS) / SIDE);
}

function colourAt(seed: Buffer, column: number, row: number): Buffer {
  const start = (row * BLOCKS + column) % (seed.length - 3);
  return seed.subarray(start, start + 3);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}
