import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { BAG_DECLARATION, BagPath, type Listed, payloadOxum, readManifest } from '../../domain/packet/bag.ts';
import { crc32 } from '../../domain/packet/zip-layout.ts';
import type { Check } from '../check.ts';
import { BrokenPacket, type PacketEntry, type PacketFiles, type PacketSource } from './zip-file.ts';

/** Texts that are read whole: manifests, cases, rules. Captures and documents may be as large as they are. */
const MOST_TEXT_BYTES = 64 * 1024 * 1024;
const PIECE = 1024 * 1024;

/** A bag whose files have all been hashed. */
export interface Bag {
  readonly digests: ReadonlyMap<string, string>;
  text(path: string): Promise<string>;
}

/**
 * The bag as a bag: its declaration, each file's digest against the manifests, both ways, and the number of octets.
 * @throws BrokenPacket naming the first file that is not as listed
 */
export async function checkBag(
  source: PacketSource,
  { folder, entries }: PacketFiles,
): Promise<{ readonly bag: Bag; readonly checks: readonly Check[] }> {
  const byPath = new Map(entries.map((entry) => [entry.path, entry]));
  const text = (path: string) => readText(source, path, byPath.get(path));
  if ((await text(BagPath.declaration)) !== BAG_DECLARATION) throw new BrokenPacket('it does not declare a bag of BagIt 1.0', BagPath.declaration);
  const payload = listed(BagPath.manifest, await text(BagPath.manifest));
  const tags = listed(BagPath.tagManifest, await text(BagPath.tagManifest));
  const digests = new Map<string, string>();
  // The tag files first: they say what the others have to be.
  for (const [name, lines] of [
    [BagPath.tagManifest, tags],
    [BagPath.manifest, payload],
  ] as const) {
    for (const line of lines) digests.set(line.path, await checkFile(source, byPath.get(line.path), line, name));
  }
  for (const { path } of entries) {
    if (path !== BagPath.tagManifest && !digests.has(path)) throw new BrokenPacket('it is in the packet, but no manifest names it', path);
  }
  const stray = payload.find(({ path }) => !path.startsWith(BagPath.payload));
  if (stray !== undefined) throw new BrokenPacket('the payload manifest names it, but it is not payload', stray.path);
  const oxum = payloadOxum(entries.filter(({ path }) => path.startsWith(BagPath.payload)));
  if (!(await text(BagPath.info)).includes(`\nPayload-Oxum: ${oxum}\n`))
    throw new BrokenPacket(`it does not say that the payload is ${oxum}`, BagPath.info);
  return {
    bag: { digests, text },
    checks: [
      { check: 'packet', ok: true, what: `${entries.length} files in the folder ${folder}, nothing before, between or after them` },
      {
        check: 'packet',
        ok: true,
        what: `a bag (BagIt 1.0): ${digests.size} files have the SHA-256 that the manifests name, none is missing or added`,
      },
    ],
  };
}

function listed(name: string, text: string): readonly Listed[] {
  const lines = readManifest(text);
  if ('wrongLine' in lines) throw new BrokenPacket(`line ${lines.wrongLine} is no line of a manifest`, name);
  const double = lines.find(({ path }, index) => index > 0 && path <= (lines[index - 1]?.path ?? ''));
  if (double !== undefined) throw new BrokenPacket(`it names ${double.path} twice, or out of order`, name);
  return lines;
}

async function checkFile(
  source: PacketSource,
  entry: PacketEntry | undefined,
  { path, sha256: expected }: Listed,
  manifest: string,
): Promise<string> {
  if (entry === undefined) throw new BrokenPacket(`${manifest} names it, but it is not in the packet`, path);
  const hash = sha256.create();
  let sum = 0;
  for await (const piece of piecesOf(source, entry)) {
    hash.update(piece);
    sum = crc32(piece, sum);
  }
  const found = bytesToHex(hash.digest());
  if (found !== expected) throw new BrokenPacket(`it does not have the SHA-256 that ${manifest} names`, path);
  if (sum !== entry.crc32) throw new BrokenPacket('it does not have the checksum that stands before it', path);
  return found;
}

async function* piecesOf(source: PacketSource, { offset, size }: PacketEntry): AsyncGenerator<Uint8Array> {
  for (let done = 0; done < size; done += PIECE) {
    const piece = await source.read(offset + done, Math.min(PIECE, size - done));
    if (piece.length === 0) return;
    yield piece;
  }
}

async function readText(source: PacketSource, path: string, entry: PacketEntry | undefined): Promise<string> {
  if (entry === undefined) throw new BrokenPacket('it is not in the packet', path);
  if (entry.size > MOST_TEXT_BYTES) throw new BrokenPacket(`it is larger than ${MOST_TEXT_BYTES} bytes`, path);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await source.read(entry.offset, entry.size));
  } catch {
    throw new BrokenPacket('it is not UTF-8 text', path);
  }
}
