import { type FileHandle, open } from 'node:fs/promises';
import type { HistoryFile } from '../../domain/history-file.ts';
import { type Verified, type VerifyOptions, verifyHistory } from '../checks.ts';
import { verifyPacket } from '../packet/verify-packet.ts';
import { isZip, type PacketSource } from '../packet/zip-file.ts';
import type { Rulebook } from '../rulebook.ts';
import { unproved } from '../unproved.ts';
import { readHistoryFile } from './read-file.ts';

/**
 * Checks whatever was handed over: an evidence packet, or an exported history.
 * @throws HistoryFileError when it is neither
 */
export async function verifyFile(path: string, rules: Rulebook, options: VerifyOptions): Promise<Verified> {
  const file = await open(path, 'r');
  try {
    const source = sourceOf(file, (await file.stat()).size);
    if (await isZip(source)) return await verifyPacket(source, rules, options);
  } finally {
    await file.close();
  }
  return verifiedHistory(await readHistoryFile(path), options);
}

/** The checks of a history, which run no rules, and what they leave open. */
function verifiedHistory(file: HistoryFile, options: VerifyOptions): Verified {
  const checks = verifyHistory(file, options);
  const open = checks.every(({ ok }) => ok) ? [NOT_DECIDED_AGAIN, ...unproved(file, options)] : [];
  return { checks, unknownRules: [], isOwnJudge: false, unproved: open };
}

const NOT_DECIDED_AGAIN = 'that each decision follows from its rules: `replay` decides them again';

function sourceOf(file: FileHandle, size: number): PacketSource {
  return {
    size,
    async read(offset, length) {
      const bytes = Buffer.alloc(Math.max(0, Math.min(length, size - offset)));
      let done = 0;
      while (done < bytes.length) {
        const { bytesRead } = await file.read(bytes, done, bytes.length - done, offset + done);
        if (bytesRead === 0) break;
        done += bytesRead;
      }
      return bytes.subarray(0, done);
    },
  };
}
