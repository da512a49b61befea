import { once } from 'node:events';
import type { Context } from './context.ts';

/** The receiver of mail, listening. */
export interface RunningMailReceiver {
  readonly address: string;
  stop(): Promise<void>;
}

/** Starts the receiver of replies and delivery reports; undefined where no address is theirs. */
export async function startMailReceiver(context: Context): Promise<RunningMailReceiver | undefined> {
  const { inboundMail } = await context.places();
  if (inboundMail === undefined) return undefined;
  const [{ createMailReceiver }, { serverLog }] = await Promise.all([import('../inbound-mail/smtp-receiver.ts'), import('../worker/server-log.ts')]);
  const log = serverLog();
  const { address, host, port } = inboundMail;
  const server = createMailReceiver({ store: await context.store(), clock: context.clock, address, log });
  server.listen(port, host);
  await once(server.server, 'listening');
  // A client that breaks off is no reason to end the receiver.
  server.on('error', (error) => log.warn({ error }, 'inbound mail'));
  return { address, stop: () => new Promise<void>((done) => server.close(() => done())) };
}
