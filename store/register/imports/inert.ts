/** What a spreadsheet program calculates when a cell begins with it; Excel takes the wide forms too. */
const CALCULATED: ReadonlySet<string> = new Set([...'=+-@＝＋－＠']);
/** What programs skip, or take for quotes, on the way to it. */
const SKIPPED = /[\s"']/;
/** Where a cell can begin inside a text: Excel cuts at semicolons in half of Europe, whatever the quotes say. */
const CUTS: ReadonlySet<string> = new Set([';', '\t', '\r', '\n']);

/**
 * The text with an apostrophe wherever a spreadsheet program would begin to calculate: at the start and behind whatever may be taken for
 * the end of a cell. Titles are strangers' words. `unmarked` gives the text back, whatever it is.
 */
export function inert(text: string): string {
  const starts = dangerousStarts(text);
  let marked = '';
  for (let at = 0; at < text.length; at += 1) marked += (isStart(text, at) && starts[at] === true ? "'" : '') + text[at];
  return marked;
}

/** The text without the apostrophes of `inert`. */
export function unmarked(text: string): string {
  if (!text.includes("'")) return text;
  const starts = dangerousStarts(text);
  let plain = '';
  for (let at = 0; at < text.length; at += 1) {
    const isMark = text[at] === "'" && isStart(text, at) && starts[at + 1] === true;
    if (!isMark) plain += text[at];
  }
  return plain;
}

function isStart(text: string, at: number): boolean {
  return at === 0 || CUTS.has(text[at - 1] ?? '');
}

/** For every place whether a cell that begins there is calculated, or begins with a tab or a return; from the end, in one pass. */
function dangerousStarts(text: string): readonly boolean[] {
  const starts: boolean[] = new Array<boolean>(text.length).fill(false);
  let leads = false;
  let isBlankFirst = false;
  for (let at = text.length - 1; at >= 0; at -= 1) {
    const char = text[at] ?? '';
    leads = CALCULATED.has(char) || (leads && SKIPPED.test(char));
    isBlankFirst = char === '\t' || char === '\r' || (isBlankFirst && char === "'");
    starts[at] = leads || isBlankFirst;
  }
  return starts;
}

/** One cell of a CSV file (RFC 4180), inert; nothing for null. */
export function csvCell(value: string | null): string {
  if (value === null) return '';
  const text = inert(value);
  return /[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** What a CSV file begins with, so that Excel reads it as UTF-8. */
export const UTF8_MARK = '\ufeff';
