import { once } from 'node:events';
import type { Context } from './context.ts';

/** The door for mail, listening. */
export interface RunningMailDoor {
  readonly address: string;
  stop(): Promise<void>;
}

/** Starts the door for replies and delivery reports; undefined where no address is theirs. */
export async function startMailDoor(context: Context): Promise<RunningMailDoor | undefined> {
  const { mailDoor } = await context.places();
  if (mailDoor === undefined) return undefined;
  const [{ createMailDoor }, { serverLog }] = await Promise.all([import('../inbound-mail/smtp-receiver.ts'), import('../worker/server-log.ts')]);
  const log = serverLog();
  const { address, host, port } = mailDoor;
  const server = createMailDoor({ store: await context.store(), clock: context.clock, address, log });
  server.listen(port, host);
  await once(server.server, 'listening');
  // A client that breaks off is no reason to end the door.
  server.on('error', (error) => log.warn({ error }, 'the door for mail'));
  return { address, stop: () => new Promise<void>((done) => server.close(() => done())) };
}
