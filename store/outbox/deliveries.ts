import type { Clock } from '../../domain/clock.ts';
import { Capacity } from '../../domain/aggregate.ts';
import { canonical, sha256Hex } from '../../domain/canonical.ts';
import { CaseNotification } from '../../domain/case/notifications.ts';
import { DeliveryFact, type InboundMail, type Said, saidOf, sentToDigest } from '../../domain/inbound-mail.ts';
import { DeliveryFactRow, OutboxRow, OutboxState } from '../schema/entities/outbox.ts';
import { acceptMessage } from '../log/inbox.ts';
import { insertMissing } from '../connection/insert.ts';
import { MAIL_ANSWER_NOTIFICATION, SIGN_IN_NOTIFICATION, WORK_CHANNEL } from './messages.ts';
import type { Manager } from '../connection/orm.ts';

/** Outbox messages about the entry points themselves: no case hears of them, and they have no second channel. */
const OF_ENTRY_POINTS: readonly string[] = [SIGN_IN_NOTIFICATION, MAIL_ANSWER_NOTIFICATION];
/** States of outbox messages that somebody is thought to have. */
const HANDED_OVER: readonly OutboxState[] = [OutboxState.delivered, OutboxState.possiblySent];

/** Notes, before a mail is handed over, under which mark and to whom it goes: its report may come back before the mail host's reply is read. */
export async function noteHandOver(em: Manager, rows: readonly OutboxRow[], mark: string, addresses: readonly string[]): Promise<void> {
  const sentTo = addresses.map((address) => sentToDigest(mark, address));
  await em.nativeUpdate(OutboxRow, { id: { $in: rows.map(({ id }) => id) } }, { mark, sentTo });
}

/** What became of an incoming mail. `unrelated` leaves no row. */
export type InboundOutcome = 'recorded' | 'duplicate' | 'unrelated';

/**
 * Records what an incoming mail says of a mail of ours, once however often it comes in, with what follows: a mail that no recipient
 * got is refused after all; a person's reply is answered with the link, `mayAnswer` permitting. It is never a message to a case.
 */
export async function recordInbound(em: Manager, clock: Clock, mail: InboundMail, mayAnswer: () => boolean): Promise<InboundOutcome> {
  return em.transactional(async (inside) => {
    const tx = inside as Manager;
    const letters = await lettersAbout(tx, mail.about);
    const [first] = letters;
    if (first?.mark == null) return 'unrelated';
    const said = saidOf(mail, first.mark, first.sentTo ?? []);
    if (said.length === 0) return 'unrelated';
    if (!(await isNew(tx, clock, mail, first.mark, said))) return 'duplicate';
    if (said.some(({ fact }) => fact === DeliveryFact.bounced)) await settleBounced(tx, clock, first.mark);
    if (said.some(({ fact }) => fact === DeliveryFact.reply) && first.kind !== MAIL_ANSWER_NOTIFICATION && mayAnswer())
      await orderAnswer(tx, clock, mail, letters);
    return 'recorded';
  });
}

/** The outbox messages of the nearest mail of ours that is named. */
async function lettersAbout(em: Manager, marks: readonly string[]): Promise<readonly OutboxRow[]> {
  if (marks.length === 0) return [];
  const rows = await em.find(OutboxRow, { mark: { $in: [...marks] } }, { orderBy: { id: 'asc' } });
  const nearest = marks.find((mark) => rows.some((row) => row.mark === mark));
  return rows.filter((row) => row.mark === nearest);
}

