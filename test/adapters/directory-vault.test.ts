import { chmod, mkdir, readdir, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { directoryVault } from '../../adapters/directory-vault.ts';
import { aFolder } from '../embedded/support.ts';
import { vaultContract } from './vault-contract.ts';

const pathOf = (dir: string, digest: string) => join(dir, 'objects', digest.slice(7, 9), digest.slice(7));

async function open() {
  const dir = await aFolder();
  const damage = async (digest: string) => {
    const path = pathOf(dir, digest);
    await chmod(path, 0o600);
    await writeFile(path, Buffer.alloc((await stat(path)).size));
  };
  return { dir, vault: directoryVault({ dir }), damage };
}

vaultContract('the folder', open);

describe('the vault in a folder', () => {
  it('leaves no drafts and spreads objects over folders', async () => {
    const { dir, vault } = await open();
    const digest = await vault.put(Buffer.from('a'));
    expect(await readdir(join(dir, 'incoming'))).toEqual([]);
    expect((await stat(pathOf(dir, digest))).mode & 0o222).toBe(0);
  });

  it('mends an object that was cut short', async () => {
    const { dir, vault } = await open();
    const digest = await vault.put(Buffer.from('evidence'));
    await chmod(pathOf(dir, digest), 0o600);
    await truncate(pathOf(dir, digest), 3);
    await vault.put(Buffer.from('evidence'));
    expect(Buffer.from((await vault.get(digest)) ?? []).toString()).toBe('evidence');
  });

  it('says that the folder cannot be written', async () => {
    const { dir, vault } = await open();
    // A file where a folder is needed: also stops root, whom permissions do not.
    await writeFile(join(dir, 'objects'), '');
    await expect(vault.put(Buffer.from('a'))).rejects.toMatchObject({ type: 'vault-unavailable', code: 'vault-read-only' });
    await mkdir(join(dir, 'none'));
  });
});
