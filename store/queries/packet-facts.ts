import { z } from 'zod';
import type { HistoryFile } from '../../domain/history-file.ts';
import { chainsOf } from '../../domain/history-file.ts';
import { type AggregateId, AggregateKind, kindOf } from '../../domain/ids.ts';
import { instantOf } from '../../domain/instant.ts';
import type { PacketBrand, PacketCase, PacketRight, PacketSeller, PacketSubject } from '../../domain/packet/facts.ts';
import { lastInstant, outlineOf } from '../../domain/packet/outline.ts';
import { AggregateRow } from '../schema/entities/log.ts';
import { OrganisationRow, RightRow, SellerRow } from '../schema/entities/register.ts';
import { readHistory } from './export.ts';
import type { Manager } from '../connection/orm.ts';
import { readSamples } from './packet-exhibits.ts';

/** What a packet says of rows of the register, as imports wrote them. */
const rightRow = z.object({
  rightType: z.string(),
  status: z.string(),
  office: z.string().optional(),
  registrationNo: z.string().optional(),
  markText: z.string().optional(),
  owner: z.string().optional(),
  observedAt: z.string().optional(),
});
const sellerRow = z.object({ name: z.string().optional() });

/** Why the workflows' own histories are not in packets. */
const NO_FLOW = 'Workflow histories are not in packets: no hash covers them.';

/** A case alone as the subject of a packet: its cover says what the log and the register know. Undefined when there is no such case. */
export async function readPacketSubject(em: Manager, id: AggregateId): Promise<PacketSubject | undefined> {
  const one = kindOf(id) === AggregateKind.case ? await readPacketCase(em, id) : undefined;
  if (one === undefined) return undefined;
  return { id, cases: [one], cover: { brands: await readPacketBrands(em, [one.holder.id]), ...(await readSamples(em, [id])) } };
}

/** A case as it goes into a packet, from the log and the register; undefined when there is no such case. */
export async function readPacketCase(em: Manager, id: AggregateId): Promise<PacketCase | undefined> {
  const stored = await readHistory(em, id, { exportedAt: instantOf(0) });
  if (stored === undefined) return undefined;
  const whole: HistoryFile = { ...stored, flow: null, noFlow: [NO_FLOW] };
  // As of its newest decision, not of the day it is read: the same record is the same file.
  const history = { ...whole, exportedAt: lastInstant(chainsOf(whole)) };
  const row = await em.findOneOrFail(AggregateRow, { id }, { fields: ['holder'] });
  const organisation = await em.findOne(OrganisationRow, { id: row.holder });
  const { rights } = outlineOf(history);
  const seller = await readSeller(em, history);
  return {
    history,
    holder: { id: row.holder, name: organisation?.name ?? row.holder },
    rights: (await em.find(RightRow, { id: [...rights] }, { orderBy: { id: 'asc' } })).map(rightOf),
    ...(seller !== undefined && { seller }),
  };
}

function rightOf({ id, jurisdiction, row }: RightRow): PacketRight {
  const { rightType: type, registrationNo: registration, markText: mark, status, office, owner, observedAt } = rightRow.parse(row);
  return {
    ...{ id, jurisdiction, type, status },
    ...(office !== undefined && { office }),
    ...(registration !== undefined && { registration }),
    ...(mark !== undefined && { mark }),
    ...(owner !== undefined && { owner }),
    ...(observedAt !== undefined && { observedAt }),
  };
}

/** The account behind the digest that the case holds, as far as it has not been erased. */
async function readSeller(em: Manager, history: HistoryFile): Promise<PacketSeller | undefined> {
  const digest = outlineOf(history).seller;
  const account = chainsOf(history)
    .flatMap(({ disclosures }) => disclosures)
    .find((disclosure) => disclosure.digest === digest)?.value;
  if (account === undefined) return undefined;
  const row = await em.findOne(SellerRow, { id: account });
  const name = row === null ? undefined : sellerRow.parse(row.row).name;
  return {
    account,
    ...(name !== undefined && { name }),
    ...(row?.mail != null && { mail: row.mail }),
    ...(row?.market != null && { market: row.market }),
  };
}

/** What the register knows of rights holders; appraisals and price statements come with a referral. */
export async function readPacketBrands(em: Manager, holders: readonly string[]): Promise<readonly PacketBrand[]> {
  const rows = await em.find(OrganisationRow, { id: [...holders] }, { orderBy: { id: 'asc' } });
  return rows.map(({ id, mail }) => ({ holder: id, ...(mail != null && { contact: { mail } }) }));
}
