import { randomBytes } from 'node:crypto';
import type { Clock } from '../../domain/clock.ts';
import { Capacity, type PartyRef } from '../../domain/aggregate.ts';
import { AggregateKind, aggregateId, referralKey } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';
import { crosses, unfit } from '../../domain/referral/qualifying-cases.ts';
import type { ReferralCommand } from '../../domain/referral/model.ts';
import { refuse } from '../../domain/refusals.ts';
import type { Disclosure, Salted } from '../../domain/salted.ts';
import { sha256Hex } from '../../domain/canonical.ts';
import { actorOf } from '../register/actors.ts';
import { decideOn, newChain, saveChain } from './chain.ts';
import { disclosed } from './disclosures.ts';
import { reconsiderMessage } from '../outbox/messages.ts';
import { OutboxRow } from '../schema/entities/outbox.ts';
import type { CommandResult } from '../schema/entities/log.ts';
import { RecipientRow } from '../schema/entities/register.ts';
import { ReferralRow } from '../schema/entities/projections.ts';
import { acceptMessage } from './inbox.ts';
import { linkedCases } from './cases-of-actor.ts';
import { lockActor } from './locks.ts';
import type { LogContext } from './context.ts';
import { salt } from './open-cases.ts';
import type { Manager } from '../connection/orm.ts';

/** A referral to a recipient that is not over. */
async function openReferral(em: Manager, actor: string, recipient: string): Promise<{ id?: string; number: number }> {
  const rows = await em.execute<{ id: string; isFinal: boolean }[]>(
    `select a.id, a.is_final as "isFinal" from referral r join aggregate a on a.id = r.referral where r.actor = ? and r.recipient = ? order by r.number`,
    [actor, recipient],
  );
  const open = rows.find(({ isFinal }) => !isFinal);
  return { number: rows.length + 1, ...(open !== undefined && { id: open.id }) };
}

/** A version of an actor's ledger, and one of its sellers. */
interface LedgerOf {
  readonly actor: string;
  readonly seller: string;
  readonly version: number;
}

/**
 * After a change of an actor's ledger, under the actor's lock: whoever's threshold is crossed gets a referral opened, open ones are
 * told by outbox messages (their locks come before the actor's). Nothing here is written where a seller could see it.
 */
export async function referActor(em: Manager, context: LogContext, { actor, seller, version }: LedgerOf): Promise<void> {
  const at = context.clock.now();
  const recipients = await em.find(RecipientRow, {}, { orderBy: { id: 'asc' } });
  if (recipients.length === 0) return;
  const policy = await context.policies.current(em, at);
  for (const recipient of recipients) {
    const open = await openReferral(em, actor, recipient.id);
    if (open.id !== undefined) {
      await tell(em, open.id, version, at);
      continue;
    }
    const cases = await linkedCases(em, actor, recipient.id, at, '');
    const linked = { recipient, cases };
    const profile = recipient.profiles.find((one) => policy.values.referrals.profiles[one] !== undefined);
    if (profile === undefined || unfit(linked, profile) !== undefined || !crosses(linked, policy.values.referrals.profiles[profile])) continue;
    const { salted, disclosure } = salt(seller);
    const opening = {
      id: `threshold:${recipient.id}@${version}`,
      at,
      by: { capacity: Capacity.engine },
      actor: salted,
      recipient: recipient.id,
      profile,
    };
    await openUnder(em, context, { ...opening, policy: policy.digest, seller: actor, number: open.number }, [disclosure]);
  }
}

interface Opening {
  readonly id: string;
  readonly at: Instant;
  readonly by: PartyRef;
  readonly actor: Salted;
  readonly recipient: string;
  readonly profile: string;
  readonly policy: string;
  readonly number: number;
  /** The actor in the clear, for the row that no portal reads. */
  readonly seller: string;
  readonly reason?: Salted;
}

async function openUnder(
  em: Manager,
  context: LogContext,
  { seller: actor, ...opening }: Opening,
  disclosures: readonly Disclosure[] = [],
): Promise<CommandResult> {
  const id = aggregateId(AggregateKind.referral, randomBytes(16).toString('hex'));
  // The number is taken under the actor's lock, so the key cannot be there; if it ever is, its constraint stops this.
  const chain = newChain(em, id, [referralKey(actor, opening.recipient, opening.number)], disclosures);
  const command: ReferralCommand = { kind: 'openReferral', ...opening };
  const answer = await decideOn(em, context, chain, command);
  if (answer.kind !== 'done') return answer;
  await em.insert(ReferralRow, { referral: id, actor, recipient: opening.recipient, number: opening.number });
  await saveChain(em, chain);
  return answer;
}

/** An officer or a liaison opens one by hand, or gets the one that is open. */
export async function openByHand(
  em: Manager,
  context: LogContext,
  message: { readonly id: string; readonly at: Instant; readonly by: PartyRef },
  wanted: { readonly seller: Salted; readonly recipient: string; readonly profile?: string | undefined; readonly reason?: Salted | undefined },
): Promise<CommandResult> {
  const seller = await disclosed(em, wanted.seller);
  const recipient = await em.findOne(RecipientRow, { id: wanted.recipient });
  if (seller === undefined) return { kind: 'refused', ...refuse('nothing-qualifies').refused };
  const actor = await actorOf(em, seller);
  await lockActor(em, actor);
  const open = await openReferral(em, actor, wanted.recipient);
  if (open.id !== undefined) return { kind: 'done', aggregate: open.id, n: 1, events: [] };
  const { digest } = await context.policies.current(em, message.at);
  const profile = wanted.profile ?? recipient?.profiles[0] ?? '';
  return openUnder(em, context, {
    ...message,
    actor: wanted.seller,
    recipient: wanted.recipient,
    profile,
    policy: digest,
    number: open.number,
    seller: actor,
    ...(wanted.reason !== undefined && { reason: wanted.reason }),
  });
}

async function tell(em: Manager, id: string, version: number, at: Instant): Promise<void> {
  await em.insert(OutboxRow, reconsiderMessage(id, version, at));
}

/** The register has changed: packets that miss something are built again. */
export async function tellIncomplete(em: Manager, clock: Clock): Promise<void> {
  const rows = await em.execute<{ id: string }[]>(
    `select id from aggregate where kind = 'referral' and status in ('incomplete', 'with-recipient') and state->'draft'->>'stage' = 'incomplete' order by id`,
  );
  for (const { id } of rows) {
    const content = { by: { capacity: Capacity.engine }, kind: 'rebuildPacket' };
    const at = clock.now();
    await acceptMessage(em, clock, { id: `register:${id}@${at}`, aggregate: id, sender: 'import', content, fingerprint: sha256Hex(id) });
  }
}
