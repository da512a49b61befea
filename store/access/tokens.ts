import { randomBytes } from 'node:crypto';
import { sha256Hex } from '../../domain/canonical.ts';

/** 256 random bits in base64url: cannot be guessed, so its plain SHA-256 is safe to keep. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** What is kept of a token. */
export function tokenHash(token: string): string {
  return sha256Hex(token);
}
