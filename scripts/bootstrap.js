/**
 * The entry point of every npm script: makes sure that what package-lock.json names is installed, then runs the command on
 * the pinned Node. Plain JavaScript that a Node 20 can run, because that may be all there is on a fresh machine.
 * Words go to standard error only: standard output belongs to the command (`--json`).
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const MODULES = join(ROOT, 'node_modules');
const STAMP = join(MODULES, '.interdict-stamp');
/** Sources stripped of types and compiled, for this process and those it starts: each starts in half the time. Node keeps it by content. */
const COMPILED = join(MODULES, '.cache', 'compiled');
const INSTALL_WAIT_MS = 15 * 60_000;
const WRONG_USAGE = 2;

const COMMANDS = {
  start: (args) => [join(ROOT, 'cli/main.ts'), 'up', ...args],
  interdict: (args) => [join(ROOT, 'cli/main.ts'), ...args],
  test: (args) => [join(MODULES, 'vitest/vitest.mjs'), 'run', ...args],
  'test:unit': (args) => [join(MODULES, 'vitest/vitest.mjs'), 'run', '--project', 'unit', ...args],
  check: (args) => [join(ROOT, 'scripts/check.ts'), ...args],
};

/** A reason to stop that the user can do something about. */
class Stop extends Error {}

function say(text) {
  process.stderr.write(`interdict: ${text}\n`);
}

function read(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

function wantedDigest() {
  const hash = createHash('sha256');
  for (const file of ['package-lock.json', 'package.json', 'tools/node-runtime/package.json']) {
    hash.update(`${file}\n${read(join(ROOT, file)) ?? ''}\n`);
  }
  return hash.digest('hex');
}

function isFresh() {
  const wanted = wantedDigest();
  if (read(STAMP) === wanted) return true;
  if (!isInstalledByHand()) return false;
  writeStamp(wanted);
  return true;
}

/** Whether a plain `npm ci` has already put in place exactly what the lock file names: then there is nothing to do. */
function isInstalledByHand() {
  const found = read(join(MODULES, '.package-lock.json'));
  if (found === undefined) return false;
  const installed = JSON.parse(found).packages;
  const wanted = Object.entries(JSON.parse(read(join(ROOT, 'package-lock.json')) ?? '{}').packages ?? {});
  return wanted.every(([path, entry]) => {
    if (path === '') return true;
    const there = installed[path];
    if (there === undefined) return entry.optional === true || entry.devOptional === true;
    return there.version === entry.version && there.integrity === entry.integrity;
  });
}

function writeStamp(digest) {
  try {
    writeFileSync(STAMP, digest);
  } catch (error) {
    // A read-only checkout that is already installed works all the same; it only compares again the next time.
    if (!['EACCES', 'EROFS', 'EPERM'].includes(error.code)) throw error;
  }
}

async function install() {
  const { tryLock } = await import('./owner-lock.js');
  const lock = await waitForLock(tryLock);
  try {
    if (isFresh()) return;
    say('installing the packages that package-lock.json names ...');
    const code = await runNpm();
    if (code !== 0)
      throw new Stop(`npm ci failed (exit ${code}); its words are above. Mend that (network, disk, permissions) and run the command again.`);
    writeStamp(wantedDigest());
  } finally {
    lock.release();
  }
}

async function waitForLock(tryLock) {
  const end = Date.now() + INSTALL_WAIT_MS;
  for (let told = false; Date.now() < end; told = true) {
    const lock = lockOrStop(tryLock);
    if (lock.heldBy === undefined) return lock;
    if (!told) say(`process ${lock.heldBy.pid} is installing the packages; waiting for it ...`);
    await new Promise((wake) => setTimeout(wake, 200));
  }
  throw new Stop('another process has been installing the packages for 15 minutes; stop it and run the command again.');
}

function lockOrStop(tryLock) {
  try {
    return tryLock(join(ROOT, '.interdict', 'install.lock'));
  } catch (error) {
    throw new Stop(`the packages are not installed and ${ROOT} cannot be written (${error.code}); run "npm ci" there as a user who may.`);
  }
}

/** The dev packages are always included: the pinned Node is one of them, also where NODE_ENV is production. */
function runNpm() {
  const args = ['ci', '--loglevel=error', '--include=dev', '--include=optional', '--no-audit', '--no-fund'];
  const cli = process.env.npm_execpath ?? '';
  const [command, first] = /npm-cli\.c?js$/.test(cli) ? [process.execPath, [cli]] : ['npm', []];
  const child = spawn(command, [...first, ...args], { cwd: ROOT, stdio: ['ignore', 2, 2] });
  return exitOf(child, 'npm');
}

function exitOf(child, name) {
  return new Promise((resolve, reject) => {
    child.on('error', (error) => reject(new Stop(`${name} cannot be started (${error.code ?? error.message}); is it installed and on the PATH?`)));
    child.on('exit', (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 0)));
  });
}

function pinnedNode() {
  const pinned = join(MODULES, '.bin', 'node');
  if (existsSync(pinned)) return pinned;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  throw new Stop(
    `Node ${process.version} is too old here and the pinned Node 24 has no build for ${process.platform}-${process.arch}; install Node 24 or newer and run the command again.`,
  );
}

async function main([name, ...args]) {
  const command = Object.hasOwn(COMMANDS, name ?? '') ? COMMANDS[name] : undefined;
  if (command === undefined) throw new Stop(`usage: node scripts/bootstrap.js ${Object.keys(COMMANDS).join('|')} [arguments]`);
  if (!isFresh()) await install();
  const child = spawn(pinnedNode(), ['--disable-warning=ExperimentalWarning', ...command(args)], {
    cwd: cwdFor(name),
    env: { NODE_COMPILE_CACHE: COMPILED, ...process.env },
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => forward(child, signal));
  process.exitCode = await exitOf(child, 'Node');
}

/** Files that a user names are meant from where the user stands; the tools of the project work on the project. */
function cwdFor(name) {
  return ['test', 'test:unit', 'check'].includes(name) ? ROOT : process.cwd();
}

/** Ctrl-C in a terminal reaches the whole foreground group, the child among it: a second copy would read as "hurry". */
function forward(child, signal) {
  if (signal === 'SIGINT' && process.stdin.isTTY) return;
  child.kill(signal);
}

main(process.argv.slice(2)).catch((error) => {
  if (!(error instanceof Stop)) throw error;
  say(error.message);
  process.exitCode = WRONG_USAGE;
});
