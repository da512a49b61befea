/** Where an import can break off: the file as it is read, the database that stores its rows, the marketplace that puts listings on sale. */
export type ImportPlace = 'file' | 'database' | 'marketplace';

const CURES: { readonly [K in ImportPlace]: string } = {
  file: 'Send the whole file again: what is stored stays and changes nothing.',
  database: 'See that the database runs, and import the same file again: what is stored stays and changes nothing.',
  marketplace: 'See that the marketplace runs, and import the same file again: what is stored stays and changes nothing.',
};

/** An import that ended before its file did. Its rows up to then are stored. */
export class ImportBrokenOff extends Error {
  readonly code = 'import-broken-off';
  readonly cure: string;
  readonly place: ImportPlace;
  /** The last line that was read, from 1; 0 = none. */
  readonly line: number;
  /** The message without the words of a server and its address: for who asks from outside. */
  readonly outside: string;
  /** Rows that are stored. */
  readonly imported: number;

  constructor(place: ImportPlace, { line, imported }: { readonly line: number; readonly imported: number }, cause: unknown) {
    const where = `The import broke off ${line === 0 ? 'before its first line' : `after line ${line}`}, at the ${place}`;
    const stored = `Stored so far: ${imported} ${imported === 1 ? 'row' : 'rows'}.`;
    super(`${where}: ${wordsOf(cause)}. ${stored}`, { cause });
    this.outside = `${where}. ${stored}`;
    this.name = 'ImportBrokenOff';
    this.place = place;
    this.line = line;
    this.imported = imported;
    this.cure = CURES[place];
  }
}

/** The innermost words, in one line: drivers wrap what the server or the socket said. */
function wordsOf(error: unknown): string {
  let last = error;
  for (let depth = 0; depth < 5 && last instanceof Error && last.cause !== undefined; depth++) last = last.cause;
  const [first] = last instanceof AggregateError ? last.errors : [last];
  const text = first instanceof Error ? first.message || first.name : String(first);
  return (text.split('\n')[0] ?? '').replace(/\.$/, '');
}
