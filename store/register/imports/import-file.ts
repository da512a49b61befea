import type { Clock } from '../../../domain/clock.ts';
import { isRefusedData } from '../../log/faults.ts';
import { type Manager, type Store, work } from '../../connection/orm.ts';
import type { Adopted } from '../adoption.ts';
import { isAway, isNoSpace } from '../../connection/error-codes.ts';
import { ImportBrokenOff, type ImportPlace } from './broken-off.ts';
import { parseImport } from './parse.ts';
import { type ImportItem, ImportProblem } from './problems.ts';
import { keyOfRow, SeenKeys } from './row-keys.ts';
import type { ImportRow } from './schemas.ts';
import { type RegisterKind, writeRows } from './write.ts';
import type { Said, WrittenRows } from './written.ts';

/** Rows of one transaction. */
const BATCH = 500;
/** Problems kept for the report, wrong lines and warnings apart, so that neither hides the other; the counts go on. */
const MOST_PROBLEMS = 1_000;

export interface ImportReport {
  /** Rows that are stored now: those that were not there, those that differed, those that were the same. */
  readonly imported: number;
  readonly new: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly wrong: number;
  readonly warnings: number;
  readonly problems: readonly Told[];
  /** Owners of rights that turned out to be organisations of this file. */
  readonly adopted: readonly Adopted[];
}

interface Told {
  readonly line: number;
  readonly code: string;
  readonly message: string;
  readonly cure: string;
}

export interface ImportOptions {
  readonly marketplace?: string;
  /** Called with stored listings, batch by batch, where a reference marketplace has to sell them. */
  readonly publish?: (listings: readonly ImportRow['listings'][]) => Promise<void>;
}

/**
 * Reads a file and stores its rows, a batch to a transaction: broken off anywhere, whole batches are stored and the next import
 * of the same file completes it. Wrong lines are counted and kept with number, reason and cure. Throws `ImportBrokenOff` with place
 * and line where the file ends before its end, or the database or the marketplace does not answer.
 */
export async function importFile<K extends RegisterKind>(
  store: Store,
  clock: Clock,
  kind: K,
  source: AsyncIterable<Uint8Array>,
  options: ImportOptions = {},
): Promise<ImportReport> {
  const report = new Report();
  const seen = new SeenKeys();
  let batch: Line<K>[] = [];
  let line = 0;
  const at = <T>(place: ImportPlace, run: () => Promise<T>) => inPlace(place, run, () => ({ line, imported: report.imported }));
  const flush = async () => {
    const lines = batch;
    batch = [];
    if (lines.length === 0) return;
    const written = await at('database', () => storeBatch(store, clock, kind, lines));
    report.stored(lines, written);
    const stored = lines.filter((_, index) => !written.wrong.some((wrong) => wrong.index === index));
    const { publish } = options;
    if (kind === 'listings' && stored.length > 0 && publish !== undefined)
      await at('marketplace', () => publish(stored.map(({ row }) => row as ImportRow['listings'])));
  };
  const take = async (item: ImportItem<ImportRow[K]>) => {
    line = item.line;
    if ('warning' in item) report.warn(item.line, item.warning);
    else if ('error' in item) report.fail(item.line, item.error);
    else {
      const key = keyOfRow(kind, item.ok);
      const before = seen.before(key, item.line);
      if (before !== undefined) {
        report.warn(item.line, twice(key, before));
        // One after the other, so that what is new and what is changed is told right.
        if (batch.some((other) => other.line === before)) await flush();
      }
      batch.push({ line: item.line, row: item.ok });
    }
    if (batch.length >= BATCH) await flush();
  };
  try {
    for await (const item of parseImport(kind, told(source), options)) await take(item);
  } catch (error) {
    if (!(error instanceof SourceBroken)) throw error;
    // A file that could not be read at all is its reader's own trouble.
    if (line === 0) throw error.cause;
    await flush();
    throw new ImportBrokenOff('file', { line, imported: report.imported }, error.cause);
  }
  await flush();
  return report.done();
}

