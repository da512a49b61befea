import { type FileHandle, open } from 'node:fs/promises';
import { END_BYTES } from '../../domain/packet/zip-layout.ts';
import { type Check, type VerifyOptions, verifyHistory } from '../checks.ts';
import { verifyPacket } from '../packet/verify-packet.ts';
import type { PacketSource } from '../packet/zip-file.ts';
import type { RulesLoader } from '../replay.ts';
import { readHistoryFile } from './read-file.ts';

/**
 * Checks whatever was handed over: an evidence packet, or an exported history.
 * @throws HistoryFileError when it is neither
 */
export async function verifyFile(path: string, rulesFor: RulesLoader, options: VerifyOptions): Promise<readonly Check[]> {
  const file = await open(path, 'r');
  try {
    const source = sourceOf(file, (await file.stat()).size);
    if (await isZip(source)) return await verifyPacket(source, rulesFor, options);
  } finally {
    await file.close();
  }
  return verifyHistory(await readHistoryFile(path), options);
}

/** By its beginning or its end: a packet of which one is changed is told what is wrong with it as a packet. */
async function isZip(source: PacketSource): Promise<boolean> {
  const starts = async (offset: number) => Buffer.from(await source.read(offset, 2)).toString('latin1') === 'PK';
  return (await starts(0)) || (await starts(Math.max(0, source.size - END_BYTES)));
}

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
