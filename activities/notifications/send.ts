import { Context } from '@temporalio/activity';
import type { Instant } from '../../domain/instant.ts';
import { instant, plusMs } from '../../domain/instant.ts';
import { addressesOf, messageToken } from '../../domain/inbound-mail.ts';
import { noteHandOver } from '../../store/outbox/deliveries.ts';
import { OutboxRow, OutboxState } from '../../store/schema/entities/outbox.ts';
import { MAIL_ANSWER_NOTIFICATION, SIGN_IN_NOTIFICATION, WEBHOOK_MESSAGE } from '../../store/outbox/messages.ts';
import type { LogContext } from '../../store/log/context.ts';
import { type Manager, work } from '../../store/connection/orm.ts';
import type { NotificationActivities } from '../../workflows/contracts.ts';
import { ActivityFailure, MAIL_PUT_OFF, vaultUnavailable } from '../../adapters/failures.ts';
import { brokenOff, retryWhileYoung, withHeartbeat } from '../outage.ts';
import type { Attachment, Mail, MailerPort, MailResult, MarketplacePort, VaultPort, WebhookPort } from '../../adapters/ports.ts';
import { type MailTexts, mailTextsIn } from '../../notifications/languages.ts';
import { type Address, resolveRecipient } from './address.ts';
import { type ComposedMail, composeMail, type DueNotification } from '../../notifications/compose.ts';
import { withPage } from './pages.ts';
import { mailAnswer } from './mail-answer.ts';
import { readParams } from './case-parameters.ts';
import { postpone, type Postponement, type Settlement, settle } from './settle.ts';
import { signInMail } from './sign-in.ts';
import { sendWebhook } from './webhook.ts';

/** What sending notifications works with. */
export interface NotificationDeps {
  readonly log: LogContext;
  readonly mailer: MailerPort;
  readonly marketplace: MarketplacePort;
  /** Where the packets are that go with referrals. */
  readonly vault: VaultPort;
  /** Absent: notifications to endpoints wait for a worker that has it. */
  readonly webhooks?: WebhookPort | undefined;
  /** How long the mail host is tried before the notification waits, in machine milliseconds. */
  readonly outageMs: number;
  /** Address of the portal, without a slash at the end; absent: notifications carry no links. */
  readonly origin?: string | undefined;
  /** How long a recipient may put a mail off before that is a refusal, in milliseconds of the business clock; absent = five days. */
  readonly giveUpAfterMs?: number;
}

const LATE_AFTER_MS = 15 * 60_000;
/** RFC 5321, 4.5.4.1: two tries in the first hour, then one every two or three hours, for at least four to five days. */
const LONGEST_WAIT_MS = 3 * 3_600_000;
const GIVE_UP_AFTER_MS = 5 * 86_400_000;
const DIGEST = 'digest:';

/**
 * Sends a notification or a digest that the dispatcher has claimed (`sending`) and records what became of it: delivered, refused,
 * possibly sent, no address. What is not `sending` any more has its outcome and is not sent again. A mail host that stays
 * away sends the notifications back to `waiting`, without end; a recipient that puts a mail off for days has refused it; a refused
 * question is told to its case as a bounce.
 */
export function createNotificationActivities(deps: NotificationDeps): NotificationActivities {
  return {
    async sendLetter({ id }) {
      const rows = await claimedRows(work(deps.log.store), id);
      const [first] = rows;
      if (first !== undefined) await withHeartbeat(() => sendRows(deps, id, rows, first));
    },
  };
}

function claimedRows(em: Manager, id: string): Promise<readonly OutboxRow[]> {
  const which = id.startsWith(DIGEST) ? { digest: id } : { id };
  return em.find(OutboxRow, { ...which, state: OutboxState.sending }, { orderBy: { dueAt: 'asc', id: 'asc' } });
}

async function sendRows(deps: NotificationDeps, id: string, rows: readonly OutboxRow[], first: OutboxRow): Promise<void> {
  const { log, outageMs } = deps;
  try {
    await settle(log, rows, await sent(deps, id, rows, first));
  } catch (error) {
    if (Context.current().cancellationSignal.aborted) throw brokenOff();
    if (!(error instanceof ActivityFailure) || !error.isTransient) throw error;
    retryWhileYoung(error, outageMs);
    await postpone(log, rows, nextTry(deps, error, first), error.message);
  }
}

async function sent(deps: NotificationDeps, id: string, rows: readonly OutboxRow[], first: OutboxRow): Promise<Settlement> {
  const { log } = deps;
  if (first.kind === WEBHOOK_MESSAGE) return sendWebhook(log, deps.webhooks, first);
  const em = work(log.store);
  // Members of a digest have one recipient: that is what made them a group.
  const { address, language } = await resolveRecipient(em, first.to, log.clock.now());
  if (address.channel === 'none') return NO_ADDRESS;
  const texts = mailTextsIn(language);
  const mail = await composed(deps, em, texts, id, rows);
  if (mail === undefined) return NO_ADDRESS;
  // Its mail came back before: the channel was set while it waited.
  const channel = first.address === 'shop' && address.channel === 'mail' ? address.next : address;
  if (channel === undefined) return NO_ADDRESS;
  if (channel.channel === 'mail') await noteHandOver(em, rows, messageToken(id), addressesOf(channel.to));
  return deliver(deps, channel, id, { ...mail, ...('authority' in first.to && (await answeredBy(em, log.clock.now()))) }, first);
}

