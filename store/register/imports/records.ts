import type { RawProblem } from './lines.ts';
import type { Complaint } from './problems.ts';
import { COMPLAINTS } from './problems.ts';

/** One record of a file by its field names. */
export type Fields = Readonly<Record<string, unknown>>;
export type ObjectItem = { readonly line: number; readonly object: Fields } | { readonly line: number; readonly error: Complaint };

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The text of a record; undefined when it is no UTF-8. */
export function decoded(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Whether a line has nothing but blanks. */
export function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
}

/** A problem of a line with its words. */
export function complained({ line, problem }: RawProblem): ObjectItem {
  return { line, error: COMPLAINTS[problem] };
}
