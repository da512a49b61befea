import { randomBytes, randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';
import { type BodyOf, type Command, type Content, contentOf } from '../commands/command.ts';
import type { Clock } from '../domain/clock.ts';
import { Capacity } from '../domain/aggregate.ts';
import { canonical, sha256Hex } from '../domain/canonical.ts';
import { type Disclosure, disclose, type Salted } from '../domain/salted.ts';
import type { CommandResult } from '../store/schema/entities/log.ts';
import { type Acceptance, acceptMessage, INTAKE, isAddressable } from '../store/log/inbox.ts';
import { type Manager, type Store, work } from '../store/connection/orm.ts';
import { type Principal, deskOf, findPrincipal, findCaseOf, organisationNamed } from '../store/register/people.ts';
import { AnswerWatch } from './answer-watch.ts';
import { MESSAGE_SIGNAL, type MessageSignal } from '../workflows/contracts.ts';

/** What became of a message: decided, or accepted and still waiting, or not accepted at all. */
export type Sent =
  | ({ readonly messageId: string } & CommandResult)
  | { readonly messageId: string; readonly kind: 'pending' }
  | { readonly messageId: string; readonly kind: 'not-accepted'; readonly code: SendRefusal; readonly message: string; readonly cure: string };

/** Why a message was not accepted. Unknown and foreign aggregates are told alike. */
export type SendRefusal = 'unknown-person' | 'unknown-case' | 'message-id-reused';

const NOT_ACCEPTED: { readonly [K in SendRefusal]: readonly [string, string] } = {
  'unknown-person': ['Nobody of that id is known here.', 'Import people first, or check the id after --as.'],
  'unknown-case': ['There is no such case for you.', 'Check the id; a case of another organisation is answered like one that does not exist.'],
  'message-id-reused': ['This message id was used for another message.', 'Send this one under a fresh id.'],
};

export interface Sender {
  /** Person or seller id. */
  readonly as: string;
  /** The sender's own message id; sending it again changes nothing. */
  readonly messageId?: string;
  /** How long this sender waits for the decision, in milliseconds; absent: as long as the client says. */
  readonly waitMs?: number;
}

/** An aggregate by its id, or a case by its listing and holder. */
export type Target = { readonly id: string } | { readonly listing: string; readonly holder: string };

export interface CaseClientOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly temporal: Client;
  /** How long a sender waits for the decision before it is told "pending", in milliseconds. */
  readonly waitMs?: number;
}

/** The one way in: writes the inbox row, signals, waits a while for the answer (design.md section 2.1). */
export class CaseClient {
  readonly #options: CaseClientOptions;
  readonly #answers: AnswerWatch;

  constructor(options: CaseClientOptions) {
    this.#options = options;
    this.#answers = new AnswerWatch(options.store);
  }

