import type { OutboxDraft } from '../../domain/aggregate.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Chain } from '../log/chain-model.ts';
import { OutboxState } from '../schema/entities/outbox.ts';

/** A outbox message as it is first written. */
export interface NewOutboxRow {
  readonly id: string;
  readonly n: number;
  readonly kind: string;
  readonly to: unknown;
  readonly about: unknown;
  readonly unless: string | null;
  readonly digest_group: string | null;
  readonly written_at: string;
  readonly due_at: string;
  readonly state: OutboxState;
}

/** The database channel on which the dispatcher hears that there is work. */
export const WORK_CHANNEL = 'interdict_work';

/** Kind of the outbox message that starts an aggregate's workflow. */
export const START_MESSAGE = 'start';

/** Kind of the outbox message after which an actor's ledger is assessed (store/log/assess-ledger.ts). */
export const ASSESS_MESSAGE = 'assess';

/** Kind of the outbox message that brings a link to sign in; it is about no aggregate. */
export const SIGN_IN_NOTIFICATION = 'sign-in';

/** Kind of the outbox message that answers a reply; it is about no one aggregate. */
export const MAIL_ANSWER_NOTIFICATION = 'mail-answer';

/** Kind of the outbox message that tells an endpoint what has changed; it is about no one aggregate. */
export const WEBHOOK_MESSAGE = 'webhook';

/** Kinds of outbox messages that no mail host ever sees. */
export const INTERNAL_MESSAGES: readonly string[] = [START_MESSAGE, 'message', ASSESS_MESSAGE];

/** The message after which an aggregate decides again on its actor's ledger, as it stands at that version. */
export function reconsiderMessage(id: string, version: number, at: Instant) {
  return {
    id: `${id}/ledger/${version}`,
    aggregate: id,
    n: 0,
    kind: 'message',
    to: { aggregate: id },
    about: { kind: 'reconsider', version },
    unless: null,
    digestGroup: null,
    digest: null,
    writtenAt: at,
    dueAt: at,
    state: OutboxState.waiting,
    result: null,
    settledAt: null,
    address: null,
  };
}

/** Outbox messages of the decisions; a new aggregate that is not final also owes its start. */
export function newOutboxRows(chain: Chain): readonly NewOutboxRow[] {
  const first = chain.decisions.find(({ decision }) => decision.n === 1)?.decision;
  const letters = chain.letters.map(({ n, at, draft }) => newOutboxRow(chain, n, at, draft));
  if (first === undefined) return letters;
  return [...letters, newOutboxRow(chain, 1, first.at, { key: 'start', kind: START_MESSAGE, to: { aggregate: chain.id }, about: {} })];
}

function newOutboxRow(chain: Chain, n: number, at: Instant, draft: OutboxDraft): NewOutboxRow {
  const { key, kind, to, about, dueAt, unless, digest } = draft;
  return {
    id: `${chain.id}/${n}/${key}`,
    n,
    kind,
    to,
    about,
    unless: unless ?? null,
    digest_group: digest === undefined ? null : JSON.stringify([digest, to]),
    written_at: at,
    due_at: dueAt ?? at,
    state: OutboxState.waiting,
  };
}
