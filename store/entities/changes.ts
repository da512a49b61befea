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
