import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readStack } from '../../embedded/stack-record.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const OURS = /^(DATABASE_URL|ENGINE_DATABASE_URL|PORTAL_DATABASE_URL|SMTP_URL|MAIL_MARKETPLACE_URL|INTERDICT_|TEMPORAL_)/;
/** Room for a test to fail by itself before it is ended from outside. */
const ENDED_AFTER_MS = 50_000;

/** What a command has left behind. */
export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** With `--json`: the one document. */
  readonly json: unknown;
}

export type Settings = Readonly<Record<string, string>>;

/** Starts a script of the checkout on this Node, with nothing of ours in its environment but what is given. */
export function start(script: string, args: readonly string[], env: Settings = {}, detached = false): ChildProcess {
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !OURS.test(name)));
  return spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(ROOT, script), ...args], {
    cwd: ROOT,
    env: { ...clean, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached,
  });
}

/** Waits for a process and keeps what it said. With `--json` it must have said exactly one document. */
export async function runToEnd(child: ChildProcess, isJson = false): Promise<Ran> {
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) child[stream]?.setEncoding('utf8').on('data', (text: string) => (said[stream] += text));
  const force = setTimeout(() => child.kill('SIGKILL'), ENDED_AFTER_MS);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearTimeout(force);
  return { code, ...said, json: isJson ? oneDocument(said.stdout) : undefined };
}

function oneDocument(text: string): unknown {
  const lines = text.split('\n');
  if (lines.length !== 2 || lines[1] !== '') throw new Error(`not one line of JSON on standard output: ${JSON.stringify(text.slice(0, 2_000))}`);
  return JSON.parse(lines[0] ?? '');
}

/** The command line of one data folder. */
export class Terminal {
  readonly data: string;
  readonly #made: string;

  constructor() {
    this.#made = mkdtempSync(join(tmpdir(), 'interdict-cli-'));
    this.data = join(this.#made, 'data');
  }

  run(args: readonly string[], env: Settings = {}): Promise<Ran> {
    return runToEnd(start('cli/main.ts', ['--data', this.data, ...args], env));
  }

  json(args: readonly string[], env: Settings = {}): Promise<Ran> {
    return runToEnd(start('cli/main.ts', ['--data', this.data, '--json', ...args], env), true);
  }

  /** A file beside the data folder. */
  file(name: string, content: string | Uint8Array): string {
    const path = join(this.#made, name);
    writeFileSync(path, content);
    return path;
  }

  /** Owner's address of the running stack's database. */
  databaseUrl(): string {
    const stack = readStack(this.data);
    if (stack.state !== 'running' || stack.addresses.databaseUrl === undefined) throw new Error(`nothing runs on ${this.data}`);
    return stack.addresses.databaseUrl;
  }

  /** Processes that work in the data folder, by their number. */
  processes(): readonly number[] {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name) && isIn(this.data, name))
      .map(Number);
  }

  /** The Temporal server of the stack. */
  temporal(): number {
    const server = numbersIn('temporal').find((pid) => this.processes().includes(pid));
    if (server === undefined) throw new Error('Temporal does not run');
    return server;
  }

  async close(): Promise<void> {
    await this.run(['down']);
    rmSync(this.#made, { recursive: true, force: true });
  }
}

function isIn(folder: string, pid: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/cwd`).startsWith(folder);
  } catch {
    return false;
  }
}

/** Processes whose command line names the text. */
export function numbersIn(text: string): readonly number[] {
  const names = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  return names.flatMap((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text) ? [Number(pid)] : [];
    } catch {
      return [];
    }
  });
}

export async function until(ask: () => boolean | Promise<boolean>, what: string, withinMs = 20_000): Promise<void> {
  const end = Date.now() + withinMs;
  while (!(await ask())) {
    if (Date.now() > end) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
