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
  leftOut: 'left-out',
  twice: 'twice-in-the-file',
  ambiguous: 'ambiguous-name',
  empty: 'empty-file',
  spreadsheet: 'spreadsheet',
  otherPacker: 'packed-otherwise',
  document: 'no-table',
  utf32: 'utf-32',
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
    'the line is not valid UTF-8 (or UTF-16)',
    'save the file as UTF-8, for example: iconv -f WINDOWS-1252 -t UTF-8',
  ),
  [ImportProblem.notJson]: complaint(
    ImportProblem.notJson,
    'not a readable JSON object',
    'write one JSON object on each line, or all of them as one JSON array',
  ),
  [ImportProblem.notCsv]: complaint(
    ImportProblem.notCsv,
    'the line is not valid CSV',
    'quote fields that contain the separator or quotes; double the quotes',
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
  [ImportProblem.spreadsheet]: complaint(
    ImportProblem.spreadsheet,
    'this is a spreadsheet or a ZIP file, not a text',
    'save the sheet as "CSV UTF-8", or unpack the file first',
  ),
  [ImportProblem.otherPacker]: complaint(
    ImportProblem.otherPacker,
    'the file is packed in a way that is not read here',
    'unpack it, or pack it with gzip',
  ),
  [ImportProblem.document]: complaint(
    ImportProblem.document,
    'this is a document (HTML, XML or PDF), not a table',
    'fetch the CSV or JSON form of it; a download page that asks for a sign-in looks like this too',
  ),
  [ImportProblem.utf32]: complaint(ImportProblem.utf32, 'the file is UTF-32', 'save it as UTF-8'),
} as const;

/** Problems of a line as such, before anybody reads its fields. */
export type LineProblem = keyof typeof COMPLAINTS;

/** Problems of a file as a whole: nothing of it is read. */
export type FileProblem = 'spreadsheet' | 'packed-otherwise' | 'no-table' | 'utf-32';

function complaint(code: ImportProblem, message: string, cure: string): Complaint {
  return { code, message, cure };
}
