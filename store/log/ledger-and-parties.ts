import type { Summary } from '../../domain/aggregate.ts';
import { AggregateKind, kindOf } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';
import { rulesOf } from '../../domain/registry.ts';
import type { Salted } from '../../domain/salted.ts';
import type { Write } from '../../domain/writes.ts';
import { actorOf } from '../register/actors.ts';
import type { Chain } from './chain-model.ts';
import { AggregateRow } from '../schema/entities/log.ts';
import { disclosed } from './disclosures.ts';
import { LedgerRow } from '../schema/entities/projections.ts';
import { ASSESS_MESSAGE } from '../outbox/messages.ts';
import { lockActor, lockListing } from './locks.ts';
import type { Manager } from '../connection/orm.ts';
import { writeReferralViews } from './brand-stages.ts';
import { statement } from '../connection/statement.ts';

/** Grounds and ledger rows that follow from the decisions, in the decisions' own transaction. */
export async function applyWrites(em: Manager, chain: Chain, summary: Summary): Promise<void> {
  if (kindOf(chain.id) === AggregateKind.referral) await writeReferralViews(em, chain);
  for (const { n, write } of chain.writes) {
    if ('ground' in write) await writeGround(em, chain, summary, write.ground);
    else await writeLedger(em, chain, n, summary, write);
  }
}

/** Who becomes a party by what was decided; a seller whose name was erased does not. */
export async function partiesOf(em: Manager, chain: Chain) {
  const events = chain.decisions.flatMap(({ decision: { outcome } }) => ('events' in outcome ? outcome.events : []));
  const rows: { aggregate: string; organisation: string; capacity: string }[] = [];
  for (const party of rulesOf(kindOf(chain.id)).parties(chain.state, events)) {
    const organisation = 'seller' in party ? await disclosed(em, party.seller) : party.organisation;
    if (organisation !== undefined) rows.push({ aggregate: party.aggregate ?? chain.id, organisation, capacity: party.capacity });
  }
  return rows;
}

/** What the register holds of the listing now stays beside the ground: the seller may edit it afterwards. */
const ADD_GROUND = `
  insert into ground (marketplace, listing, "case", since, content)
  values ($1::varchar, $2::varchar, $3, $4, (select jsonb_build_object('version', version, 'title', row->'title', 'description', row->'description', 'images', row->'images')
    from listing where marketplace = $1::varchar and id = $2::varchar)) on conflict do nothing`;

async function writeGround(em: Manager, chain: Chain, summary: Summary, act: 'add' | 'remove'): Promise<void> {
  const { marketplace, listing } = summary;
  const key = [marketplace, listing, summary.about ?? chain.id];
  await lockListing(em, marketplace, listing);
  if (act === 'remove') await statement(em, 'delete from ground where marketplace = $1 and listing = $2 and "case" = $3', key);
  else await statement(em, ADD_GROUND, [...key, chain.decisions.at(-1)?.decision.at]);
}

type LedgerAct = Extract<Write, { ledger: unknown }>;

async function writeLedger(em: Manager, chain: Chain, n: number, summary: Summary, write: LedgerAct): Promise<void> {
  const { marketplace, listing, holder } = summary;
  const salted: Salted | undefined = 'seller' in write ? write.seller : summary.seller;
  const seller = await disclosed(em, salted);
  if (seller === undefined) return;
  await lockActor(em, await actorOf(em, seller));
  const key = { seller, listing, holder };
  const at = chain.decisions.find(({ decision }) => decision.n === n)?.decision.at;
  if (at === undefined || salted === undefined) return;
  const dueAt = await writeRow(em, chain, write, { key, at, n, marketplace, summary });
  if (dueAt === null) return;
  const draft = { key: `assess:${write.ledger}`, kind: ASSESS_MESSAGE, to: { aggregate: chain.id }, dueAt, about: { seller: salted, marketplace } };
  chain.letters.push({ n, at, draft });
}

interface Row {
  readonly key: { readonly seller: string; readonly listing: string; readonly holder: string };
  readonly at: Instant;
  readonly n: number;
  readonly marketplace: string;
  readonly summary: Summary;
}

const ENTERED = 'marketplace, aggregate, n, points, counts_from, expires_at, entered_at';
const ENTER = `insert into ledger (seller, listing, holder, ${ENTERED}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
  on conflict (operator, seller, listing, holder)
  do update set (${ENTERED}, voided_by) = row(${ENTERED.replace(/\w+/g, 'excluded.$&')}, null)`;

/** Writes one ledger row; returns when the actor's ledger is to be assessed because of it, if ever. */
async function writeRow(em: Manager, chain: Chain, write: LedgerAct, { key, at, n, marketplace, summary }: Row): Promise<Instant | null> {
  const mine = () => own(em, key, chain, summary);
  switch (write.ledger) {
    case 'enter': {
      const { points, countsFrom, expiresAt } = write;
      // The rule has seen the row under this lock: what is entered here is new, or takes the place of a voided row.
      await statement(em, ENTER, [key.seller, key.listing, key.holder, marketplace, chain.id, n, points, countsFrom, expiresAt, at]);
      return countsFrom;
    }
    case 'hold':
      // What counts already goes on counting until the statement succeeds: filing one alone must not open a closed shop.
      await em.nativeUpdate(LedgerRow, { ...(await mine()), countsFrom: { $gte: at } }, { countsFrom: null });
      return at;
    case 'release':
      await em.nativeUpdate(LedgerRow, { ...(await mine()), countsFrom: null }, { countsFrom: write.countsFrom });
      return write.countsFrom;
    case 'recount':
      // What counts already goes on counting: only an instant that lies ahead moves, and a held row stays held.
      await em.nativeUpdate(LedgerRow, { ...(await mine()), countsFrom: { $gt: at } }, { countsFrom: write.countsFrom });
      return write.countsFrom;
    case 'amend':
      await em.nativeUpdate(LedgerRow, await mine(), { points: write.points });
      return at;
    case 'void':
      await em.nativeUpdate(LedgerRow, await mine(), { voidedBy: chain.id });
      return at;
  }
}

/** Only the row that this case (or one of its appeals) entered: one that another version's case entered stands on its own. */
async function own<K extends object>(em: Manager, key: K, chain: Chain, summary: Summary): Promise<K & { aggregate: { $in: string[] } }> {
  const caseId = summary.about ?? chain.id;
  const appeals = await em.find(AggregateRow, { about: caseId }, { fields: ['id'] });
  return { ...key, aggregate: { $in: [caseId, chain.id, ...appeals.map((appeal) => appeal.id)] } };
}
