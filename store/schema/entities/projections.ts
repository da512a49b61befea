import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { BrandView } from '../../../domain/referral/brand-view.ts';
import { engineRows, operatorColumn, portalRows, SPEAKS_AS, SPEAKS_FOR } from './operator.ts';

/** One row per (seller, listing, rights holder), written beside the decision that caused it. Points and steps are a fold. */
export const LedgerRow = defineEntity({
  name: 'LedgerRow',
  tableName: 'ledger',
  properties: {
    operator: operatorColumn().primary(),
    seller: p.string().length(256).primary(),
    listing: p.string().length(256).primary(),
    holder: p.string().length(256).primary(),
    marketplace: p.string().length(128),
    aggregate: p.string().length(64).index(),
    n: p.integer(),
    points: p.integer(),
    countsFrom: p.string().length(24).nullable(),
    expiresAt: p.string().length(24),
    voidedBy: p.string().length(64).nullable(),
    enteredAt: p.string().length(24),
  },
  policies: [engineRows('ledger'), portalRows('ledger', 'aggregate')],
  rowLevelSecurity: 'force',
});
export type LedgerRow = InferEntity<typeof LedgerRow>;

/** How an actor stood when its ledger was last assessed (store/log/assess-ledger.ts); read and written under the actor's lock. */
export const ActorRow = defineEntity({
  name: 'ActorRow',
  tableName: 'actor',
  properties: {
    operator: operatorColumn().primary(),
    actor: p.string().length(256).primary(),
    /** Counts what changed: a sanction ignores what it has seen. */
    version: p.integer(),
    points: p.integer(),
    /** Points of the step reached; 0 below the first. */
    step: p.integer(),
    assessedAt: p.string().length(24),
    /** Digest of the ledger rows and of which of them count: an outbox message that comes twice finds nothing new. */
    seen: p.string().length(64),
  },
  policies: [engineRows('actor')],
  rowLevelSecurity: 'force',
});
export type ActorRow = InferEntity<typeof ActorRow>;

/** Why a listing is kept down: one row per case. Put back only when none is left. */
export const GroundRow = defineEntity({
  name: 'GroundRow',
  tableName: 'ground',
  properties: {
    operator: operatorColumn().primary(),
    marketplace: p.string().length(128).primary(),
    listing: p.string().length(256).primary(),
    case: p.string().length(64).primary(),
    since: p.string().length(24),
    /** Title, description and images of the listing as the register held it, with their version: what a relisting is compared with. */
    content: p.json<Record<string, unknown>>().nullable(),
  },
  policies: [engineRows('ground')],
  rowLevelSecurity: 'force',
});
export type GroundRow = InferEntity<typeof GroundRow>;

/** The value behind a salted digest. Leaving a row out redacts, deleting it erases. Sellers never read this table. */
export const DisclosureRow = defineEntity({
  name: 'DisclosureRow',
  tableName: 'disclosure',
  properties: {
    digest: p.string().length(64).primary(),
    operator: operatorColumn(),
    salt: p.string().length(32),
    value: p.text(),
  },
  policies: [engineRows('disclosure')],
  rowLevelSecurity: 'force',
});
export type DisclosureRow = InferEntity<typeof DisclosureRow>;

/** Which disclosures belong to an aggregate. */
export const DisclosedRow = defineEntity({
  name: 'DisclosedRow',
  tableName: 'disclosed',
  properties: {
    aggregate: p.string().length(64).primary(),
    digest: p.string().length(64).primary(),
    operator: operatorColumn(),
  },
  policies: [engineRows('disclosed')],
  rowLevelSecurity: 'force',
});
export type DisclosedRow = InferEntity<typeof DisclosedRow>;

/** Who may see an aggregate, and in which capacity. */
export const PartyRow = defineEntity({
  name: 'PartyRow',
  tableName: 'party',
  properties: {
    aggregate: p.string().length(64).primary(),
    organisation: p.string().length(256).primary(),
    capacity: p.string().length(32).primary(),
    operator: operatorColumn(),
  },
  // All three: whichever index the planner takes for a row policy, it is one look.
  indexes: [{ properties: ['organisation', 'capacity', 'aggregate'] }],
  policies: [
    engineRows('party'),
    {
      name: 'party_portal',
      command: 'select',
      roles: ['interdict_portal'],
      using: ["operator = current_setting('interdict.operator', true)", `and organisation = ${SPEAKS_FOR} and capacity = ${SPEAKS_AS}`].join(' '),
    },
  ],
  rowLevelSecurity: 'force',
});
export type PartyRow = InferEntity<typeof PartyRow>;

/** Which actor and recipient a referral is about. No portal ever reads it: whoever is referred must not know. */
export const ReferralRow = defineEntity({
  name: 'ReferralRow',
  tableName: 'referral',
  properties: {
    referral: p.string().length(64).primary(),
    operator: operatorColumn(),
    actor: p.string().length(256),
    recipient: p.string().length(128),
    number: p.integer(),
  },
  indexes: [{ properties: ['operator', 'actor', 'recipient'] }],
  policies: [engineRows('referral')],
  rowLevelSecurity: 'force',
});
export type ReferralRow = InferEntity<typeof ReferralRow>;

/** What a brand concerned sees of a referral: stage and outcome of its own cases, written beside the decisions. */
export const ReferralBrandRow = defineEntity({
  name: 'ReferralBrandRow',
  tableName: 'referral_brand',
  properties: {
    referral: p.string().length(64).primary(),
    organisation: p.string().length(256).primary(),
    operator: operatorColumn(),
    stage: p.string().length(32),
    cases: p.json<readonly string[]>(),
    outcomes: p.json<BrandView['outcomes']>(),
  },
  indexes: [{ properties: ['organisation'] }],
  policies: [
    engineRows('referral_brand'),
    {
      name: 'referral_brand_portal',
      command: 'select',
      roles: ['interdict_portal'],
      using: [
        "operator = current_setting('interdict.operator', true)",
        `and organisation = ${SPEAKS_FOR}`,
        `and ${SPEAKS_AS} = 'rights-holder'`,
      ].join(' '),
    },
  ],
  rowLevelSecurity: 'force',
});
export type ReferralBrandRow = InferEntity<typeof ReferralBrandRow>;

/** Who reported: kept apart, so that no policy with a seller's capacity can ever reach it. */
export const ReporterRow = defineEntity({
  name: 'ReporterRow',
  tableName: 'reporter',
  properties: {
    aggregate: p.string().length(64).primary(),
    digest: p.string().length(64).primary(),
    capacity: p.string().length(32),
    operator: operatorColumn(),
  },
  policies: [
    engineRows('reporter'),
    {
      name: 'reporter_portal',
      command: 'select',
      roles: ['interdict_portal'],
      using: [
        "operator = current_setting('interdict.operator', true)",
        `and ${SPEAKS_AS} <> 'seller'`,
        'and exists (select 1 from party where party.aggregate = "reporter"."aggregate"',
        `and party.organisation = ${SPEAKS_FOR} and party.capacity = ${SPEAKS_AS})`,
      ].join(' '),
    },
  ],
  rowLevelSecurity: 'force',
});
export type ReporterRow = InferEntity<typeof ReporterRow>;
