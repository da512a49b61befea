import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { BAG_DECLARATION, BagPath, bagInfoText, type Listed, manifestText, payloadOxum } from '../../domain/packet/bag.ts';
import { centralHeader, endRecord, localHeader, MOST_MEMBERS, MOST_ZIP_BYTES } from '../../domain/packet/zip-layout.ts';

/** A file of the bag whose size and sums are known; its bytes are read when their turn comes. */
export interface BagFile extends Listed {
  readonly size: number;
  readonly crc32: number;
  bytes(): Promise<AsyncIterable<Uint8Array>>;
}

/** A packet that would be larger than the plain ZIP form can hold. */
export class PacketTooLarge extends Error {
  readonly cure = 'Make a packet of fewer cases, or hand large films over separately and name their SHA-256 in a document.';

  constructor(size: number, files: number) {
    super(`The packet would have ${size} bytes in ${files} files, more than a ZIP file without extensions holds.`);
    this.name = 'PacketTooLarge';
  }
}

/** A file from bytes in memory. */
export function bagFile(path: string, content: string | Uint8Array): BagFile {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { path, size: bytes.length, crc32: crc32(bytes), sha256, bytes: async () => once(bytes) };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

export interface BagInput {
  readonly identifier: string;
  readonly description: string;
  /** Civil date of the newest thing in it. */
  readonly date: string;
  readonly readme: string;
  readonly payload: readonly BagFile[];
}

/** The files of a bag: the payload and the files that speak of it, in the order of their paths. */
export function bagFiles({ identifier, description, date, readme, payload }: BagInput): readonly BagFile[] {
  const info = bagInfoText({ identifier, description, date, oxum: payloadOxum(payload) });
  const tags = [
    bagFile(BagPath.info, info),
    bagFile(BagPath.declaration, BAG_DECLARATION),
    bagFile(BagPath.manifest, manifestText(payload)),
    bagFile(BagPath.readme, readme),
  ];
  return [...payload, ...tags, bagFile(BagPath.tagManifest, manifestText(tags))].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * The bag as one ZIP file under its own folder, a piece at a time.
 * @throws PacketTooLarge before the first byte
 */
export async function* zipped(folder: string, files: readonly BagFile[]): AsyncGenerator<Uint8Array> {
  const members = files.map((file) => ({ ...file, path: `${folder}/${file.path}` }));
  const size = members.reduce((sum, member) => sum + 2 * member.path.length + 100 + member.size, 0);
  if (size > MOST_ZIP_BYTES || members.length > MOST_MEMBERS) throw new PacketTooLarge(size, members.length);
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const member of members) {
    const header = localHeader(member);
    directory.push(centralHeader(member, offset));
    yield header;
    for await (const piece of await member.bytes()) yield piece;
    offset += header.length + member.size;
  }
  yield* directory;
  const length = directory.reduce((sum, { length: bytes }) => sum + bytes, 0);
  yield endRecord(members.length, length, offset);
}
