/**
 * A lock that belongs to a process: a directory that holds the owner's name, put in place by one atomic rename.
 * A lock whose owner is dead is taken over; plain JavaScript, because the bootstrap runs before anything is installed.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';

const LITTER_MS = 10 * 60_000;

/**
 * What tells this process from a later one with the same number (boot and start instant on Linux).
 * Undefined when no such process lives; a zombie counts as dead.
 */
export function processMark(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${fields[19]}`;
  } catch {
    return process.platform === 'linux' ? undefined : markWithoutProc(pid);
  }
}

function markWithoutProc(pid) {
  try {
    process.kill(pid, 0);
    return 'alive';
  } catch (error) {
    return error.code === 'EPERM' ? 'alive' : undefined;
  }
}

/** Takes the lock, taking over a dead owner's: `{ release }`, or `{ heldBy }` where a living process has it. */
export function tryLock(path) {
  const owner = {
    pid: process.pid,
    mark: processMark(process.pid),
    host: hostname(),
    token: randomBytes(8).toString('hex'),
  };
  for (;;) {
    if (claim(path, owner)) return { release: () => release(path, owner) };
    const holder = readOwner(path);
    if (holder === undefined) continue;
    if (holder.mark !== undefined && processMark(holder.pid) === holder.mark) return { heldBy: holder };
    evict(path, holder);
  }
}

function claim(path, owner) {
  const mine = `${path}.new-${owner.token}`;
  mkdirSync(mine, { recursive: true });
  writeFileSync(join(mine, 'owner.json'), JSON.stringify(owner));
  try {
    renameSync(mine, path);
    return true;
  } catch (error) {
    rmSync(mine, { recursive: true, force: true });
    if (error.code === 'ENOTEMPTY' || error.code === 'EEXIST') return false;
    throw error;
  }
}

function readOwner(path) {
  try {
    return JSON.parse(readFileSync(join(path, 'owner.json'), 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    return { pid: 0, mark: undefined, token: `unreadable-${statSync(path).ino}` };
  }
}

/**
 * The name that the old lock is moved to is made from its own token and stays: whoever is late with the same eviction
 * finds the name taken and cannot move away the lock of the next owner.
 */
function evict(path, holder) {
  try {
    renameSync(path, `${path}.stale-${holder.token}`);
  } catch (error) {
    if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(error.code)) throw error;
  }
  sweepLitter(path);
}

function sweepLitter(path) {
  for (const name of readdirSync(dirname(path))) {
    if (!name.startsWith(`${basename(path)}.`)) continue;
    const litter = join(dirname(path), name);
    const age = Date.now() - (statSync(litter, { throwIfNoEntry: false })?.ctimeMs ?? Date.now());
    if (age > LITTER_MS) rmSync(litter, { recursive: true, force: true });
  }
}

function release(path, owner) {
  if (readOwner(path)?.token !== owner.token) return;
  const gone = `${path}.new-${owner.token}`;
  renameSync(path, gone);
  rmSync(gone, { recursive: true, force: true });
}
