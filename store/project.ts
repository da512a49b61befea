import type { Summary } from '../domain/aggregate.ts';
import { Capacity } from '../domain/aggregate.ts';
import type { Write } from '../domain/ledger/ledger.ts';
import type { Salted } from '../domain/salted.ts';
import type { Chain } from './chain.ts';
import { AggregateRow } from './entities/log.ts';
import { GroundRow, LedgerRow, PartyRow } from './entities/rows.ts';
import { actorOf, disclosed } from './facts.ts';
import { insertMissing, insertOrReplace } from './insert.ts';
import { lockActor, lockListing } from './locks.ts';
import type { Manager } from './orm.ts';

/** The organisation under which the platform's own people are parties. */
export const PLATFORM = 'platform';

/** Parties, grounds and ledger rows that follow from the decisions, in the decisions' own transaction. */
export async function applyWrites(em: Manager, chain: Chain, summary: Summary): Promise<void> {
  await writeParties(em, chain, summary);
  for (const { n, write } of chain.writes) {
    if ('ground' in write) await writeGround(em, chain, summary, write.ground);
    else await writeLedger(em, chain, n, summary, write);
  }
}

async function writeParties(em: Manager, chain: Chain, summary: Summary): Promise<void> {
  const isOpened = chain.decisions.some(({ decision }) => decision.n === 1);
  const hasNewSeller = chain.decisions.some(
    ({ decision }) => 'events' in decision.outcome && decision.outcome.events.some((e) => e.type === 'SellerIdentified'),
  );
  if (!isOpened && !hasNewSeller) return;
  const seller = await disclosed(em, summary.seller);
  const rows = [
    { aggregate: chain.id, organisation: summary.holder, capacity: Capacity.rightsHolder },
    { aggregate: chain.id, organisation: PLATFORM, capacity: Capacity.governance },
    { aggregate: chain.id, organisation: PLATFORM, capacity: Capacity.auditor },
    ...(seller === undefined ? [] : [{ aggregate: chain.id, organisation: seller, capacity: Capacity.seller }]),
    // A seller made known by an appeal is a party to the case from then on: that is what it contests.
    ...(seller === undefined || summary.about === undefined ? [] : [{ aggregate: summary.about, organisation: seller, capacity: Capacity.seller }]),
  ];
  await insertMissing(em, PartyRow, rows);
}

async function writeGround(em: Manager, chain: Chain, summary: Summary, act: 'add' | 'remove'): Promise<void> {
  const { marketplace, listing } = summary;
  const key = { marketplace, listing, case: summary.about ?? chain.id };
  await lockListing(em, marketplace, listing);
  if (act === 'remove') await em.nativeDelete(GroundRow, key);
  else {
    const since = chain.decisions.at(-1)?.decision.at ?? '';
    await insertMissing(em, GroundRow, [{ ...key, since }]);
  }
}

type LedgerAct = Extract<Write, { ledger: unknown }>;

async function writeLedger(em: Manager, chain: Chain, n: number, summary: Summary, write: LedgerAct): Promise<void> {
  const { marketplace, listing, holder } = summary;
  const salted: Salted | undefined = 'seller' in write ? write.seller : summary.seller;
  const seller = await disclosed(em, salted);
  if (seller === undefined) return;
  await lockActor(em, await actorOf(em, seller));
  const key = { seller, listing, holder };
  switch (write.ledger) {
    case 'enter': {
      const { points, countsFrom, expiresAt } = write;
      const enteredAt = chain.decisions.at(-1)?.decision.at ?? '';
      const row = { ...key, marketplace, aggregate: chain.id, n, points, countsFrom, expiresAt, voidedBy: null, enteredAt };
      // The rule has seen the row under this lock: what is entered here is new, or takes the place of a voided row.
      await insertOrReplace(em, LedgerRow, [row], ['operator', 'seller', 'listing', 'holder']);
      return;
    }
    case 'hold':
      await em.nativeUpdate(LedgerRow, await own(em, key, chain, summary), { countsFrom: null });
      return;
    case 'release':
      await em.nativeUpdate(LedgerRow, await own(em, key, chain, summary), { countsFrom: write.countsFrom });
      return;
    case 'amend':
      await em.nativeUpdate(LedgerRow, await own(em, key, chain, summary), { points: write.points });
      return;
    case 'void':
      await em.nativeUpdate(LedgerRow, await own(em, key, chain, summary), { voidedBy: chain.id });
  }
}

/** Only the row that this case (or one of its appeals) entered: one that another version's case entered stands on its own. */
async function own<K extends object>(em: Manager, key: K, chain: Chain, summary: Summary): Promise<K & { aggregate: { $in: string[] } }> {
  const caseId = summary.about ?? chain.id;
  const appeals = await em.find(AggregateRow, { about: caseId }, { fields: ['id'], disableIdentityMap: true });
  return { ...key, aggregate: { $in: [caseId, ...appeals.map((appeal) => appeal.id)] } };
}
