import { isDigest } from '../../domain/capture.ts';
import { type Member, type PacketOptions, packetContents } from '../../domain/packet/contents.ts';
import type { PacketFacts, PacketSubject } from '../../domain/packet/facts.ts';
import { type MissingItem, missingFrom } from '../../domain/packet/missing.ts';
import { hexOf } from '../../domain/packet/paths.ts';
import { vaultCorrupt } from '../failures.ts';
import type { VaultPort } from '../ports.ts';
import { drawCover } from './draw-cover.ts';
import { readVault } from './read-vault.ts';
import { type BagFile, bagFile, bagFiles, zipped } from './zip-bag.ts';

/** A packet that can be written, or why not: something in `missing` refuses. */
export interface BuiltPacket {
  /** What the recipient expects and the packet does not have, each with its cure; empty for a complete packet. */
  readonly missing: readonly MissingItem[];
  /** Absent when the packet is refused. */
  readonly packet?: {
    /** The bag's folder; the file is best called the same with `.zip`. */
    readonly folder: string;
    readonly files: readonly { readonly path: string; readonly size: number; readonly sha256: string }[];
    /** The bytes of the ZIP file, the same each time. Ends with `vault-corrupt` when the vault changes meanwhile. */
    bytes(): AsyncIterable<Uint8Array>;
  };
}

/**
 * Puts a packet together: reads the vault to the end once, says what is missing, and is then ready to give the bytes. Nothing large is
 * held in memory: an object of the vault is read again when its turn in the file comes.
 * @throws ActivityFailure `vault-unavailable`
 */
export async function buildPacket(vault: VaultPort, subject: PacketSubject, options: PacketOptions): Promise<BuiltPacket> {
  const facts = await readVault(vault, subject);
  const missing = missingFrom(facts, options.profile, options.discloses);
  if (missing.some(({ refuses }) => refuses)) return { missing };
  const { folder, asOf, payload, readme } = packetContents(facts, missing, options);
  const files: BagFile[] = [];
  for (const member of payload) files.push(await fileOf(vault, facts, member));
  const description = `Evidence packet for the profile ${options.profile.id}, version ${options.profile.version}`;
  const bag = bagFiles({ identifier: subject.id, description, date: asOf.slice(0, 10), readme, payload: files });
  return { missing, packet: { folder, files: bag.map(({ path, size, sha256 }) => ({ path, size, sha256 })), bytes: () => zipped(folder, bag) } };
}

async function fileOf(vault: VaultPort, facts: PacketFacts, member: Member): Promise<BagFile> {
  if ('text' in member) return bagFile(member.path, member.text);
  if ('cover' in member) return bagFile(member.path, await drawCover(member.cover));
  const { path, digest } = member;
  const object = facts.vault.get(digest);
  if (!isDigest(digest) || typeof object !== 'object') throw vaultCorrupt(digest);
  const bytes = async () => {
    const pieces = await vault.read(digest);
    if (pieces === undefined) throw vaultCorrupt(digest);
    return pieces;
  };
  return { path, sha256: hexOf(digest), ...object, bytes };
}
