import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { engineRows, operatorColumn, portalRows } from './operator.ts';

/**
 * What has changed, for readers who want to follow: one row for every advance of an aggregate, written by a trigger on
 * `aggregate` (the log sends no statement more). Rows are in the order of (xid, id): a reader that stops before the oldest
 * transaction under way misses nothing, whatever order transactions commit in.
 */
export const ChangeRow = defineEntity({
  name: 'ChangeRow',
  tableName: 'change',
  properties: {
    id: p.bigint('number').autoincrement().primary(),
    operator: operatorColumn(),
    xid: p.bigint('number').defaultRaw('((pg_current_xact_id())::text)::bigint'),
    aggregate: p.string().length(64),
    kind: p.string().length(32),
    status: p.string().length(32),
    n: p.integer(),
    at: p.string().length(24),
  },
  indexes: [{ properties: ['operator', 'xid', 'id'] }],
  policies: [engineRows('change'), portalRows('change', 'aggregate')],
  rowLevelSecurity: 'force',
});
export type ChangeRow = InferEntity<typeof ChangeRow>;

/**
 * Where an organisation wants changes told. `cursor` is the place up to which outbox messages were written; an outbox message that is not
 * settled holds back the next, so that changes arrive in order. The secret signs: it has to be known here.
 */
export const WebhookEndpointRow = defineEntity({
  name: 'WebhookEndpointRow',
  tableName: 'webhook_endpoint',
  properties: {
    id: p.string().length(64).primary(),
    operator: operatorColumn(),
    organisation: p.string().length(256),
    capacity: p.string().length(32),
    url: p.string().length(2048),
    secret: p.string().length(80),
    /** Signs beside the new one until `formerUntil`, while the consumer changes over. */
    formerSecret: p.string().length(80).nullable(),
    formerUntil: p.string().length(24).nullable(),
    madeAt: p.string().length(24),
    disabledAt: p.string().length(24).nullable(),
    disabledBecause: p.text().nullable(),
    xid: p.bigint('number'),
    change: p.bigint('number'),
  },
  uniques: [{ properties: ['operator', 'organisation', 'url'] }],
  policies: [engineRows('webhook_endpoint')],
  rowLevelSecurity: 'force',
});
export type WebhookEndpointRow = InferEntity<typeof WebhookEndpointRow>;
