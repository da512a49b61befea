import type { Clock } from '../../activities/ports.ts';
import { isRefusedData } from '../log-faults.ts';
import { type Manager, type Store, work } from '../orm.ts';
import { parseImport } from './parse.ts';
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
 * of the same file completes it. Wrong lines are counted and kept with number, reason and cure.
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
  const flush = async () => {
    const rows = batch;
    batch = [];
    if (rows.length === 0) return;
    const unstorable = await storeBatch(
      store,
      clock,
      kind,
      rows.map(({ row }) => row),
    );
    for (const { index, message, cure } of unstorable) complain(rows[index]?.line ?? 0, { code: 'cannot-store', message, cure });
    report.wrong += unstorable.length;
    report.imported += rows.length - unstorable.length;
    const stored = rows.filter((_, index) => !unstorable.some((wrong) => wrong.index === index));
    if (kind === 'listings' && stored.length > 0) await options.publish?.(stored.map(({ row }) => row as ImportRow['listings']));
  };
  for await (const item of parseImport(kind, source, options)) {
    if ('ok' in item) batch.push({ line: item.line, row: item.ok });
    else if ('warning' in item) {
      report.warnings += 1;
      complain(item.line, item.warning);
    } else {
      report.wrong += 1;
      complain(item.line, item.error);
    }
    if (batch.length >= BATCH) await flush();
  }
  await flush();
  return { ...report, problems };
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
