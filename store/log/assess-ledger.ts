import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { Capacity } from '../../domain/aggregate.ts';
import { canonical, sha256Hex } from '../../domain/canonical.ts';
import { AggregateKind, aggregateId, sanctionKey } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';
import { assessLedger, countsAt } from '../../domain/ledger/points.ts';
import type { Step } from '../../domain/policy/policy.ts';
import type { SanctionCommand } from '../../domain/sanction/model.ts';
import { type ActorLine, actorOf, ledgerOf, measuresOf, openSanctions, shopsOf } from '../register/actors.ts';
import { decideOn, newChain, saveChain } from './chain.ts';
import { disclosed } from './disclosures.ts';
import { reconsiderMessage } from '../outbox/messages.ts';
import { OutboxRow, OutboxState } from '../schema/entities/outbox.ts';
import { ActorRow } from '../schema/entities/projections.ts';
import { insertOrReplace } from '../connection/insert.ts';
import { lockActor } from './locks.ts';
import type { LogContext } from './context.ts';
import { salt } from './open-cases.ts';
import { type Manager, work } from '../connection/orm.ts';
import { referActor } from './refer-actor.ts';

/** What store/log/ledger-and-parties.ts writes into an `assess` outbox message. */
const aboutSchema = z.object({ seller: z.object({ '...': z.string() }), marketplace: z.string() });

/**
 * Assesses an actor's ledger after a change, or when points begin to count, in one transaction under the actor's lock: a step
 * crossed opens exactly one sanction, any change is told to the actor's open sanctions by outbox messages (their locks come before the
 * actor's, so nothing may be written into their inbox here). A outbox message that comes twice finds nothing new.
 */
export async function assess(context: LogContext, letter: Pick<OutboxRow, 'id' | 'about'>): Promise<void> {
  const { seller: salted, marketplace } = aboutSchema.parse(letter.about);
  await work(context.store).transactional(async (em) => {
    const seller = await disclosed(em as Manager, salted);
    if (seller !== undefined) await assessActor(em as Manager, context, { seller, marketplace });
    await em.nativeUpdate(OutboxRow, { id: letter.id }, { state: OutboxState.delivered, settledAt: context.clock.now() });
  });
}

interface Shop {
  readonly seller: string;
  readonly marketplace: string;
}

async function assessActor(em: Manager, context: LogContext, shop: Shop): Promise<void> {
  const actor = await actorOf(em, shop.seller);
  await lockActor(em, actor);
  const at = context.clock.now();
  const lines = await ledgerOf(em, actor);
  const row = await em.findOne(ActorRow, { actor });
  const seen = sha256Hex(canonical(lines.map((line) => ({ ...line, counts: countsAt(line, at) }))));
  if (row?.seen === seen) return;
  const policy = await context.policies.current(em, at);
  const before = row === null ? undefined : { step: row.step, at: row.assessedAt as Instant };
  const { points, step, crossed } = assessLedger(before, lines, at, policy.values.ledger.steps, await measuresOf(em, actor));
  const version = (row?.version ?? 0) + 1;
  await insertOrReplace(em, ActorRow, [{ actor, version, points, step, assessedAt: at, seen }], ['operator', 'actor']);
  await tellSanctions(em, actor, version, at);
  await referActor(em, context, { actor, seller: shop.seller, version });
  if (crossed !== undefined) await openSanction(em, context, shop, { actor, at, lines, points, version, step: crossed, policy: policy.digest });
}

/** Whoever is open decides again; the one that this crossing opens has seen this version. */
async function tellSanctions(em: Manager, actor: string, version: number, at: Instant): Promise<void> {
  const open = await openSanctions(em, actor);
  if (open.length > 0)
    await em.insertMany(
      OutboxRow,
      open.map(({ id }) => reconsiderMessage(id, version, at)),
    );
}

interface Crossing {
  readonly actor: string;
  readonly at: Instant;
  readonly lines: readonly ActorLine[];
  readonly points: number;
  readonly version: number;
  readonly step: Step;
  readonly policy: string;
}

async function openSanction(em: Manager, context: LogContext, { seller, marketplace }: Shop, crossing: Crossing): Promise<void> {
  const { actor, at, lines, points, version, step, policy } = crossing;
  const id = aggregateId(AggregateKind.sanction, randomBytes(16).toString('hex'));
  const salts = (await shopsOf(em, actor, marketplace, seller)).map(salt);
  const shops = salts.map(({ salted }) => salted);
  const [first] = shops;
  if (first === undefined) throw new Error('an actor without a shop has crossed a step');
  const cases = [...new Set(lines.filter((line) => countsAt(line, at)).map((line) => line.case))].sort();
  const command: SanctionCommand = {
    ...{ kind: 'openSanction', id: `crossing:${step.points}@${version}`, at, by: { capacity: Capacity.engine } },
    ...{ marketplace, seller: first, shops, step, points, version, cases, policy },
  };
  // The version is taken under the lock, so the key cannot be there; if it ever is, its constraint stops this.
  const disclosures = salts.map(({ disclosure }) => disclosure);
  const chain = newChain(em, id, [sanctionKey(actor, step.points, version)], disclosures);
  const answer = await decideOn(em, context, chain, command);
  if (answer.kind !== 'done') throw new Error(`the crossing of ${step.points} points opens no sanction: ${JSON.stringify(answer)}`);
  await saveChain(em, chain);
}
