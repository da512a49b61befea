import type { Client } from '@temporalio/client';
import type { VaultPort } from '../adapters/ports.ts';
import { readFlow } from '../client/workflow-history.ts';
import type { HistoryFile } from '../domain/history-file.ts';
import type { AggregateId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { OutboxRow, OutboxState } from '../store/schema/entities/outbox.ts';
import { SealRow } from '../store/schema/entities/log.ts';
import { readHistory } from '../store/queries/export.ts';
import { START_MESSAGE } from '../store/outbox/messages.ts';
import { type Manager, type Store, work } from '../store/connection/orm.ts';
import { type KeptDocuments, writeArchive } from './archive-file.ts';

export interface ArchiveDeps {
  readonly store: Store;
  readonly vault: VaultPort;
  readonly temporal: Client;
  /** Machine time in milliseconds; tests bring their own. */
  readonly now?: () => number;
  /** What an archivist remembers between its steps; absent: nothing. */
  readonly memory?: ArchiveMemory;
}

/** What lies in the vault already, and which chains are not looked at before when (machine milliseconds), after how long a wait. */
export interface ArchiveMemory {
  readonly kept: KeptDocuments;
  readonly waits: Map<number, { readonly until: number; readonly ms: number }>;
}

/** An empty one. */
export function archiveMemory(): ArchiveMemory {
  return { kept: new Map(), waits: new Map() };
}

/**
 * A workflow ends within seconds of the seal. One that has not after a day of machine time never will (its worker is gone, or it
 * was stopped in mid-task): the log is archived without its history, far inside Temporal's retention.
 */
const WAITS_AT_MOST_MS = 24 * 3_600_000;

/** Chains that are archived at once: each waits for Temporal and the disk most of its time. */
const LANES = 6;
/** A chain that has to wait is looked at again after so long, then ever more rarely. */
const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 10 * 60_000;

export interface Archived {
  readonly archived: number;
  /** Sealed chains that must wait: their workflow still runs, or Temporal is away. */
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
 * archived with its own seal. It refers to policies and rules, which lie in the vault once. So its bytes depend on nothing but the chain,
 * and writing it twice is one object.
 */
export async function archiveSealed(deps: ArchiveDeps, limit: number, after = 0): Promise<Archived> {
  const rows = await work(deps.store).find(SealRow, { exported: false, sequence: { $gt: after } }, { orderBy: { sequence: 'asc' }, limit });
  const memory = deps.memory ?? archiveMemory();
  const now = deps.now ?? Date.now;
  const due = rows.filter(({ sequence }) => (memory.waits.get(sequence)?.until ?? 0) <= now());
  const left = due.values();
  const unreachable: number[] = [];
  let archived = 0;
  let waiting = 0;
  // Once anybody was answered for, it is a chain's own history that cannot be had, and it must not hold up those behind it.
  const isAway = () => unreachable.length > 0 && archived + waiting === 0;
  const lane = async (): Promise<void> => {
    for (const row of left) {
      const done = await archiveOne(deps, memory, row);
      if (done === 'archived') archived += 1;
      if (done === 'waiting') waiting += 1;
      if (done === 'unreachable') unreachable.push(row.sequence);
      else remember(memory, row.sequence, done, now());
      // Temporal is away: asking for the next one would only wait as long again.
      if (isAway() && unreachable.length >= LANES) return;
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  if (!isAway()) for (const sequence of unreachable) remember(memory, sequence, 'unreachable', now());
  const last = isAway() || rows.length < limit ? undefined : rows.at(-1)?.sequence;
  return { archived, waiting: rows.length - archived, last };
}

type Done = 'archived' | 'waiting' | 'unreachable';

function remember({ waits }: ArchiveMemory, sequence: number, done: Done, now: number): void {
  if (done === 'archived') waits.delete(sequence);
  else {
    const ms = Math.min((waits.get(sequence)?.ms ?? FIRST_WAIT_MS / 2) * 2, LONGEST_WAIT_MS);
    waits.set(sequence, { until: now + ms, ms });
  }
}

async function archiveOne(deps: ArchiveDeps, { kept }: ArchiveMemory, row: SealRow): Promise<Done> {
  // The id is one that this engine gave, the instant one that it wrote.
  const id = row.aggregate as AggregateId;
  const flow = await readFlow(deps.temporal, id);
  const em = work(deps.store) as Manager;
  if (flow.kind === 'unreachable') return 'unreachable';
  const isOpen = flow.kind === 'found' && flow.isRunning;
  // Sealed before its workflow was even started (an appeal that ends at once): there will be a history.
  const isWaiting = isOpen || (flow.kind === 'gone' && (await isStarting(em, id)));
  if (isWaiting && !(await isTiredOf(em, row, deps.now?.() ?? Date.now()))) return 'waiting';
  const options = { exportedAt: row.at as Instant, withoutAppeals: true, withoutDisclosures: true, withoutDocuments: true };
  const stored = await readHistory(em, id, options);
  if (stored === undefined) throw new Error(`the seal ${row.sequence} is of ${id}, which has no decisions`);
  const missing = isWaiting ? `the workflow ${id} had not ended a day after the seal` : flow.kind === 'found' ? undefined : flow.reason;
  const runs = flow.kind === 'found' && missing === undefined ? flow.runs : null;
  const file: HistoryFile = { ...stored, flow: runs, noFlow: missing === undefined ? [] : [missing] };
  const archive = await writeArchive(deps.vault, em, file, kept);
  await em.nativeUpdate(SealRow, { sequence: row.sequence, exported: false }, { exported: true, archive });
  return 'archived';
}

/** Whether a chain has waited for the end of its workflow for too long; the first time is noted with its row. */
async function isTiredOf(em: Manager, { sequence, archiveWaitsSince: since }: SealRow, now: number): Promise<boolean> {
  if (since == null) await em.nativeUpdate(SealRow, { sequence, archiveWaitsSince: null }, { archiveWaitsSince: now });
  return since != null && now - since > WAITS_AT_MOST_MS;
}

async function isStarting(em: Manager, id: AggregateId): Promise<boolean> {
  const state = [OutboxState.waiting, OutboxState.sending];
  return (await em.count(OutboxRow, { aggregate: id, kind: START_MESSAGE, state })) > 0;
}
