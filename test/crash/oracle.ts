import { z } from 'zod';
import type { Stage } from '../../bench/stage.ts';
import type { Decision } from '../../domain/decision.ts';
import { redecide, verifyChain } from '../../domain/verify-decisions.ts';
import { DecisionRow, InboxRow } from '../../store/schema/entities/log.ts';
import { PolicyRow } from '../../store/schema/entities/register.ts';
import { work } from '../../store/connection/orm.ts';

const requestsSchema = z.object({ requests: z.array(z.object({ operation: z.string(), key: z.string(), outcome: z.string() })) });
const mailsSchema = z.object({ messages: z.array(z.object({ messageId: z.string(), digest: z.string() })) });

type Seen = { readonly decisions: ReadonlyMap<string, readonly Decision[]>; readonly inbox: readonly InboxRow[] };

/**
 * What is wrong with a stage that has come to rest. It knows what came in, the policy's due instants and what can be seen
 * from outside; it believes nothing that the engine says of itself.
 */
export async function violations(stage: Stage): Promise<readonly string[]> {
  const em = work(stage.store);
  const inbox = await em.find(InboxRow, {});
  const rows = await em.find(DecisionRow, {}, { orderBy: { aggregate: 'asc', n: 'asc' } });
  const policies = Object.fromEntries((await em.find(PolicyRow, {})).map((row) => [row.digest, row.document]));
  const found: string[] = [];
  const decisions = new Map<string, readonly Decision[]>();
  for (const [aggregate, own] of Map.groupBy(rows, (row) => row.aggregate)) {
    decisions.set(
      aggregate,
      own.map((row) => row.envelope),
    );
    const stored = own.map((row) => ({ decision: row.envelope, hash: row.hash }));
    for (const check of [...verifyChain(stored), ...redecide(stored, policies)]) if (!check.ok) found.push(`${aggregate}: ${check.what}`);
    for (const [at, row] of own.entries()) if (row.at < (own[at - 1]?.at ?? '')) found.push(`${aggregate}: decision ${row.n} is out of order`);
  }
  const seen = { decisions, inbox };
  return [
    ...found,
    ...messages(seen),
    ...deadlines(seen),
    ...(await effects(stage, seen)),
    ...(await ledger(stage, seen)),
    ...(await mails(stage)),
    ...(await seals(stage)),
  ];
}

/** Every message was answered once, by the one decision that carries its id and its instant. */
function messages({ decisions, inbox }: Seen): readonly string[] {
  return inbox.flatMap((row) => {
    const { answer } = row;
    if (answer == null) return [`message ${row.id} was never answered`];
    if (answer.kind === 'fault') return [`message ${row.id} faulted: ${answer.message}`];
    const own = [...decisions.values()].flat().filter((decision) => decision.command.id === row.id);
    if (own.length > 1) return [`message ${row.id} was decided ${own.length} times`];
    if (answer.kind === 'refused' || row.aggregate === 'intake') return [];
    const [decision] = own;
    return decision?.at === row.receivedAt ? [] : [`message ${row.id} was answered without the decision it stands for`];
  });
}

/** A case's window passes exactly when nothing that ends it was received at or before the due instant. */
function deadlines({ decisions, inbox }: Seen): readonly string[] {
  return [...decisions].flatMap(([aggregate, own]) => {
    const asked = own
      .flatMap((decision) => ('events' in decision.outcome ? decision.outcome.events : []))
      .find((event) => event.type === 'ConfirmationAsked');
    if (asked === undefined) return [];
    const { escalateAt, lapseAt } = z.object({ escalateAt: z.string(), lapseAt: z.string() }).parse(asked);
    const first = inbox
      .filter((row) => row.aggregate === aggregate && 'kind' in row.content && ['recordVerdict', 'cancelCase'].includes(String(row.content.kind)))
      .map((row) => row.receivedAt)
      .sort()[0];
    return [
      { rule: 'confirmation.escalate', due: escalateAt },
      { rule: 'confirmation.lapse', due: lapseAt },
    ].flatMap(({ rule, due }) => {
      const isPassed = (first === undefined || first > due) && due < new Date().toISOString();
      const passes = own.filter((decision) => decision.command.id === `${rule}@${due}`);
      if (passes.length !== (isPassed ? 1 : 0)) return [`${aggregate}: ${rule} passed ${passes.length} times, message at ${first}, due ${due}`];
      return passes.some((decision) => decision.at !== due) ? [`${aggregate}: ${rule} was not decided with its own instant`] : [];
    });
  });
}

