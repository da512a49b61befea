import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import PostalMime, { type Email } from 'postal-mime';
import { z } from 'zod';

const envelopeSchema = z.object({
  id: z.string(),
  /** When it was received, by the mailbox's clock. */
  at: z.string(),
  from: z.string(),
  to: z.array(z.string()),
  messageId: z.string().optional(),
  subject: z.string(),
  /** SHA-256 of the bytes as received: a faithful retry has the same. */
  digest: z.string(),
});

/** What is known of a kept message without opening it. */
export type Envelope = z.output<typeof envelopeSchema>;

const HEADER = 'X-Interdict-Envelope: ';
const LONGEST_FIRST_LINE = 64 * 1024;

/**
 * Messages as files that a mail program can open, one each, with the envelope in a first header line. A file appears
 * whole or not at all, and whatever is in the folder at the start is what the mailbox has.
 */
export class MessageStore {
  readonly #dir: string;
  readonly #envelopes: Envelope[];
  #last: number;

  private constructor(dir: string, envelopes: Envelope[]) {
    this.#dir = dir;
    this.#envelopes = envelopes;
    this.#last = envelopes.reduce((last, { id }) => Math.max(last, Number(id)), 0);
  }

  /** Opens the folder, making it where there is none. */
  static async open(dir: string): Promise<MessageStore> {
    await mkdir(dir, { recursive: true });
    const names = (await readdir(dir)).filter((name) => name.endsWith('.eml')).sort();
    const envelopes: Envelope[] = [];
    for (const name of names) envelopes.push(await readEnvelope(join(dir, name)));
    return new MessageStore(dir, envelopes);
  }

  /** Keeps a message. A second one with the same Message-ID is kept as well: doubles must be seen. */
  async add(from: string, to: readonly string[], at: string, raw: Buffer): Promise<Envelope> {
    this.#last += 1;
    const id = String(this.#last).padStart(8, '0');
    const { messageId, subject } = await PostalMime.parse(raw);
    const digest = createHash('sha256').update(raw).digest('hex');
    const envelope: Envelope = { id, at, from, to: [...to], messageId, subject: subject ?? '', digest };
    const head = `${HEADER}${Buffer.from(JSON.stringify(envelope)).toString('base64')}\r\n`;
    const draft = join(this.#dir, `${id}.tmp`);
    try {
      await writeFile(draft, Buffer.concat([Buffer.from(head), raw]));
      await rename(draft, this.#path(id));
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
    this.#envelopes.push(envelope);
    return envelope;
  }

  /** Newest last; narrowed to a recipient or a Message-ID. */
  list({ to, messageId }: { to?: string | undefined; messageId?: string | undefined } = {}): Envelope[] {
    return this.#envelopes.filter(
      (envelope) =>
        (to === undefined || envelope.to.some((address) => address.toLowerCase() === to.toLowerCase())) &&
        (messageId === undefined || envelope.messageId === messageId),
    );
  }

  /** How many messages with this one's Message-ID are kept. */
  copiesOf({ messageId }: Envelope): number {
    return messageId === undefined ? 1 : this.list({ messageId }).length;
  }

  /** The bytes as they were received. */
  async raw(id: string): Promise<Buffer> {
    const file = await readFile(this.#path(id));
    return file.subarray(file.indexOf('\n') + 1);
  }

  /** The message with its parts decoded. */
  async parse(id: string): Promise<Email> {
    return PostalMime.parse(await this.raw(id));
  }

  /** Forgets all messages. */
  async clear(): Promise<void> {
    for (const { id } of this.#envelopes.splice(0)) await rm(this.#path(id), { force: true });
  }

  #path(id: string): string {
    return join(this.#dir, `${id}.eml`);
  }
}

async function readEnvelope(path: string): Promise<Envelope> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(LONGEST_FIRST_LINE), 0, LONGEST_FIRST_LINE, 0);
    const line = buffer.subarray(HEADER.length, Math.min(bytesRead, buffer.indexOf('\n'))).toString();
    return envelopeSchema.parse(JSON.parse(Buffer.from(line, 'base64').toString()));
  } finally {
    await file.close();
  }
}
