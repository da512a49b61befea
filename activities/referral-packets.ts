import type { MissingItem } from '../domain/effects.ts';
import type { PacketSubject } from '../domain/packet/facts.ts';
import type { LogContext } from '../store/log/context.ts';
import { type Manager, work } from '../store/connection/orm.ts';
import { readReferralSubject } from '../store/queries/packet-subject.ts';
import type { PacketBuilder, VaultPort } from '../adapters/ports.ts';

/** Puts a subject's packet together: what is missing, and its bytes unless something refuses them. */
export type Assemble = (
  subject: PacketSubject,
  profile: string,
) => Promise<{ readonly missing: readonly MissingItem[]; readonly packet?: { bytes(): AsyncIterable<Uint8Array> } }>;

/** Packets of referrals, from the log and the register into the vault: the same facts are the same object. */
export function referralPackets(log: Pick<LogContext, 'store' | 'policies'>, vault: VaultPort, assemble: Assemble): PacketBuilder {
  return {
    async build(referral) {
      const found = await readReferralSubject(work(log.store) as Manager, log.policies, referral);
      if (found === undefined) throw new Error(`${referral} has no submission to build a packet for`);
      const { missing, packet } = await assemble(found.subject, found.profile);
      const said = missing.map(({ item, where, what, cure, refuses }) => ({ item, where, what, cure, refuses }));
      return packet === undefined ? { missing: said } : { missing: said, packet: await vault.putStream(packet.bytes()) };
    },
  };
}