const shopsSchema = z.object({ shops: z.array(z.unknown()) });
const ORDERS: readonly string[] = ['TakedownOrdered', 'PutBackOrdered', 'MeasureOrdered', 'LiftOrdered', 'MeasureReordered'];

/** What was ordered was done once outside under its key, and nothing else was done. */
async function effects({ marketplace }: Stage, { decisions }: Seen): Promise<readonly string[]> {
  const { requests } = requestsSchema.parse(await (await fetch(`${marketplace.url}/admin/requests`)).json());
  const done = requests.filter(({ operation }) => operation !== 'message');
  const ordered = [...decisions].flatMap(([aggregate, own]) => {
    const events = own.flatMap((decision) => ('events' in decision.outcome ? decision.outcome.events : []));
    // A measure is one act on every shop, each under a key of its own.
    const proposed = events.find((event) => event.type === 'SanctionProposed');
    const shops = proposed === undefined ? [''] : shopsSchema.parse(proposed).shops.map((_, index) => `/${index + 1}`);
    return events
      .filter((event) => ORDERS.includes(event.type))
      .flatMap((event) => shops.map((shop) => `${aggregate}/${z.object({ key: z.string() }).parse(event).key}${shop}`));
  });
  return [
    ...ordered.flatMap((key) => {
      const times = done.filter((request) => request.key === key && request.outcome === 'first').length;
      return times === 1 ? [] : [`${key} was done ${times} times`];
    }),
    ...done.filter((request) => !ordered.includes(request.key)).map((request) => `${request.key} was done and never ordered`),
    ...requests.filter((request) => request.outcome === 'key-reused').map((request) => `${request.key} was used for two acts`),
  ];
}

async function ledger(stage: Stage, { decisions }: Seen): Promise<readonly string[]> {
  const rows = await work(stage.store).execute<{ aggregate: string }[]>('select aggregate from ledger');
  const entered = [...decisions]
    .filter(([, own]) =>
      own.some((decision) => 'events' in decision.outcome && decision.outcome.events.some((event) => event.type === 'LedgerEntered')),
    )
    .map(([aggregate]) => aggregate);
  const held = rows.map((row) => row.aggregate).sort();
  return held.join() === entered.sort().join() ? [] : [`the ledger holds ${held.length} rows, ${entered.length} were entered`];
}

/** Mail is at least once: a double must be the same bytes under the same Message-ID. Shop messages are once. */
async function mails(stage: Stage): Promise<readonly string[]> {
  const letters = await work(stage.store).execute<{ id: string; address: string | null; state: string }[]>(
    'select distinct coalesce(digest, id) as id, address, state from outbox where address is not null',
  );
  const { messages: kept } = mailsSchema.parse(await (await fetch(`${stage.mailbox.url}/messages`)).json());
  const { requests } = requestsSchema.parse(await (await fetch(`${stage.marketplace.url}/admin/requests`)).json());
  const byId = Map.groupBy(kept, (mail) => mail.messageId);
  const sent = letters.filter((letter) => letter.address === 'mail').length;
  return [
    ...(byId.size === sent ? [] : [`${sent} mails were sent, ${byId.size} different ones arrived`]),
    ...[...byId].filter(([, copies]) => new Set(copies.map((copy) => copy.digest)).size > 1).map(([id]) => `mail ${id} came in two versions`),
    ...letters
      .filter((letter) => letter.address === 'shop')
      .filter(({ id }) => requests.filter((request) => request.key === id && request.outcome === 'first').length !== 1)
      .map(({ id }) => `the shop message ${id} was not left once`),
  ];
}

async function seals(stage: Stage): Promise<readonly string[]> {
  const rows = await work(stage.store).execute<{ id: string; is_final: boolean; seals: number; sequence: number | null }[]>(
    'select a.id, a.is_final, count(s.aggregate)::int as seals, max(s.sequence) as sequence from aggregate a left join seal s on s.aggregate = a.id group by a.id, a.is_final',
  );
  const numbers = rows.flatMap((row) => (row.sequence === null ? [] : [row.sequence])).sort((a, b) => a - b);
  return [
    ...rows.filter((row) => row.seals !== (row.is_final ? 1 : 0)).map((row) => `${row.id} has ${row.seals} seals`),
    ...(numbers.every((number, at) => number === at + 1) ? [] : ['the seals have a gap']),
  ];
}
