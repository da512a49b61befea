import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { VaultPort } from '../../adapters/ports.ts';

const digestOf = (bytes: Uint8Array) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

async function collected(pieces: AsyncIterable<Uint8Array> | undefined): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces ?? []) all.push(piece);
  return Buffer.concat(all);
}

/** A vault under test; `damage` changes the stored bytes of an object behind the vault's back, keeping their number. */
export interface VaultUnderTest {
  readonly vault: VaultPort;
  damage(digest: string): Promise<void>;
}

/** What every vault must do, whatever it keeps its objects in. */
export function vaultContract(name: string, open: () => Promise<VaultUnderTest>): void {
  describe(`${name} keeps the vault's contract`, () => {
    it('names objects by their SHA-256 and gives them back', async () => {
      const { vault } = await open();
      for (const bytes of [new Uint8Array(), Buffer.from('a'), randomBytes(3 * 1024 * 1024)]) {
        const digest = await vault.put(bytes);
        expect(digest).toBe(digestOf(bytes));
        expect(Buffer.from((await vault.get(digest)) ?? []).equals(bytes)).toBe(true);
      }
    });

    it('has nothing under digests that are unknown or none', async () => {
      const { vault } = await open();
      expect(await vault.get(digestOf(Buffer.from('never')))).toBeUndefined();
      for (const wrong of ['', 'sha256:', 'sha256:../../etc/passwd', `md5:${'0'.repeat(64)}`, '0'.repeat(64)]) {
        expect(await vault.get(wrong)).toBeUndefined();
      }
    });

    it('keeps the same bytes once, also when stored at the same time', async () => {
      const { vault } = await open();
      const bytes = randomBytes(100_000);
      const digests = await Promise.all(Array.from({ length: 8 }, () => vault.put(bytes)));
      expect(new Set(digests)).toEqual(new Set([digestOf(bytes)]));
      expect(await vault.get(digestOf(bytes))).toHaveLength(bytes.length);
    });

    it('takes and gives what is too much for memory a piece at a time, as the same objects', async () => {
      const { vault } = await open();
      const pieces = Array.from({ length: 40 }, () => randomBytes(100_000));
      const whole = Buffer.concat(pieces);
      const digest = await vault.putStream(Readable.from(pieces));
      expect(digest).toBe(digestOf(whole));
      expect(await vault.put(whole)).toBe(digest);
      const given = await vault.read(digest);
      expect((await collected(given)).equals(whole)).toBe(true);
      expect(await vault.read(digestOf(Buffer.from('never')))).toBeUndefined();
      expect(await vault.read('sha256:../../etc/passwd')).toBeUndefined();
    });

    it('keeps nothing of a stream that breaks off', async () => {
      const { vault } = await open();
      async function* broken() {
        yield Buffer.from('half');
        throw new Error('broken off');
      }
      await expect(vault.putStream(broken())).rejects.toThrow('broken off');
      expect(await vault.get(digestOf(Buffer.from('half')))).toBeUndefined();
    });

    it('never gives out what does not have its digest', async () => {
      const { vault, damage } = await open();
      const digest = await vault.put(Buffer.from('evidence'));
      await damage(digest);
      await expect(vault.get(digest)).rejects.toMatchObject({ type: 'vault-corrupt' });
      const pieces = await vault.read(digest);
      await expect(collected(pieces)).rejects.toMatchObject({ type: 'vault-corrupt' });
    });
  });
}
