import { sha256Hex } from '../../domain/canonical.ts';
import type { PacketPrograms } from '../../domain/packet/contents.ts';
import { redecideProgram } from './rules-bundle.ts';
import { verifyPage } from './verify-page.ts';

let programs: Promise<PacketPrograms> | undefined;

/** What this release puts into every packet for checking it; built once per process. */
export function packetPrograms(): Promise<PacketPrograms> {
  programs ??= Promise.all([redecideProgram(), verifyPage()]).then(([redecide, page]) => ({ redecide, verifyPage: sha256Hex(page) }));
  return programs;
}
