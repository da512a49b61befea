/** Why a line was not imported, or what about the file deserves a word. Closed set; shown with the line's number. */
export const ImportProblem = {
  tooLong: 'line-too-long',
  notUtf8: 'not-utf-8',
  notJson: 'not-json',
  notCsv: 'not-csv',
  halfLine: 'half-line',
  unclosedQuote: 'unclosed-quote',
  brokenGzip: 'broken-gzip',
  columns: 'wrong-number-of-columns',
  field: 'wrong-field',
  unknownField: 'unknown-field',
  empty: 'empty-file',
} as const;
export type ImportProblem = (typeof ImportProblem)[keyof typeof ImportProblem];

/** What is wrong, in words, and what would mend it. */
export interface Complaint {
  readonly code: ImportProblem;
  readonly message: string;
  readonly cure: string;
}

/** One item of an import: a row, a line that is left out, or a warning about a line that is taken. Lines count from 1. */
export type ImportItem<Row> =
  | { readonly line: number; readonly ok: Row }
  | { readonly line: number; readonly error: Complaint }
  | { readonly line: number; readonly warning: Complaint };

export const COMPLAINTS = {
  [ImportProblem.tooLong]: complaint(ImportProblem.tooLong, 'the line is longer than 1 MB', 'split the record or shorten its texts'),
  [ImportProblem.notUtf8]: complaint(
    ImportProblem.notUtf8,
    'the line is not UTF-8',
    'save the file as UTF-8, for example: iconv -f WINDOWS-1252 -t UTF-8',
  ),
  [ImportProblem.notJson]: complaint(ImportProblem.notJson, 'the line is not one JSON object', 'write one JSON object on each line'),
  [ImportProblem.notCsv]: complaint(
    ImportProblem.notCsv,
    'the line is not valid CSV',
    'quote fields that contain commas or quotes; double the quotes',
  ),
  [ImportProblem.halfLine]: complaint(
    ImportProblem.halfLine,
    'the last line is cut off',
    'the file was not copied whole: fetch it again and import it again; lines already imported stay as they are',
  ),
  [ImportProblem.unclosedQuote]: complaint(
    ImportProblem.unclosedQuote,
    'a quote opens in this line and does not close',
    'close the quote, or double a quote that belongs to the text',
  ),
  [ImportProblem.brokenGzip]: complaint(
    ImportProblem.brokenGzip,
    'the gzip data ends or breaks here',
    'fetch the file again; the lines before this one were read',
  ),
  [ImportProblem.empty]: complaint(ImportProblem.empty, 'the file has no lines', 'check that the right file was given'),
} as const;

/** Problems of a line as such, before anybody reads its fields. */
export type LineProblem = keyof typeof COMPLAINTS;

function complaint(code: ImportProblem, message: string, cure: string): Complaint {
  return { code, message, cure };
}
