import { readFile, stat } from 'node:fs/promises';
import type { HistoryFile } from '../../domain/history-file.ts';
import { HistoryFileError } from '../json-text.ts';
import { MOST_BYTES, parseHistory, tooLarge } from '../parse-history.ts';

/**
 * Reads an exported history from a file.
 * @throws HistoryFileError when it is too large, not UTF-8, or no history
 */
export async function readHistoryFile(path: string): Promise<HistoryFile> {
  const { size } = await stat(path);
  if (size > MOST_BYTES) throw tooLarge(size);
  return parseHistory(utf8(await readFile(path)));
}

function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new HistoryFileError('the file', 'not UTF-8 text', 'A packet or an archive is not a history; name the file that `history export` wrote.');
  }
}