async function isNew(em: Manager, clock: Clock, { id }: InboundMail, mark: string, said: readonly Said[]): Promise<boolean> {
  // Two deliveries of one mail at the same moment: the second waits for the first, and then finds it.
  await em.execute('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`inbound ${id}`]);
  if ((await em.count(DeliveryFactRow, { id })) > 0) return false;
  await insertMissing(
    em,
    DeliveryFactRow,
    said.map(({ fact, recipient, status, address, words }) => ({
      ...{ id, mark, recipient, fact, status, at: clock.now() },
      ...{ address: address ?? null, words: words ?? null },
    })),
  );
  return true;
}

/**
 * A mail that all its recipients have returned was not delivered: its outbox messages are refused, a seller's go to the shop instead, and a
 * question is told to its case. Called after the mail host's reply was recorded as well as when a report comes in; whichever is
 * later finds both.
 */
export async function settleBounced(em: Manager, clock: Clock, mark: string): Promise<void> {
  // Most mails never come back.
  if ((await em.count(DeliveryFactRow, { mark, fact: DeliveryFact.bounced })) === 0) return;
  // Locked before the facts are read: of two reports at once the later one sees both.
  const locked = await em.execute<{ id: string }[]>('select id from outbox where mark = ? order by id for update', [mark]);
  const rows = await em.find(OutboxRow, { id: { $in: locked.map(({ id }) => id) }, state: { $in: [...HANDED_OVER] } });
  const [first] = rows;
  if (first === undefined || first.address !== 'mail') return;
  const facts = await em.find(DeliveryFactRow, { mark, fact: DeliveryFact.bounced });
  const returned = new Map(facts.map(({ recipient, status }) => [recipient, status]));
  const sentTo = first.sentTo ?? [];
  if (sentTo.length === 0 || !sentTo.every((recipient) => returned.has(recipient))) return;
  const result = `returned ${[...new Set(returned.values())].join(', ')}`.trim();
  const toShop = rows.filter(({ to, kind }) => 'seller' in to && !OF_ENTRY_POINTS.includes(kind)).map(({ id }) => id);
  const refused = rows.filter(({ id }) => !toShop.includes(id)).map(({ id }) => id);
  await em.nativeUpdate(OutboxRow, { id: { $in: refused } }, { state: OutboxState.refused, result, settledAt: clock.now() });
  // The channel that is set while it waits is the one to take.
  const again = { state: OutboxState.waiting, dueAt: clock.now(), address: 'shop', result, settledAt: null, leasedUntil: 0 } as const;
  await em.nativeUpdate(OutboxRow, { id: { $in: toShop } }, again);
  if (toShop.length > 0) await em.execute(`select pg_notify('${WORK_CHANNEL}', '')`);
  await tellBounces(em, clock, rows);
}

/** Tells the cases of refused questions: a brand that could not be asked has not been silent. Once an outbox message. */
export async function tellBounces(em: Manager, clock: Clock, rows: readonly OutboxRow[]): Promise<void> {
  // One order for everybody who needs the locks of several aggregates.
  const asks = rows.filter(({ kind }) => kind === CaseNotification.ask).sort((a, b) => (a.aggregate < b.aggregate ? -1 : 1));
  for (const { id, aggregate } of asks) {
    const content = { by: { capacity: Capacity.engine }, kind: 'recordBounce', letter: id };
    await acceptMessage(em, clock, { id: `bounce:${id}`, aggregate, sender: 'engine', content, fingerprint: sha256Hex(canonical(content)) });
  }
}

/** At most one answer to all replies to one mail, and it goes where that mail went: a forged sender gets nothing. */
async function orderAnswer(em: Manager, clock: Clock, { messageId }: InboundMail, letters: readonly OutboxRow[]): Promise<void> {
  const [first] = letters;
  // An authority is asked to answer people (see its mail); a machine that corrects it would be no help.
  if (first?.mark == null || 'authority' in first.to) return;
  const now = clock.now();
  const cases = [...new Set(letters.map(({ aggregate }) => aggregate))];
  const row = {
    id: `${MAIL_ANSWER_NOTIFICATION}:${first.mark}`,
    aggregate: '',
    n: 0,
    kind: MAIL_ANSWER_NOTIFICATION,
    to: first.to,
    about: { cases, ...(messageId !== undefined && { inReplyTo: messageId }) },
    writtenAt: now,
    dueAt: now,
    state: OutboxState.waiting,
  };
  await insertMissing(em, OutboxRow, [row]);
  await em.execute(`select pg_notify('${WORK_CHANNEL}', '')`);
}
