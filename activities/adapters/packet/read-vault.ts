import { crc32 } from 'node:zlib';
import { isDigest, partsOf, readCapture, readOffer } from '../../../domain/capture.ts';
import type { PacketFacts, PacketSubject, VaultObject } from '../../../domain/packet/facts.ts';
import { outlineOf } from '../../../domain/packet/outline.ts';
import { ActivityFailure, FailureType } from '../../failures.ts';
import type { VaultPort } from '../../ports.ts';

/** A list of a capture's parts, or a listing's data, beyond this is none of ours: it is counted, and not read. */
const MOST_TEXT = 4 * 1024 * 1024;

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
  for (const { digest } of subject.cover.documents) await look(digest);
  return { ...subject, captures, vault: objects };
}

interface Looked {
  readonly found: VaultObject;
  readonly text: string;
}

async function lookAt(vault: VaultPort, digest: string, wantsText: boolean): Promise<Looked> {
  const pieces = isDigest(digest) ? await vault.read(digest) : undefined;
  if (pieces === undefined) return { found: 'absent', text: '' };
  let size = 0;
  let sum = 0;
  const kept: Uint8Array[] = [];
  try {
    for await (const piece of pieces) {
      size += piece.length;
      sum = crc32(piece, sum);
      if (wantsText && size <= MOST_TEXT) kept.push(piece);
    }
  } catch (error) {
    if (error instanceof ActivityFailure && error.type === FailureType.vaultCorrupt) return { found: 'changed', text: '' };
    throw error;
  }
  return { found: { size, crc32: sum }, text: size <= MOST_TEXT ? Buffer.concat(kept).toString('utf8') : '' };
}
