import pino from 'pino';
import { z } from 'zod';
import { directoryVault } from '../../adapters/directory-vault.ts';
import { httpMarketplace } from '../../adapters/marketplace-http.ts';
import { smtpMailer } from '../../adapters/smtp-mailer.ts';
import { createCaseActivities } from '../../activities/effects.ts';
import { createNotificationActivities, type NotificationDeps } from '../../activities/notifications/send.ts';
import type { VaultPort } from '../../adapters/ports.ts';
import type { NextSteps } from '../../domain/aggregate.ts';
import type { AggregateId } from '../../domain/ids.ts';
import { type RunningMailbox, startMailbox } from '../../embedded/mailbox/mailbox.ts';
import { boundPort } from '../../embedded/ports.ts';
import { createMailReceiver } from '../../inbound-mail/smtp-receiver.ts';
import { OutboxRow, OutboxState } from '../../store/schema/entities/outbox.ts';
import { ListingRow, OrganisationRow, PersonRow, RightRow } from '../../store/schema/entities/register.ts';
import { advance } from '../../store/log/advance.ts';
import { work } from '../../store/connection/orm.ts';
import { aFolder, call } from '../embedded/support.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { answered, scheduled } from './a-case.ts';
import { aMarketplace, noPackets, VERSION, WATCH } from './reference.ts';

export let db: TestDatabase;
export let url: string;
export let mailbox: RunningMailbox;
/** The port of the receiver of replies and reports. */
export let receiverPort: number;
export const REPLY_TO = 'desk@house.test';
let vault: VaultPort;
/** A fresh unit of work. */
export const em = () => work(db.store);

/** Before each test of a file: a database, a marketplace, a mailbox, and one holder with a right and a listing. */
export async function aLetterStage(): Promise<() => Promise<void>> {
  db = await testDatabase();
  ({ url } = await aMarketplace());
  vault = directoryVault({ dir: await aFolder() });
  const receiver = createMailReceiver({ store: db.store, clock: db.clock, address: REPLY_TO, log: pino({ level: 'silent' }) });
  await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done));
  receiverPort = boundPort(receiver.server);
  const brought = { address: REPLY_TO, host: '127.0.0.1', port: receiverPort };
  mailbox = await startMailbox({ dir: await aFolder(), smtpPort: 0, httpPort: 0, inbound: brought, now: () => db.clock.now(), log: () => {} });
  await em().insert(OrganisationRow, { id: 'org-a', name: 'A & Co', kind: 'rights-holder', mail: 'ip@a.test' });
  await em().insert(PersonRow, { id: 'reviewer-a', name: 'R', role: 'brand-reviewer', organisations: ['org-a'], duty: [] });
  await em().insert(RightRow, { id: 'R1', jurisdiction: 'DE', organisation: 'org-a', row: { markText: 'ROLEX', rightType: 'trademark' } });
  await em().insert(ListingRow, { id: WATCH.id, marketplace: WATCH.marketplace, market: 'DE', version: VERSION, row: { title: WATCH.title } });
  return async () => {
    await mailbox.stop();
    await new Promise<void>((done) => receiver.close(() => done()));
    await db.close();
  };
}

const activities = (more: Partial<NotificationDeps> = {}) =>
  createNotificationActivities({
    log: db.context,
    mailer: smtpMailer({ url: mailbox.smtpUrl, replyTo: REPLY_TO }),
    marketplace: httpMarketplace({ baseUrl: url }),
    vault,
    outageMs: 0,
    ...more,
  });
/** Runs the activity, scheduled so many milliseconds ago. */
export const send = (id: string, more: Partial<NotificationDeps> = {}, msAgo = 0) => scheduled(msAgo).run(() => activities(more).sendLetter({ id }));

/** What the dispatcher does before it starts a letter. */
export async function claimed(aggregate: AggregateId, kind: string, digest?: string): Promise<OutboxRow> {
  const row = await em().findOneOrFail(OutboxRow, { aggregate, kind }, { orderBy: { id: 'asc' } });
  await em().nativeUpdate(OutboxRow, { id: row.id }, { state: OutboxState.sending, leasedUntil: 1, ...(digest !== undefined && { digest }) });
  return row;
}
export const read = (id: string) => em().findOneOrFail(OutboxRow, { id });
const mailSchema = z.array(
  z.object({ to: z.array(z.string()), at: z.string(), subject: z.string(), text: z.string(), digest: z.string(), messageId: z.string() }),
);
/** All mail, oldest first. */
export const mails = async () => mailSchema.parse((await call(`${mailbox.url}/messages`)).body['messages']);
/** Scripts a fault of the mailbox. */
export const fault = (body: unknown) => call(`${mailbox.url}/faults`, 'POST', body);

/** Performs the first effect owed. */
export async function performed(id: AggregateId, n: number, owes: NextSteps['owes']): Promise<void> {
  const [effect] = owes;
  if (effect === undefined) throw new Error('nothing owed');
  const marketplace = httpMarketplace({ baseUrl: url });
  const acts = createCaseActivities({ log: db.context, marketplace, vault, packets: noPackets, outageMs: 0, advance });
  await scheduled().run(() => acts.runEffect({ id, n, ...effect }));
}

/** Confirmed and taken down. */
export async function removed(id: AggregateId): Promise<void> {
  const { n, owes } = await answered(db, id, 'counterfeit', 'packaging');
  await performed(id, n, owes);
}
