import type { Clock } from '../../activities/ports.ts';
import { isRefusedData } from '../log-faults.ts';
import { type Manager, type Store, work } from '../orm.ts';
import { isAway, isNoSpace } from '../trouble-codes.ts';
import { ImportBrokenOff, type ImportPlace } from './broken-off.ts';
import { parseImport } from './parse.ts';
import type { ImportItem } from './problems.ts';
import type { ImportRow } from './schemas.ts';
import { type RegisterKind, type Unstorable, writeRows } from './write.ts';

/** Rows of one transaction. */
const BATCH = 500;
/** Problems kept for the report; the counts go on. */
const MOST_PROBLEMS = 1_000;

export interface ImportReport {
  readonly imported: number;
  readonly wrong: number;
  readonly warnings: number;
  readonly problems: readonly { readonly line: number; readonly code: string; readonly message: string; readonly cure: string }[];
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
  const problems: ImportReport['problems'][number][] = [];
  const report = { imported: 0, wrong: 0, warnings: 0 };
  let batch: { line: number; row: ImportRow[K] }[] = [];
  const complain = (line: number, { code, message, cure }: { code: string; message: string; cure: string }) => {
    if (problems.length < MOST_PROBLEMS) problems.push({ line, code, message, cure });
  };
  let line = 0;
  const at = <T>(place: ImportPlace, run: () => Promise<T>) => inPlace(place, run, () => ({ line, imported: report.imported }));
  const flush = async () => {
    const rows = batch;
    batch = [];
    if (rows.length === 0) return;
    const values = rows.map(({ row }) => row);
    const unstorable = await at('database', () => storeBatch(store, clock, kind, values));
    for (const { index, message, cure } of unstorable) complain(rows[index]?.line ?? 0, { code: 'cannot-store', message, cure });
    report.wrong += unstorable.length;
    report.imported += rows.length - unstorable.length;
    const stored = rows.filter((_, index) => !unstorable.some((wrong) => wrong.index === index));
    const { publish } = options;
    if (kind === 'listings' && stored.length > 0 && publish !== undefined)
      await at('marketplace', () => publish(stored.map(({ row }) => row as ImportRow['listings'])));
  };
  const take = async (item: ImportItem<ImportRow[K]>) => {
    line = item.line;
    if ('ok' in item) batch.push({ line: item.line, row: item.ok });
    else if ('warning' in item) {
      report.warnings += 1;
      complain(item.line, item.warning);
    } else {
      report.wrong += 1;
      complain(item.line, item.error);
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
  return { ...report, problems };
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
async function storeBatch<K extends RegisterKind>(
  store: Store,
  clock: Clock,
  kind: K,
  rows: readonly ImportRow[K][],
): Promise<readonly Unstorable[]> {
  const stored = (some: readonly ImportRow[K][]) => work(store).transactional((em) => writeRows(em as Manager, kind, some, clock));
  try {
    return await stored(rows);
  } catch (error) {
    if (!isRefusedData(error)) throw error;
    if (rows.length === 1) return [{ index: 0, message: `the database refuses it: ${wordsOf(error)}`, cure: 'shorten or mend the value' }];
  }
  const wrong: Unstorable[] = [];
  for (const [index, row] of rows.entries()) {
    wrong.push(...(await storeBatch(store, clock, kind, [row])).map((one) => ({ ...one, index })));
  }
  return wrong;
}

function wordsOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n').at(-1) ?? '';
}
