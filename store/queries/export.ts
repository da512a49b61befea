import { IsolationLevel } from '@mikro-orm/core';
import { type ChainRecord, chainsOf, HISTORY_FORMAT, type HistoryFile, type Seal } from '../../domain/history-file.ts';
import { type AggregateId, kindOf } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';
import { AggregateRow, DecisionRow, SealRow } from '../schema/entities/log.ts';
import { PolicyRow, RulesRow } from '../schema/entities/register.ts';
import { DisclosedRow, DisclosureRow } from '../schema/entities/projections.ts';
import type { Manager } from '../connection/orm.ts';

/** What a file carries of an aggregate. */
export interface ExportOptions {
  readonly exportedAt: Instant;
  /** Leave out what came after the seal: of an archive, whose bytes must not depend on when it is written. */
  readonly withoutAppeals?: boolean;
  /** Leave out policies and rules: an archive refers to them. */
  readonly withoutDocuments?: boolean;
  /** Leave out every disclosed value. */
  readonly withoutDisclosures?: boolean;
}

/** An exported history but for the workflows' own histories, which only Temporal has. */
export type StoredHistory = Omit<HistoryFile, 'flow' | 'noFlow'>;

/** Reads an aggregate and its appeals from one snapshot of the store; undefined when there is no such aggregate. */
export async function readHistory(em: Manager, id: AggregateId, options: ExportOptions): Promise<StoredHistory | undefined> {
  return em.transactional((snapshot) => read(snapshot as Manager, id, options), { isolationLevel: IsolationLevel.REPEATABLE_READ });
}

async function read(em: Manager, id: AggregateId, options: ExportOptions): Promise<StoredHistory | undefined> {
  const chain = await readChain(em, id, options);
  if (chain === undefined) return undefined;
  const appeals = options.withoutAppeals === true ? [] : await readAppeals(em, id, options);
  const base = { ...chain, format: HISTORY_FORMAT, exportedAt: options.exportedAt, kind: kindOf(id), appeals, policies: {}, rules: {} } as const;
  if (options.withoutDocuments === true) return base;
  const decisions = chainsOf({ ...base, flow: null, noFlow: [] }).flatMap((each) => each.decisions.map(({ decision }) => decision));
  const policies = await em.find(PolicyRow, { digest: [...new Set(decisions.map(({ facts }) => facts.policy))] }, { orderBy: { digest: 'asc' } });
  const rules = await em.find(RulesRow, { digest: [...new Set(decisions.map((decision) => decision.rules))] }, { orderBy: { digest: 'asc' } });
  return {
    ...base,
    policies: Object.fromEntries(policies.map(({ digest, document }) => [digest, document])),
    rules: Object.fromEntries(rules.map(({ digest, text }) => [digest, text])),
  };
}

async function readAppeals(em: Manager, id: AggregateId, options: ExportOptions): Promise<readonly ChainRecord[]> {
  const rows = await em.find(AggregateRow, { about: id }, { fields: ['id'], orderBy: { openedAt: 'asc', id: 'asc' } });
  const chains: ChainRecord[] = [];
  for (const row of rows) {
    // The id is one that this engine gave.
    const chain = await readChain(em, row.id as AggregateId, options);
    if (chain !== undefined) chains.push(chain);
  }
  return chains;
}

async function readChain(em: Manager, aggregate: AggregateId, { withoutDisclosures }: ExportOptions): Promise<ChainRecord | undefined> {
  const rows = await em.find(DecisionRow, { aggregate }, { orderBy: { n: 'asc' } });
  if (rows.length === 0) return undefined;
  const decisions = rows.map(({ envelope, hash }) => ({ decision: envelope, hash }));
  const disclosures = withoutDisclosures === true ? [] : await readDisclosures(em, aggregate);
  return { aggregate, decisions, disclosures, seal: await readSeal(em, aggregate) };
}

async function readDisclosures(em: Manager, aggregate: AggregateId): Promise<ChainRecord['disclosures']> {
  const used = await em.find(DisclosedRow, { aggregate });
  const rows = await em.find(DisclosureRow, { digest: used.map(({ digest }) => digest) }, { orderBy: { digest: 'asc' } });
  return rows.map(({ digest, salt, value }) => ({ digest, salt, value }));
}

async function readSeal(em: Manager, aggregate: AggregateId): Promise<Seal | null> {
  const row = await em.findOne(SealRow, { aggregate });
  return row === null ? null : { sequence: row.sequence, root: row.root, at: row.at as Instant };
}

/** The vault digest of a sealed chain's archive; undefined when there is none yet. */
export async function archiveOf(em: Manager, aggregate: AggregateId): Promise<string | undefined> {
  const row = await em.findOne(SealRow, { aggregate }, { fields: ['archive'] });
  return row?.archive ?? undefined;
}