  /** An organisation's id by id or name; the text itself where none is known by it. */
  organisationOf(text: string): Promise<string> {
    return organisationNamed(this.#em(), text);
  }

  /** The person who answers for an organisation where nobody else is named. */
  async deskOf(organisation: string): Promise<string> {
    return deskOf(await this.organisationOf(organisation));
  }

  /** What became of messages that were pending: waits until all are decided, or for as long as a sender waits without any decision. */
  async answersTo(messageIds: readonly string[]): Promise<ReadonlyMap<string, Sent>> {
    const decided = new Map<string, Sent>();
    for (let open = messageIds; open.length > 0; ) {
      const looked = await Promise.all(open.map((messageId) => this.#await(messageId)));
      for (const sent of looked) if (sent.kind !== 'pending') decided.set(sent.messageId, sent);
      const left = open.filter((messageId) => !decided.has(messageId));
      if (left.length === open.length) break;
      open = left;
    }
    return decided;
  }

  /** Gives a command to an aggregate. Throws `ZodError` for a body that is not valid. */
  async send<C extends Command>(command: C, sender: Sender, target: Target, body: BodyOf<C>): Promise<Sent> {
    const id = 'id' in target ? target.id : await findCaseOf(this.#em(), target.listing, target.holder);
    return this.#send(sender, id ?? '', contentOf(command, body));
  }

  /** Gives a command that opens an aggregate, or finds the open one. Throws `ZodError` for a body that is not valid. */
  open<C extends Command>(command: C, sender: Sender, body: BodyOf<C>): Promise<Sent> {
    return this.#send(sender, INTAKE, contentOf(command, body));
  }

  async #send(sender: Sender, aggregate: string, content: Content): Promise<Sent> {
    const messageId = sender.messageId ?? `msg:${randomUUID()}`;
    const principal = await findPrincipal(this.#em(), sender.as);
    if (principal === undefined) return notAccepted(messageId, 'unknown-person');
    if (aggregate !== INTAKE && !(await isAddressable(this.#em(), aggregate, principal.organisations, principal.seenAs))) {
      return notAccepted(messageId, 'unknown-case');
    }
    const accepted = await this.#accept(messageId, principal, aggregate, content);
    if (accepted.kind === 'id-reused') return notAccepted(messageId, 'message-id-reused');
    if (accepted.kind === 'duplicate' && accepted.answer !== undefined) return { messageId, ...accepted.answer };
    await this.#signal(aggregate, { id: messageId, receivedAt: accepted.receivedAt });
    return this.#await(messageId, sender.waitMs);
  }

  async #accept(id: string, principal: Principal, aggregate: string, { clear, personal }: Content): Promise<Acceptance> {
    const disclosures: Disclosure[] = [];
    const salted = (value: string): Salted => {
      const made = disclose(randomBytes(16).toString('base64url'), value);
      disclosures.push(made.disclosure);
      return made.salted;
    };
    const [organisation] = principal.organisations;
    const isNamed = principal.capacity !== Capacity.seller && organisation !== undefined;
    const by = { capacity: principal.capacity, person: salted(principal.id), ...(isNamed && { organisation }) };
    const hidden = Object.fromEntries(Object.entries(personal).map(([key, value]) => [key, salted(value)]));
    // What the sender meant, in the clear, decides whether a repetition says the same; only its digest is kept.
    const fingerprint = sha256Hex(canonical({ as: principal.id, aggregate, content: clear, personal }));
    const message = { id, aggregate, sender: principal.capacity, content: { by, ...clear, ...hidden }, fingerprint, disclosures, isSignalled: true };
    return work(this.#options.store).transactional((em) => acceptMessage(em as Manager, this.#options.clock, message));
  }

  /** The signal only wakes; if it is lost, the dispatcher repeats it. */
  async #signal(aggregate: string, message: MessageSignal): Promise<void> {
    if (aggregate === INTAKE) return;
    try {
      await this.#options.temporal.connection.withDeadline(Date.now() + 2_000, () =>
        this.#options.temporal.workflow.getHandle(aggregate).signal(MESSAGE_SIGNAL, message),
      );
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return;
      if (!isUnreachable(error)) throw error;
    }
  }

  async #await(messageId: string, waitMs = this.#options.waitMs ?? 5_000): Promise<Sent> {
    const answer = await this.#answers.of(messageId, waitMs);
    return answer === undefined ? { messageId, kind: 'pending' } : { messageId, ...answer };
  }

  #em(): Manager {
    return work(this.#options.store);
  }
}

function notAccepted(messageId: string, code: SendRefusal): Sent {
  const [message, cure] = NOT_ACCEPTED[code];
  return { messageId, kind: 'not-accepted', code, message, cure };
}

/** Temporal being away is no reason to refuse: the message is in the inbox. */
function isUnreachable(error: unknown): boolean {
  const code = (error as { code?: unknown; cause?: { code?: unknown } }).code ?? (error as { cause?: { code?: unknown } }).cause?.code;
  return code === 14 || code === 4 || code === 1;
}
