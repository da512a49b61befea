import type { Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import type { Log } from '../log.ts';
import { bringIn, type InboundMailHost, reportOf } from './deliver.ts';
import type { MailFaults } from './faults.ts';
import type { MessageStore } from './message-store.ts';

/** What the SMTP side needs. */
export interface MailSink {
  readonly store: MessageStore;
  readonly faults: MailFaults;
  readonly now: () => string;
  readonly inbound?: InboundMailHost | undefined;
  readonly log: Log;
}

/** A reply with a code of its own, in the way smtp-server reads it. */
class SmtpReply extends Error {
  readonly responseCode: number;

  constructor(responseCode: number, message: string) {
    super(message);
    this.responseCode = responseCode;
  }
}

/** An SMTP server that keeps what it is given, for everybody, and answers as scripted. */
export function createSmtpServer(sink: MailSink): SMTPServer {
  const sockets = new Map<number, Socket>();
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    onRcptTo: ({ address }, _session, done) => done(refusalOf(sink, address)),
    onData: (stream, session, done) => {
      receive(sink, stream, session).then(
        (isLost) => (isLost ? sockets.get(session.remotePort)?.destroy() : done(null, 'kept')),
        (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
      );
    },
  });
  // The session does not tell its socket; the port of the other end does.
  server.server.on('connection', (socket: Socket) => {
    const port = socket.remotePort ?? 0;
    sockets.set(port, socket);
    socket.once('close', () => sockets.delete(port));
  });
  return server;
}

function refusalOf({ faults }: MailSink, address: string): SmtpReply | undefined {
  const fault = faults.take(['4xx', '5xx'], [address]);
  if (fault === undefined) return undefined;
  return fault.kind === '4xx' ? new SmtpReply(451, '4.3.0 Try again later') : new SmtpReply(550, '5.1.1 No such mailbox');
}

/** Keeps the message; true when the reply is to be lost. */
async function receive({ store, faults, now, inbound, log }: MailSink, stream: SMTPServerDataStream, session: SMTPServerSession): Promise<boolean> {
  const raw = await buffer(stream);
  const { mailFrom, rcptTo } = session.envelope;
  const to = rcptTo.map(({ address }) => address);
  const from = mailFrom === false ? '' : mailFrom.address;
  // Who hands it in hears of trouble on delivery, and tries again.
  await bringIn(inbound, { from, to, raw });
  await store.add(from, to, now(), raw);
  if (faults.take(['bounce'], to) !== undefined)
    bringIn(inbound, { from: '', to: [from], raw: reportOf(raw, from, to, now()) }).catch((error: unknown) =>
      log(`mailbox: a report was lost: ${String(error)}`),
    );
  return faults.take(['drop'], to) !== undefined;
}
