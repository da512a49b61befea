import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** What can be wrong with the embedded stack. */
export const EmbeddedProblem = {
  portInUse: 'port-in-use',
  dataLocked: 'data-locked',
  dataNotWritable: 'data-not-writable',
  diskFull: 'disk-full',
  notAvailable: 'not-available',
  partFailed: 'part-failed',
} as const;
export type EmbeddedProblem = (typeof EmbeddedProblem)[keyof typeof EmbeddedProblem];

/** A part of the embedded stack cannot run: what happened and where (`message`), and what to do about it (`cure`). */
export class EmbeddedError extends Error {
  readonly code: EmbeddedProblem;
  readonly cure: string;

  constructor(code: EmbeddedProblem, message: string, cure: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'EmbeddedError';
    this.code = code;
    this.cure = cure;
  }
}

const NOT_WRITABLE = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOENT']);
const NOT_A_FOLDER = new Set(['ENOTDIR', 'EEXIST']);

/** Turns an error of the file system at `place` into words with a cure; any other error is returned as it is. */
export function folderProblem(error: unknown, place: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new EmbeddedError(
      EmbeddedProblem.diskFull,
      `No space is left for ${place}.`,
      'Free some space there, or choose another folder with --data.',
      error,
    );
  }
  if (NOT_A_FOLDER.has(code)) {
    return new EmbeddedError(
      EmbeddedProblem.dataNotWritable,
      `${place} is no folder, or lies in none (${code}).`,
      'Choose another one with --data.',
      error,
    );
  }
  if (NOT_WRITABLE.has(code)) {
    return new EmbeddedError(
      EmbeddedProblem.dataNotWritable,
      `${place} cannot be written (${code}).`,
      'Make the folder writable for this user, or choose another one with --data.',
      error,
    );
  }
  return error;
}

/** Makes a folder of this user's own, with those above it. Not `recursive`: where a file system refuses (/proc), that never ends. */
export function makeFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return;
  const parent = dirname(path);
  if (parent !== path) makeFolder(parent);
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another process may have been first.
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) throw error;
  }
}

/** Runs file work at `place`; its failures are told with a cure. */
export async function inFolder<T>(place: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw folderProblem(error, place);
  }
}
