import { createHash, type Hash, randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { vaultCorrupt, vaultUnavailable } from './failures.ts';
import type { VaultPort } from './ports.ts';

/** Written once, never changed. */
const READ_ONLY = 0o444;
const DIGEST = /^sha256:([0-9a-f]{64})$/;

/**
 * The vault in a folder: one file per object, named by its SHA-256 and spread over 256 folders. A file appears whole or not
 * at all, and is on the disk when `put` returns.
 * @throws ActivityFailure `vault-unavailable` (full, read-only, unreadable), `vault-corrupt` when an object is not its digest
 */
export function directoryVault({ dir }: { readonly dir: string }): VaultPort {
  const pathOf = (hex: string) => join(dir, 'objects', hex.slice(0, 2), hex);
  return {
    async put(bytes) {
      const hex = sha256(bytes);
      await told(() => putFile(join(dir, 'incoming'), pathOf(hex), bytes));
      return `sha256:${hex}`;
    },
    async get(digest) {
      const hex = DIGEST.exec(digest)?.[1];
      const bytes = hex === undefined ? undefined : await told(() => readIfThere(pathOf(hex)));
      if (bytes !== undefined && sha256(bytes) !== hex) throw vaultCorrupt(digest);
      return bytes;
    },
    async putStream(bytes) {
      const hex = await told(() => putPieces(join(dir, 'incoming'), pathOf, bytes));
      return `sha256:${hex}`;
    },
    async read(digest) {
      const hex = DIGEST.exec(digest)?.[1];
      const file = hex === undefined ? undefined : await told(() => open(pathOf(hex), 'r').catch(absent));
      return file && pieces(file, digest);
    },
  };
}

/** Writes first and names afterwards: only the end tells the digest. */
async function putPieces(incoming: string, pathOf: (hex: string) => string, bytes: AsyncIterable<Uint8Array>): Promise<string> {
  await mkdir(incoming, { recursive: true });
  const draft = join(incoming, randomBytes(16).toString('hex'));
  const hash = createHash('sha256');
  try {
    await writeDurably(draft, hashed(bytes, hash));
    const hex = hash.digest('hex');
    await makeFolder(dirname(pathOf(hex)));
    await rename(draft, pathOf(hex));
    await syncFolder(dirname(pathOf(hex)));
    return hex;
  } finally {
    await rm(draft, { force: true });
  }
}

async function* hashed(bytes: AsyncIterable<Uint8Array>, hash: Hash): AsyncGenerator<Uint8Array> {
  for await (const piece of bytes) {
    hash.update(piece);
    yield piece;
  }
}

/** The pieces of an open file, which is closed when they end or nobody wants more. */
async function* pieces(file: FileHandle, digest: string): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  try {
    yield* hashed(file.createReadStream({ autoClose: false }), hash);
  } catch (error) {
    throw inWords(error);
  } finally {
    await file.close();
  }
  if (`sha256:${hash.digest('hex')}` !== digest) throw vaultCorrupt(digest);
}

async function putFile(incoming: string, path: string, bytes: Uint8Array): Promise<void> {
  if (await hasSize(path, bytes.length)) return;
  await mkdir(incoming, { recursive: true });
  await makeFolder(dirname(path));
  const draft = join(incoming, randomBytes(16).toString('hex'));
  try {
    await writeDurably(draft, bytes);
    // Atomic; over an object that is there already it changes nothing, over one that was cut short it is the mending.
    await rename(draft, path);
    await syncFolder(dirname(path));
  } finally {
    await rm(draft, { force: true });
  }
}

async function writeDurably(path: string, bytes: Uint8Array | AsyncIterable<Uint8Array>): Promise<void> {
  const file = await open(path, 'wx', READ_ONLY);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A new folder is durable only when the one above it knows it. */
async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true });
  if (first !== undefined) await syncFolder(dirname(folder));
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function hasSize(path: string, size: number): Promise<boolean> {
  const found = await stat(path).catch(absent);
  return found?.size === size;
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  return readFile(path).catch(absent);
}

function absent(error: unknown): undefined {
  if (codeOf(error) === 'ENOENT') return undefined;
  throw error;
}

async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw inWords(error);
  }
}

/** The error of the file system as a failure; never with its path, which is the machine's own affair. */
function inWords(error: unknown): unknown {
  const code = codeOf(error);
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return vaultUnavailable('full', code);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ENOTDIR':
      return vaultUnavailable('read-only', code);
    case 'EIO':
    case 'EMFILE':
    case 'ENFILE':
      return vaultUnavailable('unreadable', code);
    default:
      return error;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
