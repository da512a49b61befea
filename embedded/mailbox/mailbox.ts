import { once } from 'node:events';
import { join } from 'node:path';
import { inFolder } from '../embedded-error.ts';
import type { Log, RunningPart } from '../log.ts';
import { boundPort, LOOPBACK, portProblem } from '../ports.ts';
import type { InboundMailHost } from './deliver.ts';
import { MailFaults } from './faults.ts';
import { MessageStore } from './message-store.ts';
import { createMailboxApp } from './routes.ts';
import { createSmtpServer } from './smtp.ts';

/** How to run the mailbox. */
export interface MailboxOptions {
  readonly dir: string;
  readonly smtpPort: number;
  readonly httpPort: number;
  /** Where mail to the address of replies is brought besides being kept; absent: nowhere. */
  readonly inbound?: InboundMailHost | undefined;
  /** Its clock, as an ISO 8601 instant. */
  readonly now: () => string;
  readonly log: Log;
}

/** A running mailbox. */
export interface RunningMailbox extends RunningPart {
  /** Where mail is handed in. */
  readonly smtpUrl: string;
  /** Where it is read. */
  readonly url: string;
}

/**
 * Starts a mailbox that takes mail for everybody, keeps it in its folder and shows it over HTTP.
 * @throws EmbeddedError `port-in-use`, folder errors
 */
export async function startMailbox({ dir, smtpPort, httpPort, inbound, now, log }: MailboxOptions): Promise<RunningMailbox> {
  const store = await inFolder(dir, () => MessageStore.open(join(dir, 'messages')));
  const sink = { store, faults: new MailFaults(), now, inbound, log };
  const smtp = createSmtpServer(sink);
  const app = createMailboxApp(sink);
  const stop = async () => {
    await app.close();
    await new Promise<void>((done) => smtp.close(() => done()));
  };
  // A client that breaks off is no reason to end the mailbox; a port that is taken is told by the line after.
  smtp.on('error', (error) => log(`mailbox: ${error.message}`));
  smtp.listen(smtpPort, LOOPBACK);
  await once(smtp.server, 'listening').catch((error: unknown) => {
    throw portProblem(error, smtpPort, 'the mailbox (SMTP)');
  });
  const smtpUrl = `smtp://${LOOPBACK}:${boundPort(smtp.server)}`;
  const url = await app.listen({ port: httpPort, host: LOOPBACK }).catch(async (error: unknown) => {
    await stop();
    throw portProblem(error, httpPort, 'the mailbox');
  });
  log(`mailbox: ready on ${url} and ${smtpUrl}`);
  let stopping: Promise<void> | undefined;
  return { smtpUrl, url, stop: () => (stopping ??= stop()) };
}
