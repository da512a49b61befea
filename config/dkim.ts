import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** RFC 8301, 3.2: signers should use keys of at least 2048 bits. */
const LEAST_BITS = 2048;

/** The key that signs mail, as PEM text, or what is wrong with the file in words; never what is in it. */
export function readDkimKey(file: string): { readonly key: string } | { readonly problem: string } {
  let key: string;
  try {
    key = readFileSync(file, 'utf8');
  } catch {
    return { problem: 'cannot be read' };
  }
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = createPrivateKey(key);
    const isGood = asymmetricKeyType === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 0) >= LEAST_BITS;
    return isGood ? { key } : { problem: `must hold an RSA key of at least ${LEAST_BITS} bits` };
  } catch {
    return { problem: 'must hold a private key in PEM form without a passphrase' };
  }
}
