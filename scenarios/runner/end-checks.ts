import { redecide, type StoredDecision, verifyChain } from '../../domain/verify-decisions.ts';
import { AggregateRow, DecisionRow, SealRow } from '../../store/schema/entities/log.ts';
import { PolicyRow } from '../../store/schema/entities/register.ts';
import type { Session } from './session.ts';

/** A check that every story ends with, whether it says so or not. */
export interface EndCheck {
  readonly what: string;
  readonly wrong: readonly string[];
}

/** What must hold whatever a story tells: replay, seals, nothing outside without a decision, nothing twice. */
export async function endChecks(session: Session): Promise<readonly EndCheck[]> {
  const chains = await readChains(session);
  const decisions = [...chains.values()].reduce((sum, chain) => sum + chain.length, 0);
  return [
    { what: `replay: ${decisions} decisions of ${chains.size} chains decided again`, wrong: await replayWrong(session, chains) },
    { what: 'seals follow each other without a gap and name the heads of closed chains', wrong: await sealsWrong(session) },
    { what: 'whatever was done to a listing or a shop was ordered by a decision', wrong: await actsWrong(session, chains) },
    { what: 'no mail was sent twice', wrong: await doublesWrong(session) },
  ];
}

type Chains = ReadonlyMap<string, readonly StoredDecision[]>;

async function readChains(session: Session): Promise<Chains> {
  const rows = await session.em().find(DecisionRow, {}, { orderBy: { aggregate: 'asc', n: 'asc' } });
  const stored = rows.map(({ aggregate, envelope, hash }) => ({ aggregate, one: { decision: envelope, hash } }));
  return new Map([...Map.groupBy(stored, ({ aggregate }) => aggregate)].map(([id, members]) => [id, members.map(({ one }) => one)]));
}

async function replayWrong(session: Session, chains: Chains): Promise<readonly string[]> {
  const policies = Object.fromEntries((await session.em().find(PolicyRow, {})).map(({ digest, document }) => [digest, document]));
  return [...chains].flatMap(([id, chain]) =>
    [...verifyChain(chain), ...redecide(chain, policies)].flatMap((said) => (said.ok ? [] : [`${id}: ${said.what}`])),
  );
}

async function sealsWrong(session: Session): Promise<readonly string[]> {
  const seals = await session.em().find(SealRow, {}, { orderBy: { sequence: 'asc' } });
  const closed = await session.em().find(AggregateRow, { isFinal: true }, { fields: ['id', 'head', 'isOwing', 'due'] });
  const roots = new Map(seals.map((seal) => [seal.aggregate, seal.root]));
  return [
    ...seals.flatMap(({ sequence, aggregate }, index) =>
      sequence === index + 1 ? [] : [`the seal of ${aggregate} has the number ${sequence}, not ${index + 1}`],
    ),
    ...closed.flatMap(({ id, head }) => (roots.get(id) === head ? [] : [`${id} is closed and its seal does not name its last decision`])),
    ...closed.flatMap(({ id, isOwing, due }) => (isOwing || due != null ? [`${id} is closed and still waits or owes`] : [])),
    ...(seals.length === closed.length ? [] : [`${closed.length} chains are closed and ${seals.length} are sealed`]),
  ];
}

const ON_SHOP = ['MeasureOrdered', 'LiftOrdered', 'MeasureReordered'];
const ORDERS: Readonly<Record<string, readonly string[]>> = {
  takedown: ['TakedownOrdered'],
  'put-back': ['PutBackOrdered'],
  restriction: ON_SHOP,
  closure: ON_SHOP,
};

async function actsWrong(session: Session, chains: Chains): Promise<readonly string[]> {
  const ordered = new Set(
    [...chains].flatMap(([id, chain]) =>
      chain.flatMap(({ decision: { outcome } }) =>
        ('events' in outcome ? outcome.events : []).map((event) => `${event.type} ${id}/${Reflect.get(event, 'key')}`),
      ),
    ),
  );
  const asked = (await session.outside.requests()).filter(({ operation }) => operation in ORDERS);
  const keys = [...new Map(asked.map(({ operation, key }) => [key, operation]))];
  // One order binds every shop of an actor; each act has the order's key and its number.
  const orderOf = (key: string, operation: string) => (ORDERS[operation] === ON_SHOP ? key.replace(/\/\d+$/, '') : key);
  const isOrdered = (key: string, operation: string) => (ORDERS[operation] ?? []).some((type) => ordered.has(`${type} ${orderOf(key, operation)}`));
  return keys.flatMap(([key, operation]) => (isOrdered(key, operation) ? [] : [`${operation} under the key ${key} was ordered by no decision`]));
}

async function doublesWrong(session: Session): Promise<readonly string[]> {
  const doubled = (await session.outside.mails()).filter(({ copies }) => copies > 1);
  return [...new Set(doubled.map(({ subject, to, copies }) => `"${subject}" to ${to.join(', ')} was sent ${copies} times`))];
}
