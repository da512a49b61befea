import { writeSync } from 'node:fs';
import { Socket } from 'node:net';

/**
 * Makes the words of this process unable to end it: what cannot be written (the log stands on a disk that is full, the terminal is gone) is
 * counted, and the number is said with the next line that can be. For processes that serve; a command whose output nobody takes should end.
 */
export function keepTalking(streams: readonly Output[] = [process.stdout, process.stderr]): void {
  for (const stream of streams) {
    // A stream that has failed once is destroyed: neither may its error reach anybody, nor may it keep quiet for ever.
    stream.on('error', () => {});
    if (stream instanceof Socket) continue;
    const write = steadyWriter((text) => writeAll(stream.fd, text));
    stream.write = (chunk: string | Uint8Array, encoding?: BufferEncoding | Done, done?: Done): boolean => {
      write(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString());
      const told = typeof encoding === 'function' ? encoding : done;
      if (told !== undefined) process.nextTick(told);
      return true;
    };
  }
}

type Output = NodeJS.WritableStream & { readonly fd: number };
type Done = (error?: Error | null) => void;

/** Hands on every text; one that `write` throws at is lost, and their number is said before the next that goes through. */
export function steadyWriter(write: (text: string) => void): (text: string) => void {
  let lost = 0;
  return (text) => {
    try {
      if (lost > 0) write(`${lost} earlier messages could not be written here, for want of space or of a reader\n`);
      lost = 0;
      write(text);
    } catch {
      lost += 1;
    }
  };
}

function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
}
