import type { AnyQuestions } from '../../domain/registry.ts';
import type { Instant } from '../../domain/instant.ts';
import { countsAt } from '../../domain/ledger/points.ts';
import type { Money } from '../../domain/money.ts';
import type { LinkedFact, RecipientFacts } from '../../domain/referral/qualifying-cases.ts';
import { actorOf, ledgerOf } from '../register/actors.ts';
import { disclosed } from './disclosures.ts';
import { ListingRow, RecipientRow, RightRow } from '../schema/entities/register.ts';
import { lockActor } from './locks.ts';
import type { Manager } from '../connection/orm.ts';
import { LEFT_OUT } from './brand-stages.ts';

/** A final case as referrals look at it. */
export interface CaseOf {
  readonly id: string;
  readonly root: string;
  readonly holder: string;
  readonly listing: string;
  readonly marketplace: string;
  readonly market: string;
  readonly rights: readonly string[];
  readonly orders: number | null;
}

/** An actor's standing cases and a recipient, under the actor's lock. The actor is named by one of its sellers. */
export async function readLinked(em: Manager, asked: NonNullable<AnyQuestions['linked']>, at: Instant, self: string): Promise<LinkedFact> {
  const seller = await disclosed(em, asked.actor);
  if (seller === undefined) return { cases: [] };
  const actor = await actorOf(em, seller);
  await lockActor(em, actor);
  const recipient = await recipientFacts(em, asked.recipient);
  return { cases: await linkedCases(em, actor, asked.recipient, at, self), ...(recipient !== undefined && { recipient }) };
}

/** The recipient as the register has it. */
async function recipientFacts(em: Manager, id: string): Promise<RecipientFacts | undefined> {
  const row = await em.findOne(RecipientRow, { id });
  if (row === null) return undefined;
  const { name, country, markets, takes, language, profiles } = row;
  return { id, name, country, markets, takes, language, profiles };
}

/** Rows of the ledger that are not voided, as the cases behind them. The caller holds the actor's lock. */
export async function linkedCases(em: Manager, actor: string, recipient: string, at: Instant, self: string): Promise<LinkedFact['cases']> {
  const lines = (await ledgerOf(em, actor)).filter((line) => !line.voided);
  if (lines.length === 0) return [];
  const counting = new Set(lines.filter((line) => countsAt(line, at)).map((line) => line.case));
  const cases = await casesOf(em, [...new Set(lines.map((line) => line.case))].sort());
  const referred = await referredBefore(em, actor, recipient, self);
  const rightTypes = await typesOf(em, cases);
  const prices = await pricesOf(em, cases);
  return cases.map(({ id, rights, orders, ...rest }) => {
    const sales = salesOf(prices.get(rest.listing), orders);
    const types = [...new Set(rights.flatMap((right) => rightTypes.get(right) ?? []))].sort();
    const linked = { case: id, ...rest, rightTypes: types, ...(sales !== undefined && { sales }) };
    const before = referred.get(id);
    return { ...linked, counts: counting.has(id), ...(before !== undefined && { before }) };
  });
}

/** The final cases among some ids, in their order. */
export async function casesOf(em: Manager, ids: readonly string[]): Promise<readonly CaseOf[]> {
  return em.execute<CaseOf[]>(
    `select id, head as root, holder, listing, marketplace, state->>'market' as market, state->'rights' as rights, (state->>'orders')::int as orders
     from aggregate where id in (?) and is_final order by id`,
    [ids],
  );
}

/** Cases that another referral of the actor to the same recipient has, or had: they are not sent twice. */
async function referredBefore(em: Manager, actor: string, recipient: string, self: string): Promise<ReadonlyMap<string, 'sent' | 'left-out'>> {
  const rows = await em.execute<{ id: string; stage: string }[]>(
    `select jsonb_array_elements(b.cases) #>> '{}' as id, b.stage from referral r join referral_brand b on b.referral = r.referral
     where r.actor = ? and r.recipient = ? and r.referral <> ? order by b.stage = ? desc`,
    [actor, recipient, self, LEFT_OUT],
  );
  return new Map(rows.map(({ id, stage }) => [id, stage === LEFT_OUT ? 'left-out' : 'sent']));
}

/** The type of each right that some cases rest on, by the right's id. */
export async function typesOf(em: Manager, cases: readonly Pick<CaseOf, 'rights'>[]): Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(cases.flatMap(({ rights }) => rights))];
  const rows = await em.find(RightRow, { id: { $in: ids } });
  return new Map(rows.map((row) => [row.id, String(row.row['rightType'] ?? '')]));
}

async function pricesOf(em: Manager, cases: readonly CaseOf[]): Promise<ReadonlyMap<string, Money>> {
  const rows = await em.find(ListingRow, { id: { $in: cases.map(({ listing }) => listing) } });
  // Written by store/register/imports/write.ts from a parsed row of this kind only.
  return new Map(rows.flatMap((row) => (row.row['price'] === undefined ? [] : [[row.id, row.row['price'] as Money] as const])));
}

function salesOf(price: Money | undefined, orders: number | null): Money | undefined {
  return price === undefined || orders === null ? undefined : { amount: price.amount * orders, currency: price.currency };
}