/** An authority's answer is for people: it goes to those who deal with authorities, not to an address that nobody reads. */
async function answeredBy(em: Manager, now: Instant): Promise<Pick<Mail, 'replyTo'>> {
  const { address } = await resolveRecipient(em, { liaison: true }, now);
  return address.channel === 'mail' ? { replyTo: address.to } : {};
}

const NO_ADDRESS: Settlement = { state: OutboxState.noAddress, channel: null, result: null };

async function composed(
  { log, vault, origin }: NotificationDeps,
  em: Manager,
  texts: MailTexts,
  id: string,
  rows: readonly OutboxRow[],
): Promise<SendableMail | undefined> {
  const [first] = rows;
  if (first?.kind === SIGN_IN_NOTIFICATION) return withoutFiles(await signInMail(log, texts, first));
  if (first?.kind === MAIL_ANSWER_NOTIFICATION) return withoutFiles(mailAnswer(texts, first, origin));
  const notifications: DueNotification[] = [];
  for (const row of rows)
    notifications.push({ id: row.id, dueAt: dueOf(row), params: withPage(await readParams(log, em, row), origin, row.aggregate) });
  const packets = notifications.flatMap(({ params }) => (params.kind === 'referral-submission' ? [params.packet] : []));
  return { ...composeMail(texts, id, notifications), attachments: await Promise.all(packets.map((packet) => attached(vault, packet))) };
}

function withoutFiles(mail: ComposedMail | undefined): SendableMail | undefined {
  return mail && { ...mail, attachments: [] };
}

type SendableMail = ComposedMail & Required<Pick<Mail, 'attachments'>> & Pick<Mail, 'replyTo'>;

/** A referral's packet as a file. A vault that does not have it is as good as one that cannot be read. */
async function attached(vault: VaultPort, packet: string): Promise<Attachment> {
  const bytes = await vault.get(packet);
  if (bytes === undefined) throw vaultUnavailable('unreadable', `the packet ${packet} is not there`);
  return { name: 'packet.zip', type: 'application/zip', bytes };
}

function dueOf(row: OutboxRow): Instant {
  return instant(row.dueAt);
}

type Reachable = Exclude<Address, { channel: 'none' }>;

/** A seller whose mail is refused is reached through the shop: statements of reasons have to arrive. */
async function deliver(deps: NotificationDeps, address: Reachable, id: string, mail: SendableMail, first: OutboxRow): Promise<Settlement> {
  if (address.channel === 'shop') return leaveInShop(deps, address.shop, id, mail, first.aggregate);
  const { kind: state, reply: result } = await handOver(deps, { ...mail, to: address.to }, first.putOffSince);
  if (state === OutboxState.refused && address.next !== undefined) return deliver(deps, address.next, id, mail, first);
  return { state, channel: 'mail', result, mark: messageToken(id) };
}

/** A recipient that has put the mail off for so long is not asked again. */
async function handOver(deps: NotificationDeps, mail: Mail, since: string | null | undefined): Promise<MailResult> {
  try {
    return await deps.mailer.send(mail);
  } catch (error) {
    if (!isPutOff(error) || since == null || deps.log.clock.now() < endOfPatience(deps, since)) throw error;
    return { kind: 'refused', reply: `given up after ${since}: ${error.message}` };
  }
}

function isPutOff(error: unknown): error is ActivityFailure {
  return error instanceof ActivityFailure && error.code === MAIL_PUT_OFF;
}

function endOfPatience({ giveUpAfterMs = GIVE_UP_AFTER_MS }: NotificationDeps, since: string): Instant {
  return plusMs(instant(since), giveUpAfterMs);
}

/** When a notification that could not be handed over is due again, and since when its recipient puts it off. */
function nextTry(deps: NotificationDeps, failure: ActivityFailure, { tries, putOffSince }: OutboxRow): Postponement {
  const now = deps.log.clock.now();
  if (!isPutOff(failure)) return { dueAt: plusMs(now, LATE_AFTER_MS) };
  const since = putOffSince ?? now;
  const later = plusMs(now, Math.min(LATE_AFTER_MS * 2 ** tries, LONGEST_WAIT_MS));
  const last = endOfPatience(deps, since);
  // The last try is made when patience ends, not when the wait before it does.
  return { dueAt: later < last ? later : last, putOffSince: since };
}

async function leaveInShop(
  { marketplace }: NotificationDeps,
  shop: string,
  id: string,
  { subject, text }: ComposedMail,
  reference: string,
): Promise<Settlement> {
  const signal = Context.current().cancellationSignal;
  try {
    await marketplace.messageShop(shop, { key: id, subject, text, reference }, signal);
    return { state: OutboxState.delivered, channel: 'shop', result: null };
  } catch (error) {
    if (!(error instanceof ActivityFailure) || error.isTransient) throw error;
    return { ...(REJECTIONS[error.code] ?? { state: OutboxState.refused }), channel: 'shop', result: error.code };
  }
}

/** A reused key says that the message was left before; a listing's title may have changed since. */
const REJECTIONS: Readonly<Record<string, { readonly state: OutboxState }>> = {
  'key-reused': { state: OutboxState.possiblySent },
  'unknown-shop': { state: OutboxState.noAddress },
};
