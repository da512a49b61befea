import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { Command, Effect } from '../../../domain/aggregate.ts';
import type { Decision } from '../../../domain/decision.ts';
import { engineRows, operatorColumn, portalRows, SPEAKS_AS } from './operator.ts';

/** The projection of one aggregate: folded state, head of its chain, what it waits for and owes. Lists read the columns. */
export const AggregateRow = defineEntity({
  name: 'AggregateRow',
  tableName: 'aggregate',
  properties: {
    id: p.string().length(64).primary(),
    operator: operatorColumn(),
    kind: p.string().length(32),
    n: p.integer(),
    head: p.string().length(64),
    state: p.json<unknown>(),
    due: p.string().length(24).nullable(),
    dueRule: p.string().length(64).nullable(),
    owes: p.json<readonly Effect[]>(),
    isOwing: p.boolean(),
    isFinal: p.boolean(),
    status: p.string().length(32),
    marketplace: p.string().length(128),
    listing: p.string().length(256),
    holder: p.string().length(256),
    about: p.string().length(64).nullable(),
    openedAt: p.string().length(24),
    changedAt: p.string().length(24),
  },
  indexes: [
    { properties: ['operator', 'isFinal', 'due'] },
    // The orders of the lists: a page costs the same however many rows there are.
    { properties: ['operator', 'kind', 'due', 'id'] },
    { properties: ['operator', 'kind', 'status', 'due', 'id'] },
    { properties: ['operator', 'holder', 'kind', 'due', 'id'] },
    { properties: ['marketplace', 'listing'] },
    { properties: ['about'] },
  ],
  triggers: [
    {
      name: 'aggregate_change',
      timing: 'after',
      events: ['insert', 'update'],
      forEach: 'row',
      body: `insert into change (operator, aggregate, kind, status, n, at) values (new.operator, new.id, new.kind, new.status, new.n, new.changed_at);
return null;`,
    },
  ],
  policies: [engineRows('aggregate'), portalRows('aggregate', 'id')],
  rowLevelSecurity: 'force',
});
export type AggregateRow = InferEntity<typeof AggregateRow>;

/** One decision: the envelope and its hash. Rows are only ever inserted. */
export const DecisionRow = defineEntity({
  name: 'DecisionRow',
  tableName: 'decision',
  properties: {
    aggregate: p.string().length(64).primary(),
    n: p.integer().primary(),
    operator: operatorColumn(),
    command: p.string().length(256),
    at: p.string().length(24),
    envelope: p.json<Decision>(),
    hash: p.string().length(64),
  },
  uniques: [{ properties: ['aggregate', 'command'] }],
  policies: [engineRows('decision'), portalRows('decision', 'aggregate')],
  rowLevelSecurity: 'force',
});
export type DecisionRow = InferEntity<typeof DecisionRow>;

/** What makes an aggregate one: its natural keys (a case has one more for every version that joined). */
export const NaturalKeyRow = defineEntity({
  name: 'NaturalKeyRow',
  tableName: 'natural_key',
  properties: {
    operator: operatorColumn().primary(),
    key: p.text().primary(),
    aggregate: p.string().length(64).index(),
  },
  policies: [engineRows('natural_key')],
  rowLevelSecurity: 'force',
});
export type NaturalKeyRow = InferEntity<typeof NaturalKeyRow>;

/** What the log said to a message. */
export type CommandResult =
  | { readonly kind: 'done'; readonly aggregate: string; readonly n: number; readonly events: readonly string[] }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string; readonly cure: string; readonly aggregate?: string }
  | { readonly kind: 'fault'; readonly message: string };

/** A message from outside: durable from here on, whatever else is down. The message id is the primary key within its operator. */
export const InboxRow = defineEntity({
  name: 'InboxRow',
  tableName: 'inbox',
  properties: {
    operator: operatorColumn().primary(),
    id: p.string().length(256).primary(),
    aggregate: p.string().length(64),
    workflow: p.string().length(64),
    receivedAt: p.string().length(24),
    sender: p.string().length(64),
    content: p.json<Command | Record<string, unknown>>(),
    /** SHA-256 of the sender's own content, before salting: the same id with other content is an error, not a duplicate. */
    fingerprint: p.string().length(64),
    answer: p.json<CommandResult>().nullable(),
    answeredAt: p.string().length(24).nullable(),
    /** Machine time in milliseconds: when the dispatcher signals again. */
    signalAgainAt: p.bigint('number'),
    signals: p.integer().default(1),
  },
  indexes: [
    { name: 'inbox_unread', properties: ['aggregate', 'receivedAt', 'id'], where: 'answer is null' },
    { name: 'inbox_signal', properties: ['signalAgainAt'], where: 'answer is null' },
  ],
  // A party reads the messages of its own side only, not those of the others.
  policies: [engineRows('inbox'), portalRows('inbox', 'aggregate', `sender = ${SPEAKS_AS}`)],
  rowLevelSecurity: 'force',
});
export type InboxRow = InferEntity<typeof InboxRow>;

/** The order in which chains were closed, without a gap per operator. */
export const SealRow = defineEntity({
  name: 'SealRow',
  tableName: 'seal',
  properties: {
    operator: operatorColumn().primary(),
    sequence: p.integer().primary(),
    aggregate: p.string().length(64).unique(),
    root: p.string().length(64),
    at: p.string().length(24),
    /** Whether the sealed chain is in the vault, and under which digest. */
    exported: p.boolean().default(false),
    archive: p.string().length(80).nullable(),
    /** Machine time in milliseconds since when the archive waits for the end of the workflow. */
    archiveWaitsSince: p.bigint('number').nullable(),
  },
  // What is not archived yet is found among the few, not behind all that is.
  indexes: [{ name: 'seal_unarchived', properties: ['operator', 'sequence'], where: 'not exported' }],
  policies: [engineRows('seal'), portalRows('seal', 'aggregate')],
  rowLevelSecurity: 'force',
});
export type SealRow = InferEntity<typeof SealRow>;
