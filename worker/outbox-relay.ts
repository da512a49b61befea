import type { AggregateId } from '../domain/ids.ts';
import { kindOf } from '../domain/ids.ts';
import { sha256Hex } from '../domain/canonical.ts';
import { CaseNotification } from '../domain/case/notifications.ts';
import type { Instant } from '../domain/instant.ts';
import { rulesOf } from '../domain/registry.ts';
import { OutboxRow, OutboxState } from '../store/schema/entities/outbox.ts';
import { AggregateRow } from '../store/schema/entities/log.ts';
import { acceptMessage } from '../store/log/inbox.ts';
import { assess } from '../store/log/assess-ledger.ts';
import { ASSESS_MESSAGE, INTERNAL_MESSAGES, START_MESSAGE } from '../store/outbox/messages.ts';
import { type Manager, work } from '../store/connection/orm.ts';
import { statement } from '../store/connection/statement.ts';
import type { DispatcherDeps } from './dispatcher-deps.ts';
import { claimable } from './pending-work.ts';
import { nextStepsOfRow, type Projected } from './workflow-starter.ts';

const BATCH = 100;
/** A dispatcher that dies leaves its outbox messages to the others after this; machine time. */
const LEASE_MS = 60_000;

/** Claims outbox messages that are due (or whose dispatcher died) and sends each on its way. Returns how many it handled. */
export async function relayDueMessages(deps: DispatcherDeps): Promise<number> {
  const due = await claim(deps);
  const starts = due.filter((one) => one.kind === START_MESSAGE);
  const messages = due.filter((one) => one.kind === 'message');
  const mails = due.filter((one) => !INTERNAL_MESSAGES.includes(one.kind));
  await startAggregates(deps, starts);
  for (const one of messages) await deliver(deps, one);
  for (const one of due.filter(({ kind }) => kind === ASSESS_MESSAGE)) await assessOne(deps, one);
  await startMails(deps, mails);
  return due.length;
}

type Claimed = Pick<OutboxRow, 'id' | 'aggregate' | 'kind' | 'about' | 'unless' | 'digest' | 'digestGroup' | 'state'>;

async function claim({ store, clock, sendsMail, leaseMs = LEASE_MS }: DispatcherDeps): Promise<readonly Claimed[]> {
  return work(store).transactional(async (em) => {
    const now = Date.now();
    const rows = await statement<Claimed>(
      em as Manager,
      `select id, aggregate, kind, about, unless, digest, digest_group as "digestGroup", state from outbox where ${claimable(sendsMail)}
       order by due_at, id limit ${BATCH} for update skip locked`,
      [clock.now(), now],
    );
    // Judged with the claim: what is on its way may have been sent, and is never called unwanted afterwards.
    const unwanted = await unwantedAmong(
      em as Manager,
      rows.filter((row) => row.state === OutboxState.waiting && row.unless !== null),
    );
    await settle(em as Manager, clock.now(), [...unwanted], OutboxState.unwanted);
    const left = rows.filter(({ id }) => !unwanted.has(id));
    const pointless = await neverAsked(
      em as Manager,
      left.filter((row) => row.state === OutboxState.waiting && PRESUPPOSES_QUESTION.includes(row.kind)),
    );
    await settle(em as Manager, clock.now(), [...pointless], OutboxState.unwanted);
    const due = left.filter(({ id }) => !pointless.has(id));
    if (due.length === 0) return [];
    const ids = due.map(({ id }) => id);
    await statement(em as Manager, 'update outbox set state = $1, leased_until = $2 where id = any($3)', [OutboxState.sending, now + leaseMs, ids]);
    return freeze(em as Manager, due);
  });
}

/** Which outbox messages go out as one mail is fixed before anything is sent: a retry cannot say something else. */
async function freeze(em: Manager, due: readonly Claimed[]): Promise<readonly Claimed[]> {
  const groups = Map.groupBy(
    due.filter((one) => one.digestGroup != null && one.digest == null),
    (one) => one.digestGroup,
  );
  const digests = new Map<string, string>();
  for (const members of groups.values()) {
    const ids = members.map((one) => one.id).sort();
    const digest = `digest:${sha256Hex(ids.join('\n')).slice(0, 32)}`;
    await em.nativeUpdate(OutboxRow, { id: { $in: ids } }, { digest });
    for (const id of ids) digests.set(id, digest);
  }
  return due.map((one) => ({ ...one, digest: digests.get(one.id) ?? one.digest }));
}

async function startAggregates(deps: DispatcherDeps, due: readonly Claimed[]): Promise<void> {
  if (due.length === 0) return;
  const em = work(deps.store);
  const ids = due.map((one) => one.aggregate);
  const rows = await statement<Projected>(em, `select ${PROJECTED} from aggregate where id = any($1)`, [ids]);
  const waiting = await unreadAmong(em, ids);
  const done = await Promise.all(rows.map((row) => row.isFinal || startOne(deps, row, waiting.has(row.id))));
  const started = rows.filter((_, index) => done[index]).map((row) => row.id);
  const sent = due.filter((one) => started.includes(one.aggregate)).map((one) => one.id);
  await settle(work(deps.store), deps.clock.now(), sent, OutboxState.delivered);
  // Accepted after the first look, signalled before the workflow was there: it would lie until its signal is repeated.
  const late = [...(await unreadAmong(work(deps.store), started))].filter((id) => !waiting.has(id));
  await Promise.all(late.map((id) => deps.workflows.tick(id as AggregateId)));
}

