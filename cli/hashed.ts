import { createHash } from 'node:crypto';

/** The same bytes, and their SHA-256 in hexadecimal once they have all gone by. */
export function hashed(source: AsyncIterable<Uint8Array>): { readonly bytes: AsyncIterable<Uint8Array>; digest(): string } {
  const hash = createHash('sha256');
  let hex: string | undefined;
  async function* bytes(): AsyncGenerator<Uint8Array> {
    for await (const piece of source) {
      hash.update(piece);
      yield piece;
    }
    hex = hash.digest('hex');
  }
  return {
    bytes: bytes(),
    digest() {
      if (hex === undefined) throw new Error('the bytes have not all gone by');
      return hex;
    },
  };
}