interface Line<K extends RegisterKind> {
  readonly line: number;
  readonly row: ImportRow[K];
}

/** What has come of the file so far. */
class Report {
  private readonly wrong: Told[] = [];
  private readonly warnings: Told[] = [];
  private readonly adopted: Adopted[] = [];
  private readonly counts = { imported: 0, new: 0, changed: 0, unchanged: 0, wrong: 0, warnings: 0 };

  get imported(): number {
    return this.counts.imported;
  }

  fail(line: number, { code, message, cure }: Omit<Told, 'line'>): void {
    this.counts.wrong += 1;
    if (this.wrong.length < MOST_PROBLEMS) this.wrong.push({ line, code, message, cure });
  }

  warn(line: number, { code, message, cure }: Omit<Told, 'line'>): void {
    this.counts.warnings += 1;
    if (this.warnings.length < MOST_PROBLEMS) this.warnings.push({ line, code, message, cure });
  }

  stored(lines: readonly { readonly line: number }[], { added, changed, wrong, doubts, adopted }: WrittenRows): void {
    const imported = lines.length - wrong.length;
    this.counts.imported += imported;
    this.counts.new += added;
    this.counts.changed += changed;
    this.counts.unchanged += imported - added - changed;
    for (const { index, message, cure } of wrong) this.fail(lines[index]?.line ?? 0, { code: 'cannot-store', message, cure });
    for (const { index, message, cure } of doubts) this.warn(lines[index]?.line ?? 0, { code: ImportProblem.ambiguous, message, cure });
    this.adopted.push(...adopted);
  }

  done(): ImportReport {
    const problems = [...this.wrong, ...this.warnings].sort((a, b) => a.line - b.line);
    return { ...this.counts, problems, adopted: this.adopted };
  }
}

function twice(key: string, before: number): Omit<Told, 'line'> {
  const message = `${key.slice(0, 120)} stands in line ${before} already; the later line counts`;
  return { code: ImportProblem.twice, message, cure: 'leave one of the two out' };
}

/** What goes wrong at a place is told as such; a full disk and what the database says of the data have words of their own. */
async function inPlace<T>(place: ImportPlace, run: () => Promise<T>, reached: () => ConstructorParameters<typeof ImportBrokenOff>[1]): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (isNoSpace(error) || (place === 'database' && !isAway(error))) throw error;
    throw new ImportBrokenOff(place, reached(), error);
  }
}

/** The source itself ended before its end, whatever read it. */
class SourceBroken extends Error {}

async function* told(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* source;
  } catch (error) {
    throw new SourceBroken('the source broke off', { cause: error });
  }
}

/** A batch is one transaction; where the database refuses a value of it, its rows go in one by one and only that one is left out. */
async function storeBatch<K extends RegisterKind>(store: Store, clock: Clock, kind: K, lines: readonly Line<K>[]): Promise<WrittenRows> {
  const rows = lines.map(({ row }) => row);
  try {
    return await work(store).transactional((em) => writeRows(em as Manager, kind, rows, clock));
  } catch (error) {
    if (!isRefusedData(error)) throw error;
    if (rows.length === 1)
      return { ...NOTHING, wrong: [{ index: 0, message: `the database refuses it: ${wordsOf(error)}`, cure: 'shorten or mend the value' }] };
  }
  let all = NOTHING;
  for (const [index, line] of lines.entries()) {
    const one = await storeBatch(store, clock, kind, [line]);
    const at = (said: readonly Said[]) => said.map((each) => ({ ...each, index }));
    all = {
      added: all.added + one.added,
      changed: all.changed + one.changed,
      wrong: [...all.wrong, ...at(one.wrong)],
      doubts: [...all.doubts, ...at(one.doubts)],
      adopted: [...all.adopted, ...one.adopted],
    };
  }
  return all;
}

const NOTHING: WrittenRows = { added: 0, changed: 0, wrong: [], doubts: [], adopted: [] };

function wordsOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n').at(-1) ?? '';
}
