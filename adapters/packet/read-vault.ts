import { crc32 } from 'node:zlib';
import { isDigest, partsOf, readCapture, readOffer } from '../../domain/capture.ts';
import type { PacketDocument, PacketFacts, PacketSubject, VaultObject } from '../../domain/packet/facts.ts';
import { extensionOf, KIND_BYTES } from '../../domain/packet/file-kind.ts';
import { outlineOf } from '../../domain/packet/outline.ts';
import { ActivityFailure, FailureType } from '../failures.ts';
import type { VaultPort } from '../ports.ts';

/** A list of a capture's parts, or a listing's data, beyond this is none of ours: it is counted, and not read. */
const MOST_TEXT = 4 * 1024 * 1024;
const NOTHING = new Uint8Array();

/**
 * Looks up everything in the vault that a subject names: each object is read once to the end, so that its size, its checksum and
 * its digest are known before anything is packed.
 * @throws ActivityFailure `vault-unavailable`
 */
export async function readVault(vault: VaultPort, subject: PacketSubject): Promise<PacketFacts> {
  const objects = new Map<string, VaultObject>();
  const look = async (digest: string, wantsText = false): Promise<string> => {
    const { found, text } = await lookAt(vault, digest, wantsText);
    objects.set(digest, found);
    return text;
  };
  const captures = new Map<string, { manifest: NonNullable<ReturnType<typeof readCapture>>; offer: ReturnType<typeof readOffer> }>();
  for (const digest of subject.cases.flatMap(({ history }) => outlineOf(history).captures.map((capture) => capture.digest))) {
    const manifest = readCapture(await look(digest, true));
    if (manifest === undefined) continue;
    for (const part of partsOf(manifest)) if (part.digest !== null && part.role !== 'data') await look(part.digest);
    captures.set(digest, { manifest, offer: readOffer(await look(manifest.data, true)) });
  }
  const documents: PacketDocument[] = [];
  for (const document of subject.cover.documents) {
    const { found, beginning } = await lookAt(vault, document.digest, false);
    objects.set(document.digest, found);
    const extension = document.extension ?? extensionOf(beginning);
    documents.push({ ...document, ...(extension !== undefined && { extension }) });
  }
  return { ...subject, cover: { ...subject.cover, documents }, captures, vault: objects };
}

interface Looked {
  readonly found: VaultObject;
  readonly beginning: Uint8Array;
  readonly text: string;
}

async function lookAt(vault: VaultPort, digest: string, wantsText: boolean): Promise<Looked> {
  const pieces = isDigest(digest) ? await vault.read(digest) : undefined;
  if (pieces === undefined) return { found: 'absent', text: '', beginning: NOTHING };
  let size = 0;
  let sum = 0;
  let beginning: Uint8Array = NOTHING;
  const kept: Uint8Array[] = [];
  try {
    for await (const piece of pieces) {
      size += piece.length;
      if (beginning.length < KIND_BYTES) beginning = Buffer.concat([beginning, piece.subarray(0, KIND_BYTES)]);
      sum = crc32(piece, sum);
      if (wantsText && size <= MOST_TEXT) kept.push(piece);
    }
  } catch (error) {
    if (error instanceof ActivityFailure && error.type === FailureType.vaultCorrupt) return { found: 'changed', text: '', beginning: NOTHING };
    throw error;
  }
  return { found: { size, crc32: sum }, beginning, text: size <= MOST_TEXT ? Buffer.concat(kept).toString('utf8') : '' };
}
