import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { engineRows, operatorColumn } from './operator.ts';

/** A link that signs somebody in once. Only the SHA-256 of its token is kept. */
export const SignInLinkRow = defineEntity({
  name: 'SignInLinkRow',
  tableName: 'sign_in_link',
  properties: {
    hash: p.string().length(64).primary(),
    operator: operatorColumn(),
    /** Person or seller id. */
    who: p.string().length(256).index(),
    madeAt: p.string().length(24),
    expiresAt: p.string().length(24),
    usedAt: p.string().length(24).nullable(),
  },
  policies: [engineRows('sign_in_link')],
  rowLevelSecurity: 'force',
});
export type SignInLinkRow = InferEntity<typeof SignInLinkRow>;

/** A signed-in browser. Only the SHA-256 of its cookie is kept. */
export const SessionRow = defineEntity({
  name: 'SessionRow',
  tableName: 'session',
  properties: {
    hash: p.string().length(64).primary(),
    operator: operatorColumn(),
    who: p.string().length(256).index(),
    how: p.string().length(16).$type<'link' | 'oidc'>(),
    beganAt: p.string().length(24),
    seenAt: p.string().length(24),
    expiresAt: p.string().length(24),
    endedAt: p.string().length(24).nullable(),
  },
  policies: [engineRows('session')],
  rowLevelSecurity: 'force',
});
export type SessionRow = InferEntity<typeof SessionRow>;

/** A key with which a machine acts for a person, within scopes. Only the SHA-256 of the key is kept. */
export const MachineKeyRow = defineEntity({
  name: 'MachineKeyRow',
  tableName: 'machine_key',
  properties: {
    id: p.string().length(64).primary(),
    operator: operatorColumn(),
    hash: p.string().length(64).unique(),
    who: p.string().length(256).index(),
    label: p.text(),
    scopes: p.json<readonly string[]>(),
    madeAt: p.string().length(24),
    expiresAt: p.string().length(24).nullable(),
    revokedAt: p.string().length(24).nullable(),
    seenAt: p.string().length(24).nullable(),
  },
  policies: [engineRows('machine_key')],
  rowLevelSecurity: 'force',
});
export type MachineKeyRow = InferEntity<typeof MachineKeyRow>;

/** Where a person's calendar reads the deadlines of an organisation. Only the SHA-256 of its token is kept. */
export const CalendarFeedRow = defineEntity({
  name: 'CalendarFeedRow',
  tableName: 'calendar_feed',
  properties: {
    operator: operatorColumn().primary(),
    who: p.string().length(256).primary(),
    organisation: p.string().length(256).primary(),
    hash: p.string().length(64).unique(),
    madeAt: p.string().length(24),
  },
  policies: [engineRows('calendar_feed')],
  rowLevelSecurity: 'force',
});
export type CalendarFeedRow = InferEntity<typeof CalendarFeedRow>;

/** Who read which case, and how. Rows are only ever added. */
export const AccessLogRow = defineEntity({
  name: 'AccessLogRow',
  tableName: 'access_log',
  properties: {
    id: p.bigint('number').autoincrement().primary(),
    operator: operatorColumn(),
    at: p.string().length(24),
    who: p.string().length(256),
    capacity: p.string().length(32),
    how: p.string().length(64),
    operation: p.string().length(64),
    aggregate: p.string().length(64),
  },
  indexes: [{ properties: ['aggregate', 'id'] }, { properties: ['who', 'id'] }],
  policies: [engineRows('access_log')],
  rowLevelSecurity: 'force',
});
export type AccessLogRow = InferEntity<typeof AccessLogRow>;

/** A file in the vault that an organisation has sent, for its quota: the same bytes count once. */
export const DocumentRow = defineEntity({
  name: 'DocumentRow',
  tableName: 'document',
  properties: {
    operator: operatorColumn().primary(),
    organisation: p.string().length(256).primary(),
    digest: p.string().length(80).primary(),
    bytes: p.bigint('number'),
    at: p.string().length(24),
  },
  policies: [engineRows('document')],
  rowLevelSecurity: 'force',
});
export type DocumentRow = InferEntity<typeof DocumentRow>;

/** Who works on a case just now; a claim ends by itself. */
export const ClaimRow = defineEntity({
  name: 'ClaimRow',
  tableName: 'claim',
  properties: {
    aggregate: p.string().length(64).primary(),
    operator: operatorColumn(),
    who: p.string().length(256),
    since: p.string().length(24),
    until: p.string().length(24),
  },
  policies: [engineRows('claim')],
  rowLevelSecurity: 'force',
});
export type ClaimRow = InferEntity<typeof ClaimRow>;
