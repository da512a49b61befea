import { utf8ToBytes } from '@noble/hashes/utils.js';

/**
 * The one form that a packet's ZIP file has: members stored as they are, sizes and checksum in front of the bytes, one fixed date,
 * nothing optional. Every byte that is not a member's follows from path, size and checksum, so that the writer and the verifier
 * make it by the same functions, and a packet is the same bytes in every time zone, on every machine and with every library.
 */
export interface ZipMember {
  /** ASCII, with forward slashes. */
  readonly path: string;
  readonly size: number;
  readonly crc32: number;
}

/** Members and files are kept below what needs the ZIP64 form, which not every reader knows. */
export const MOST_MEMBERS = 65_534;
export const MOST_ZIP_BYTES = 0xff_ff_ff_fe;

export const LOCAL_BYTES = 30;
export const CENTRAL_BYTES = 46;
export const END_BYTES = 22;

const UTF8_NAMES = 0x0800;
const VERSION_NEEDED = 20;
const MADE_BY_UNIX = (3 << 8) | VERSION_NEEDED;
/** 1 January 1980, 00:00: the earliest that the form can say. The real dates are inside. */
const DOS_DATE = 0x0021;
/** An ordinary file that its owner may write and everybody may read. */
const MODE = 0o100644;

/** What stands in front of a member's bytes. */
export function localHeader({ path, size, crc32 }: ZipMember): Uint8Array {
  const name = utf8ToBytes(path);
  const fields = new Fields(LOCAL_BYTES, name);
  fields.u32(0x04034b50).u16(VERSION_NEEDED).u16(UTF8_NAMES).u16(0).u16(0).u16(DOS_DATE);
  return fields.u32(crc32).u32(size).u32(size).u16(name.length).u16(0).bytes;
}

/** A member's entry in the directory at the end; `offset` is where its local header begins. */
export function centralHeader({ path, size, crc32 }: ZipMember, offset: number): Uint8Array {
  const name = utf8ToBytes(path);
  const fields = new Fields(CENTRAL_BYTES, name);
  fields.u32(0x02014b50).u16(MADE_BY_UNIX).u16(VERSION_NEEDED).u16(UTF8_NAMES).u16(0).u16(0).u16(DOS_DATE);
  fields.u32(crc32).u32(size).u32(size).u16(name.length).u16(0).u16(0).u16(0).u16(0);
  return fields.u32((MODE << 16) >>> 0).u32(offset).bytes;
}

/** The end of the file: how many members, where their directory begins and how long it is. */
export function endRecord(members: number, directoryBytes: number, directoryOffset: number): Uint8Array {
  const fields = new Fields(END_BYTES, new Uint8Array());
  return fields.u32(0x06054b50).u16(0).u16(0).u16(members).u16(members).u32(directoryBytes).u32(directoryOffset).u16(0).bytes;
}

/** Little-endian numbers, one after the other, in front of a name. */
class Fields {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(fixed: number, name: Uint8Array) {
    this.bytes = new Uint8Array(fixed + name.length);
    this.bytes.set(name, fixed);
    this.#view = new DataView(this.bytes.buffer);
  }

  u16(value: number): this {
    this.#view.setUint16(this.#at, value, true);
    this.#at += 2;
    return this;
  }

  u32(value: number): this {
    this.#view.setUint32(this.#at, value, true);
    this.#at += 4;
    return this;
  }
}

const TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xed_b8_83_20 : value >>> 1;
  return value;
});

/** The CRC-32 of bytes that follow those of `before` (0 at the start). */
export function crc32(bytes: Uint8Array, before = 0): number {
  let crc = ~before;
  for (const byte of bytes) crc = (crc >>> 8) ^ (TABLE[(crc ^ byte) & 0xff] ?? 0);
  return ~crc >>> 0;
}