async function unreadAmong(em: Manager, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const rows = await statement<{ aggregate: string }>(em, 'select distinct aggregate from inbox where aggregate = any($1) and answer is null', [ids]);
  return new Set(rows.map((row) => row.aggregate));
}

/** A lost connection leaves the outbox message claimed; its lease brings it back. */
async function startOne(deps: DispatcherDeps, row: Projected, ask: boolean): Promise<boolean> {
  try {
    await deps.workflows.start({ id: row.id as AggregateId, standing: nextStepsOfRow(row), ...(ask && { ask: true as const }) });
    return true;
  } catch (error) {
    deps.log.warn({ error, aggregate: row.id }, 'the start of a workflow has to wait');
    return false;
  }
}

const PROJECTED = 'id, n, due, due_rule as "dueRule", owes, is_final as "isFinal"';

/** A outbox message to an aggregate is a message in its inbox. */
async function deliver(deps: DispatcherDeps, one: Claimed): Promise<void> {
  const content = { by: { capacity: 'engine' }, ...one.about };
  const id = `letter:${one.id}`;
  const accepted = await work(deps.store).transactional(async (em) => {
    const fingerprint = sha256Hex(JSON.stringify(one.about));
    const message = { id, aggregate: one.aggregate, sender: 'engine', content, fingerprint, isSignalled: true };
    const acceptance = await acceptMessage(em as Manager, deps.clock, message);
    await em.nativeUpdate(OutboxRow, { id: one.id }, { state: OutboxState.delivered, settledAt: deps.clock.now() });
    return acceptance;
  });
  if (accepted.kind !== 'accepted') return;
  // The signal only wakes; if it is lost, it is repeated.
  await deps.workflows
    .signal(one.aggregate as AggregateId, { id, receivedAt: accepted.receivedAt })
    .catch((error: unknown) => deps.log.warn({ error, message: one.id }, 'the signal of a message has to wait'));
}

/** One ledger that cannot be assessed must not hold up the others; its lease brings the outbox message back. */
async function assessOne(deps: DispatcherDeps, one: Claimed): Promise<void> {
  try {
    await assess(deps.context, one);
  } catch (error) {
    deps.log.error({ error, message: one.id }, 'a ledger could not be assessed');
  }
}

async function startMails(deps: DispatcherDeps, due: readonly Claimed[]): Promise<void> {
  const ids = [...new Set(due.map((one) => one.digest ?? one.id))];
  await Promise.all(
    ids.map((id) =>
      deps.workflows
        .startNotification(id)
        .catch((error: unknown) => deps.log.warn({ error, notification: id }, 'the start of a notification has to wait')),
    ),
  );
}

/** Reminders are "unless decided": the token that they were written under must still be the state's. */
async function unwantedAmong(em: Manager, asking: readonly Claimed[]): Promise<ReadonlySet<string>> {
  if (asking.length === 0) return new Set();
  const ids = [...new Set(asking.map((one) => one.aggregate))];
  const rows = await em.find(AggregateRow, { id: { $in: ids } }, { fields: ['id', 'state'] });
  const tokens = new Map(rows.map((row) => [row.id, rulesOf(kindOf(row.id as AggregateId)).reminderToken(row.state)]));
  return new Set(asking.filter((one) => tokens.get(one.aggregate) !== one.unless).map((one) => one.id));
}

/** What tells a brand that its question has changed or is void. */
const PRESUPPOSES_QUESTION: readonly string[] = [CaseNotification.cancelled, CaseNotification.listingEdited];
const NOT_ASKED: readonly string[] = [OutboxState.waiting, OutboxState.unwanted];

/** Outbox messages about a question that never went out: whoever got them would not know what they speak of. */
async function neverAsked(em: Manager, following: readonly Claimed[]): Promise<ReadonlySet<string>> {
  if (following.length === 0) return new Set();
  const cases = [...new Set(following.map((one) => one.aggregate))];
  const rows = await statement<{ aggregate: string }>(
    em,
    'select distinct aggregate from outbox where aggregate = any($1) and kind = $2 and state <> all($3)',
    [cases, CaseNotification.ask, NOT_ASKED],
  );
  const asked = new Set(rows.map((row) => row.aggregate));
  return new Set(following.flatMap((one) => (asked.has(one.aggregate) ? [] : [one.id])));
}

async function settle(em: Manager, settledAt: Instant, ids: readonly string[], state: OutboxState): Promise<void> {
  if (ids.length === 0) return;
  await statement(em, 'update outbox set state = $1, settled_at = $2 where id = any($3)', [state, settledAt, ids]);
}
