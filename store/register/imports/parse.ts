import { objectsOf } from './objects.ts';
import { present } from './present.ts';
import type { Complaint, ImportItem } from './problems.ts';
import { ImportProblem } from './problems.ts';
import type { Fields } from './records.ts';
import type { ImportKind } from './kinds.ts';
import type { Doubt } from './prices.ts';
import type { ImportRow } from './schemas.ts';
import { knownFields, SCHEMAS } from './schemas.ts';

export interface ParseOptions {
  /** Given at import; otherwise a listing's marketplace is what stands before the first colon of its id. */
  readonly marketplace?: string;
}

/** Warnings about unknown fields stop here: a file of the wrong kind has nothing but unknown fields. */
const MOST_WARNINGS = 20;

/**
 * Reads a file of one kind in any of the forms of `objectsOf`. Streams: memory stays bounded by one record of 1 MB whatever the file
 * holds. Wrong lines are reported with number, reason and cure and the rest is read; what is left out of a row that is taken is a
 * warning before it; unknown fields are warned about once each. Throws only what `source` throws.
 */
export async function* parseImport<K extends ImportKind>(
  kind: K,
  source: AsyncIterable<Uint8Array>,
  options: ParseOptions = {},
): AsyncGenerator<ImportItem<ImportRow[K]>> {
  const warnings = new UnknownFields(kind);
  for await (const item of objectsOf(source, knownFields(kind))) {
    if ('error' in item) {
      yield item;
      continue;
    }
    yield* warnings.of(item.line, item.object);
    yield* rowOf(kind, item.line, item.object, options);
  }
}

function* rowOf<K extends ImportKind>(kind: K, line: number, object: Fields, options: ParseOptions): Generator<ImportItem<ImportRow[K]>> {
  const parsed = SCHEMAS[kind].safeParse(kind === 'listings' ? withMarketplace(object, options) : object);
  if (parsed.success) {
    const { doubts, ...row } = withDoubts(parsed.data);
    for (const { field, message, cure } of doubts) yield { line, warning: { code: ImportProblem.leftOut, message: `${field}: ${message}`, cure } };
    // One schema per kind: the table's type cannot say that this kind's schema gives this kind's row.
    yield { line, ok: present(row) as ImportRow[K] };
    return;
  }
  const fields = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'the line'}: ${sayMissing(issue.message)}`);
  const message = [...new Set(fields)].slice(0, 5).join('; ');
  yield { line, error: { code: ImportProblem.field, message, cure: 'correct the field; docs/imports.md lists every field and its form' } };
}

/** Rows of some kinds say what of them could not be read. */
function withDoubts<R extends object>(row: R & { readonly doubts?: readonly Doubt[] }) {
  return { ...row, doubts: row.doubts ?? [] };
}

function sayMissing(message: string): string {
  return message.endsWith('received undefined') ? 'is missing' : message;
}

function withMarketplace(object: Fields, options: ParseOptions): Fields {
  const id = typeof object['listing_id'] === 'string' ? object['listing_id'] : '';
  const prefix = id.includes(':') ? id.slice(0, id.indexOf(':')) : undefined;
  const marketplace = options.marketplace ?? object['marketplace'] ?? prefix;
  return marketplace === undefined ? object : { ...object, marketplace };
}

class UnknownFields {
  private readonly known: ReadonlySet<string>;
  private readonly warned = new Set<string>();

  constructor(kind: ImportKind) {
    this.known = knownFields(kind);
  }

  *of(line: number, object: Fields): Generator<{ line: number; warning: Complaint }> {
    for (const name of Object.keys(object)) {
      if (this.known.has(name) || this.warned.has(name) || this.warned.size >= MOST_WARNINGS) continue;
      this.warned.add(name);
      const message = `the field ${JSON.stringify(name.slice(0, 60))} is not known and is left out wherever it occurs`;
      yield { line, warning: { code: ImportProblem.unknownField, message, cure: 'correct its name if it should be read' } };
    }
  }
}
