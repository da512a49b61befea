import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** One thing wrong with one file. */
export interface Finding {
  readonly file: string;
  readonly what: string;
}

/** A file's path from the checkout and its text. */
export interface SourceFile {
  readonly file: string;
  readonly text: string;
}

/** Folder names that gather what belongs nowhere. */
const NO_ROOM = /(^|\/)(utils?|shared|common|helpers?|types)\//;

/** Rules must not read a clock: in these modules `command.at`, or the injected Clock, is the only source of an instant. */
const TIMELESS = /^(domain|calendars|store)\//;
const MACHINE_TIME: readonly (readonly [string, RegExp])[] = [
  ['Date.now()', /\bDate\.now\(/],
  ['new Date() without an instant', /\bnew Date\(\s*\)/],
  ['performance.now()', /\bperformance\.now\(/],
  ['SQL now()', /(?<![.\w])(now\(\)(?!: )|current_timestamp|clock_timestamp\(\))/i],
];

/** Files that git tracks or would: what is checked is what can be committed. */
export function sourceFiles(root: string, ...patterns: readonly string[]): readonly SourceFile[] {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', ...patterns];
  const names = execFileSync('git', args, { cwd: root, encoding: 'utf8' })
    .split('\0')
    .filter((name) => name !== '');
  const present = [...new Set(names)].filter((name) => existsSync(`${root}/${name}`));
  return present.map((file) => ({ file, text: readFileSync(`${root}/${file}`, 'utf8') }));
}

/** The habits that no lint rule knows: no clock where rules live, no folders without a subject, no import inside a type. */
export function sourceFindings(files: readonly SourceFile[]): readonly Finding[] {
  return files.flatMap(({ file, text }) => [...folderFindings(file), ...clockFindings(file, text), ...importTypeFindings(file, text)]);
}

function folderFindings(file: string): readonly Finding[] {
  const folder = NO_ROOM.exec(file)?.[2];
  return folder === undefined ? [] : [{ file, what: `no "${folder}" folder: name it after what it holds` }];
}

/** The check of the borders reads statements and calls: what a type imports in passing would cross unseen. */
function importTypeFindings(file: string, text: string): readonly Finding[] {
  const isTypeImport = /\btypeof\s+import\(|\bimport\((['"])[^'"]*\1\)\s*\.\s*[A-Z]/.test(text);
  return isTypeImport ? [{ file, what: 'an import inside a type: use a statement `import type`' }] : [];
}

function clockFindings(file: string, text: string): readonly Finding[] {
  if (!TIMELESS.test(file)) return [];
  const code = text.replace(/\/\*[\s\S]*?\*\/|(^|\s)\/\/.*$/gm, '');
  // When a signal is repeated or a lease ends is machine time by design (design.md section 2.5): no rule ever reads it.
  const business = code.replace(/\b(signalAgainAt|leasedUntil): Date\.now\(\)/g, '');
  return MACHINE_TIME.filter(([, pattern]) => pattern.test(business)).map(([name]) => ({
    file,
    what: `${name}: business instants come from the Clock`,
  }));
}

/** A file of more lines than this holds more than one thing. */
export const LONGEST_FILE = 300;

/** Files that are too long, comments and blank lines counted. */
export function tooLong(files: readonly SourceFile[]): readonly Finding[] {
  const long = largest(files, files.length).filter(({ lines }) => lines > LONGEST_FILE);
  return long.map(({ file, lines }) => ({ file, what: `${lines} lines: split it by what it holds` }));
}

/** The largest files, in lines. */
export function largest(files: readonly SourceFile[], count: number): readonly { readonly file: string; readonly lines: number }[] {
  const sized = files.map(({ file, text }) => ({ file, lines: text.split('\n').length - 1 }));
  return sized.sort((a, b) => b.lines - a.lines).slice(0, count);
}
