import type { VaultPort } from '../adapters/ports.ts';
import { refuse } from './problems.ts';

/** Refuses a message that names a file which nobody has sent. */
export async function checkFiles(vault: VaultPort, digests: readonly string[]): Promise<void> {
  for (const digest of digests) {
    if (await isThere(vault, digest)) continue;
    refuse('bad-request', {
      detail: `The vault holds no file ${digest}.`,
      cure: 'Send the file to POST /api/documents first, and name the digest of the answer.',
    });
  }
}

async function isThere(vault: VaultPort, digest: string): Promise<boolean> {
  const pieces = await vault.read(digest);
  if (pieces === undefined) return false;
  // Looked at, not read: leaving the loop closes the file.
  for await (const _ of pieces) break;
  return true;
}
