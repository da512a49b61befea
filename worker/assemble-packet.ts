import { buildPacket } from '../adapters/packet/build-packet.ts';
import { packetUnknown } from '../adapters/failures.ts';
import type { VaultPort } from '../adapters/ports.ts';
import type { Assemble } from '../activities/referral-packets.ts';
import { profileOf } from '../domain/packet/profile.ts';
import { packetPrograms } from '../verifier/entry/packet-programs.ts';

/** How a worker assembles packets: by the profile's rules, with the program that decides again. */
export function assembler(vault: VaultPort): Assemble {
  return async (subject, name) => {
    const profile = profileOf(name);
    if (profile === undefined) throw packetUnknown(name);
    return buildPacket(vault, subject, { profile, programs: await packetPrograms() });
  };
}
