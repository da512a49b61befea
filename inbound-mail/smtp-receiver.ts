import type { Readable } from 'node:stream';
import type { Logger } from 'pino';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import type { Clock } from '../domain/clock.ts';
import { cameTo } from '../domain/inbound-mail.ts';
import { recordInbound } from '../store/outbox/deliveries.ts';
import { type Store, work } from '../store/connection/orm.ts';
import { allowance } from './allowance.ts';
import { readMail, UnreadableMail } from './read-mail.ts';

/** What the receiver works with. */
export interface MailReceiverDeps {
  readonly store: Store;
  readonly clock: Clock;
  /** The one address that mail is taken for. */
  readonly address: string;
  readonly log: Logger;
}

/** Of a mail so much is looked at; the rest is counted and forgotten. */
const HEAD_BYTES = 256 * 1024;
/** Larger than mail hosts commonly let through. */
const MOST_BYTES = 50 * 1024 * 1024;
const CONNECTIONS = 50;
const SILENCE_MS = 60_000;
/** Answers to one sender: made up; a person who writes more often has read the first ones. */
const ANSWERS = { most: 5, withinMs: 3_600_000 } as const;

/** A reply with a code of its own, in the way smtp-server reads it. */
class SmtpReply extends Error {
  readonly responseCode: number;

  constructor(responseCode: number, message: string) {
    super(message);
    this.responseCode = responseCode;
  }
}

/**
 * An SMTP server for the one address to which replies and delivery reports come. 250 is said when what the mail
 * means is stored, 451 when it cannot be now: the sending host keeps it and tries again, so that nothing is lost and nothing has
 * to be polled. Nothing that comes in here is a message to a case.
 */
export function createMailReceiver(deps: MailReceiverDeps): SMTPServer {
  const mayAnswer = allowance(ANSWERS);
  return new SMTPServer({
    // Your mail host stands before it and speaks TLS to the world.
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    banner: 'interdict',
    logger: false,
    size: MOST_BYTES,
    maxClients: CONNECTIONS,
    socketTimeout: SILENCE_MS,
    closeTimeout: 1_000,
    onRcptTo: ({ address }, _session, done) =>
      done(cameTo(deps.address, address) === undefined ? new SmtpReply(550, '5.1.1 No such mailbox here') : undefined),
    onData: (stream, session, done) => {
      receive(deps, mayAnswer, stream, session).then(
        (said) => done(null, said),
        (error: unknown) => done(error instanceof SmtpReply ? error : trouble(deps, error)),
      );
    },
  });
}

async function receive(
  { store, clock, log, address: ours }: MailReceiverDeps,
  mayAnswer: (sender: string) => boolean,
  stream: SMTPServerDataStream,
  { envelope: { mailFrom, rcptTo } }: SMTPServerSession,
): Promise<string> {
  const head = await headOf(stream);
  if (stream.sizeExceeded) throw new SmtpReply(552, '5.3.4 Larger than this mailbox takes');
  const sender = mailFrom === false ? '' : mailFrom.address;
  try {
    const cameFor = rcptTo.flatMap(({ address }) => cameTo(ours, address)?.token ?? []);
    const mail = await readMail(head, sender, cameFor);
    return await recordInbound(work(store), clock, mail, () => mayAnswer(mail.returnPath));
  } catch (error) {
    if (!(error instanceof UnreadableMail)) throw error;
    // Refusing it would make the sending host write to whoever the sender is said to be.
    log.warn({ error }, 'a mail that cannot be read was taken and forgotten');
    return 'unreadable';
  }
}

async function headOf(stream: Readable): Promise<Uint8Array> {
  const head: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk).subarray(0, HEAD_BYTES - length);
    if (bytes.length > 0) head.push(bytes);
    length += bytes.length;
  }
  return Buffer.concat(head);
}

function trouble({ log }: MailReceiverDeps, error: unknown): SmtpReply {
  log.warn({ error }, 'a mail has to come again');
  return new SmtpReply(451, '4.3.0 Not now, please try again');
}
