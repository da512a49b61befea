import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';

/**
 * What a decision holds in place of a personal or withholdable value: the digest of a disclosure, in the form that
 * RFC 9901 (SD-JWT) gives to array elements, section 4.2.4.2. Leaving out the disclosure redacts, deleting it erases; the chain
 * of decisions never changes.
 */
export interface Salted {
  readonly '...': string;
}

/** The value behind a digest, with the 128-bit salt (base64url, 22 characters) that keeps it from being guessed. */
export interface Disclosure {
  readonly digest: string;
  readonly salt: string;
  readonly value: string;
}

/** The disclosure's wire text: base64url of the JSON array `[salt, value]` (RFC 9901 section 4.2.2). */
export function encodeDisclosure(salt: string, value: string): string {
  return base64url(utf8ToBytes(JSON.stringify([salt, value])));
}

/** Digest of a disclosure: base64url of SHA-256 over the ASCII bytes of its wire text (RFC 9901 section 4.2.3). */
export function disclosureDigest(salt: string, value: string): string {
  return base64url(sha256(utf8ToBytes(encodeDisclosure(salt, value))));
}

/** A disclosure and the salted reference that stands for it. The salt is given: randomness is a side effect. */
export function disclose(salt: string, value: string): { salted: Salted; disclosure: Disclosure } {
  const digest = disclosureDigest(salt, value);
  return { salted: { '...': digest }, disclosure: { digest, salt, value } };
}

/** Whether a JSON value is a salted reference. */
export function isSalted(value: unknown): value is Salted {
  return (
    typeof value === 'object' && value !== null && Object.keys(value).length === 1 && typeof (value as Record<string, unknown>)['...'] === 'string'
  );
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** base64url without padding (RFC 4648 section 5); hand-made because neither Buffer nor btoa exist in every place that verifies. */
export function base64url(bytes: Uint8Array): string {
  let out = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const [a = 0, b = 0, c = 0] = bytes.subarray(i, i + 3);
    const left = bytes.length - i;
    const bits = (a << 16) | (b << 8) | c;
    const chars = [bits >> 18, (bits >> 12) & 63, (bits >> 6) & 63, bits & 63].slice(0, left >= 3 ? 4 : left + 1);
    out += chars.map((index) => ALPHABET[index]).join('');
  }
  return out;
}
