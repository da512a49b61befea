import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { Recipient } from '../../../domain/aggregate.ts';
import type { DeliveryFact } from '../../../domain/inbound-mail.ts';
import { engineRows, operatorColumn } from './operator.ts';

/** Where an outbox message is on its way. The states from `delivered` on are outcomes. */
export const OutboxState = {
  waiting: 'waiting',
  sending: 'sending',
  delivered: 'delivered',
  refused: 'refused',
  possiblySent: 'possibly-sent',
  noAddress: 'no-address',
  unwanted: 'unwanted',
} as const;
export type OutboxState = (typeof OutboxState)[keyof typeof OutboxState];

/** What a decision sends, written in the decision's own transaction. */
export const OutboxRow = defineEntity({
  name: 'OutboxRow',
  tableName: 'outbox',
  properties: {
    id: p.string().length(128).primary(),
    operator: operatorColumn(),
    aggregate: p.string().length(64),
    n: p.integer(),
    kind: p.string().length(64),
    to: p.json<Recipient>(),
    about: p.json<Record<string, unknown>>(),
    unless: p.string().length(64).nullable(),
    digestGroup: p.string().length(512).nullable(),
    /** The digest that this outbox message was frozen into. */
    digest: p.string().length(128).nullable(),
    writtenAt: p.string().length(24),
    dueAt: p.string().length(24),
    state: p.string().length(16).$type<OutboxState>(),
    tries: p.integer().default(0),
    /** Since when whom it is for only puts it off (SMTP 4xx). */
    putOffSince: p.string().length(24).nullable(),
    result: p.text().nullable(),
    settledAt: p.string().length(24).nullable(),
    address: p.string().length(64).nullable(),
    /** In the Message-ID of the mail that it went out with; a report or a reply names it. */
    mark: p.string().length(32).nullable(),
    /** To whom that mail went, as digests (domain/inbound-mail.ts). */
    sentTo: p.json<readonly string[]>().nullable(),
    /** Machine time in milliseconds until which a dispatcher holds this outbox message. */
    leasedUntil: p.bigint('number').default(0),
  },
  indexes: [
    { name: 'outbox_due', properties: ['dueAt', 'id'], where: "state = 'waiting'" },
    { name: 'outbox_sending', properties: ['leasedUntil'], where: "state = 'sending'" },
    { properties: ['aggregate', 'n'] },
    { properties: ['digest'] },
    { properties: ['mark'] },
  ],
  policies: [engineRows('outbox')],
  rowLevelSecurity: 'force',
});
export type OutboxRow = InferEntity<typeof OutboxRow>;

/** What a mail that came in says of the delivery of one of ours. Neither the words of people nor who sent them are kept. */
export const DeliveryFactRow = defineEntity({
  name: 'DeliveryFactRow',
  tableName: 'delivery_fact',
  properties: {
    operator: operatorColumn().primary(),
    /** Digest of the incoming mail's Message-ID: it counts once, however often it comes in. */
    id: p.string().length(64).primary(),
    /** Of whom it speaks, as in `sentTo` of the outbox message; empty for the mail as a whole. */
    recipient: p.string().length(64).primary(),
    mark: p.string().length(32).index(),
    fact: p.string().length(16).$type<DeliveryFact>(),
    /** RFC 3463, such as 5.1.1; empty where none was given. */
    status: p.string().length(16),
    /** Where the mail ended that its recipient's host had passed on; who deals with the recipient has to know it. */
    address: p.string().length(320).nullable(),
    /** What a mail host wrote in words only: a person reads it. */
    words: p.text().nullable(),
    at: p.string().length(24),
  },
  policies: [engineRows('delivery_fact')],
  rowLevelSecurity: 'force',
});
export type DeliveryFactRow = InferEntity<typeof DeliveryFactRow>;
