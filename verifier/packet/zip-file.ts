import { CENTRAL_BYTES, centralHeader, END_BYTES, endRecord, localHeader, MOST_MEMBERS, type ZipMember } from '../../domain/packet/zip-layout.ts';

/** A file that can be read at any place: an open file, or what a page was given. */
export interface PacketSource {
  readonly size: number;
  /** The bytes from `offset` on; fewer than `length` only at the end of the file. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** A file in the packet by its path inside the bag, and where its bytes are. */
export interface PacketEntry {
  readonly path: string;
  readonly offset: number;
  readonly size: number;
  readonly crc32: number;
}

export interface PacketFiles {
  readonly folder: string;
  readonly entries: readonly PacketEntry[];
}

/** What makes a file no packet, in words; `file` is the one inside that it is about. */
export class BrokenPacket extends Error {
  readonly file: string | undefined;

  constructor(what: string, file?: string) {
    super(file === undefined ? what : `${file}: ${what}`);
    this.name = 'BrokenPacket';
    this.file = file;
  }
}

/** By its beginning or its end: a packet of which one is changed is told what is wrong with it as a packet. */
export async function isZip(source: PacketSource): Promise<boolean> {
  const starts = async (offset: number) => String.fromCharCode(...(await source.read(offset, 2))) === 'PK';
  return (await starts(0)) || (await starts(Math.max(0, source.size - END_BYTES)));
}

const MOST_DIRECTORY_BYTES = 32 * 1024 * 1024;
/** What `build-packet` gives as names; nothing that could leave the folder when it is unpacked, or look like something else. */
const PATH = /^[A-Za-z0-9_-][A-Za-z0-9._-]*(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$/;

/**
 * The files of a packet. Everything that is not a file's own bytes is made again from paths, sizes and checksums and compared byte by
 * byte: nothing hides between, before or behind the files, no name is there twice, and nothing is compressed, so that nothing
 * unpacks to more than it is.
 * @throws BrokenPacket
 */
export async function readPacketFiles(source: PacketSource): Promise<PacketFiles> {
  const { members, directoryBytes, directoryOffset } = await readEnd(source);
  const directory = await source.read(directoryOffset, directoryBytes);
  const entries: PacketEntry[] = [];
  const folder = new Set<string>();
  let [at, offset, last] = [0, 0, ''];
  for (let index = 0; index < members; index++) {
    const member = memberAt(directory, at, index);
    const header = centralHeader(member, offset);
    if (!same(directory.subarray(at, at + header.length), header))
      throw new BrokenPacket('its entry in the directory is not as written', member.path);
    if (member.path <= last) throw new BrokenPacket('it is there twice, or out of order', member.path);
    const local = localHeader(member);
    if (!same(await source.read(offset, local.length), local))
      throw new BrokenPacket('what stands before it differs from the directory', member.path);
    const slash = member.path.indexOf('/');
    folder.add(member.path.slice(0, slash));
    entries.push({ ...member, path: member.path.slice(slash + 1), offset: offset + local.length });
    last = member.path;
    at += header.length;
    offset += local.length + member.size;
  }
  if (at !== directoryBytes || offset !== directoryOffset) throw new BrokenPacket('there is something between the files and their directory');
  const [name = '', ...others] = folder;
  if (name === '' || others.length > 0) throw new BrokenPacket('its files are not all in one folder');
  return { folder: name, entries };
}

async function readEnd(source: PacketSource): Promise<{ members: number; directoryBytes: number; directoryOffset: number }> {
  const end = await source.read(Math.max(0, source.size - END_BYTES), END_BYTES);
  const wrong = new BrokenPacket('its end is not that of a packet: it is cut off, or something was added or changed');
  if (end.length < END_BYTES) throw wrong;
  const view = viewOf(end);
  const [members, directoryBytes, directoryOffset] = [view.getUint16(10, true), view.getUint32(12, true), view.getUint32(16, true)];
  const fits = directoryOffset + directoryBytes + END_BYTES === source.size && directoryBytes <= MOST_DIRECTORY_BYTES && members <= MOST_MEMBERS;
  if (!fits || !same(end, endRecord(members, directoryBytes, directoryOffset))) throw wrong;
  return { members, directoryBytes, directoryOffset };
}

function memberAt(directory: Uint8Array, at: number, index: number): ZipMember {
  const wrong = new BrokenPacket(`entry ${index + 1} of its directory is cut off or has a name that no packet has`);
  if (at + CENTRAL_BYTES > directory.length) throw wrong;
  const view = viewOf(directory);
  const name = directory.subarray(at + CENTRAL_BYTES, at + CENTRAL_BYTES + view.getUint16(at + 28, true));
  const path = String.fromCharCode(...name.subarray(0, 1_000));
  if (!PATH.test(path)) throw wrong;
  return { path, crc32: view.getUint32(at + 16, true), size: view.getUint32(at + 20, true) };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
