import type { Client } from '@temporalio/client';
import type { VaultPort } from '../activities/ports.ts';
import { readFlow } from '../client/flow.ts';
import { type HistoryFile, historyText } from '../domain/history-file.ts';
import type { AggregateId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { LetterRow, LetterState } from '../store/entities/letters.ts';
import { SealRow } from '../store/entities/log.ts';
import { readHistory } from '../store/export.ts';
import { START_LETTER } from '../store/letters.ts';
import { type Manager, type Store, work } from '../store/orm.ts';

export interface ArchiveDeps {
  readonly store: Store;
  readonly vault: VaultPort;
  readonly temporal: Client;
  /** Machine time in milliseconds; tests bring their own. */
  readonly now?: () => number;
}

/**
 * A workflow ends within seconds of the seal. One that has not after a day of machine time never will (its worker is gone, or it
 * was stopped in mid-task): the log is archived without its history, far inside Temporal's retention.
 */
const WAITS_AT_MOST_MS = 24 * 3_600_000;

export interface Archived {
  readonly archived: number;
  /** Sealed chains that were looked at and must wait: their workflow still runs, or Temporal is away. */
  readonly waiting: number;
  /** Sequence to go on after; undefined at the end. */
  readonly last: number | undefined;
}

/**
 * Writes sealed chains that are not archived yet into the vault, each with its workflow's history before Temporal's retention
 * ends; a row is marked only once its archive is there. Looks at up to `limit` rows after the sequence `after`; the caller keeps
 * the pace and starts from 0 again, so that one that must wait holds nobody up. One whose workflow does not end is archived
 * without its history after a day, with the reason.
 *
 * An archive carries no disclosures: those stay in their rows, where erasure reaches them. It carries no appeals: each is
 * archived with its own seal. So its bytes depend on nothing but the chain, and writing it twice is one object.
 */
export async function archiveSealed(deps: ArchiveDeps, limit: number, after = 0): Promise<Archived> {
  const rows = await work(deps.store).find(
    SealRow,
    { exported: false, sequence: { $gt: after } },
    { orderBy: { sequence: 'asc' }, limit, disableIdentityMap: true },
  );
  let archived = 0;
  for (const row of rows) {
    const done = await archiveOne(deps, row);
    // Temporal is away: asking for the next one would only wait as long again.
    if (done === 'unreachable') return { archived, waiting: rows.length - archived, last: undefined };
    if (done === 'archived') archived += 1;
  }
  return { archived, waiting: rows.length - archived, last: rows.length < limit ? undefined : rows.at(-1)?.sequence };
}

async function archiveOne(deps: ArchiveDeps, row: SealRow): Promise<'archived' | 'waiting' | 'unreachable'> {
  // The id is one that this engine gave, the instant one that it wrote.
  const id = row.aggregate as AggregateId;
  const flow = await readFlow(deps.temporal, id);
  const em = work(deps.store) as Manager;
  if (flow.kind === 'unreachable') return 'unreachable';
  const isOpen = flow.kind === 'found' && flow.isRunning;
  // Sealed before its workflow was even started (an appeal that ends at once): there will be a history.
  const isWaiting = isOpen || (flow.kind === 'gone' && (await isStarting(em, id)));
  if (isWaiting && !(await isTiredOf(em, row, deps.now?.() ?? Date.now()))) return 'waiting';
  const stored = await readHistory(em, id, { exportedAt: row.at as Instant, withoutAppeals: true, withoutDisclosures: true });
  if (stored === undefined) throw new Error(`the seal ${row.sequence} is of ${id}, which has no decisions`);
  const missing = isWaiting ? `the workflow ${id} had not ended a day after the seal` : flow.kind === 'found' ? undefined : flow.reason;
  const runs = flow.kind === 'found' && missing === undefined ? flow.runs : null;
  const file: HistoryFile = { ...stored, flow: runs, noFlow: missing === undefined ? [] : [missing] };
  const archive = await deps.vault.put(new TextEncoder().encode(historyText(file)));
  await em.nativeUpdate(SealRow, { sequence: row.sequence, exported: false }, { exported: true, archive });
  return 'archived';
}

/** Whether a chain has waited for the end of its workflow for too long; the first time is noted with its row. */
async function isTiredOf(em: Manager, { sequence, archiveWaitsSince: since }: SealRow, now: number): Promise<boolean> {
  if (since == null) await em.nativeUpdate(SealRow, { sequence, archiveWaitsSince: null }, { archiveWaitsSince: now });
  return since != null && now - since > WAITS_AT_MOST_MS;
}

async function isStarting(em: Manager, id: AggregateId): Promise<boolean> {
  const state = [LetterState.waiting, LetterState.sending];
  return (await em.count(LetterRow, { aggregate: id, kind: START_LETTER, state })) > 0;
}
