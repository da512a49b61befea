import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Verification } from '../../domain/redecide.ts';
import { type RulesModule, RulesNotRun } from '../replay.ts';

export interface SandboxLimits {
  /** Machine milliseconds until the process is killed. */
  readonly ms: number;
  /** Megabytes of memory. */
  readonly mb: number;
}

const LIMITS: SandboxLimits = { ms: 20_000, mb: 512 };
const MOST_OUTPUT = 64 * 1024 * 1024;
const WATCH_MS = 50;
const PAGE_MB = 4096 / 1024 / 1024;

const CHILD = fileURLToPath(new URL('sandbox-child.ts', import.meta.url));

const answer = z.union([
  z.strictObject({
    results: z.array(
      z.union([z.object({ n: z.number(), ok: z.literal(true) }), z.object({ n: z.number(), ok: z.literal(false), what: z.string() })]),
    ),
  }),
  z.strictObject({ threw: z.string() }),
  z.strictObject({ failed: z.string() }),
]);

/**
 * A recorded rules text as a module, run in a process of its own without permissions (files, processes, threads, addons), without
 * environment, with limits of time and memory, in a context that holds the language only. Whatever it answers is parsed as data.
 */
export function sandboxedRules(text: string, limits: SandboxLimits = LIMITS): RulesModule {
  return {
    async redecide(decisions, policies): Promise<readonly Verification[]> {
      // Node answers a dynamic import with objects from outside the context; a rules text never has one.
      if (/\bimport\s*(?:\/[/*]|[(.])/.test(text)) throw new RulesNotRun('the rules text imports other code, so it was not run');
      const output = await runChild(JSON.stringify({ text, decisions, policies }), limits);
      const parsed = answer.safeParse(parseJson(output));
      if (!parsed.success) throw new RulesNotRun('the recorded rules ended without an answer');
      if ('failed' in parsed.data) throw new RulesNotRun(`the recorded rules could not be run: ${parsed.data.failed}`);
      if ('threw' in parsed.data) throw new Error(parsed.data.threw);
      return parsed.data.results;
    },
  };
}

function runChild(input: string, { ms, mb }: SandboxLimits): Promise<string> {
  const flags = ['--permission', `--allow-fs-read=${CHILD}`, '--experimental-vm-modules', '--disallow-code-generation-from-strings', '--no-warnings'];
  const child = spawn(process.execPath, [...flags, `--max-old-space-size=${mb}`, CHILD], { env: {}, stdio: ['pipe', 'pipe', 'ignore'] });
  return new Promise((resolve, reject) => {
    const output: Buffer[] = [];
    let size = 0;
    const stop = (why: string) => {
      child.kill('SIGKILL');
      reject(new RulesNotRun(why));
    };
    const timer = setTimeout(() => stop(`the recorded rules did not end within ${ms / 1000} s`), ms);
    const watch = setInterval(() => residentMb(child) > mb * 1.5 && stop(`the recorded rules used more than ${mb} MB of memory`), WATCH_MS);
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      output.push(chunk);
      if (size > MOST_OUTPUT) stop('the recorded rules answered without end');
    });
    child.on('error', (error) => reject(new RulesNotRun(`no process for the recorded rules: ${error.message}`)));
    child.on('close', () => {
      clearTimeout(timer);
      clearInterval(watch);
      resolve(Buffer.concat(output).toString('utf8'));
    });
    // A child that ends early closes its input; what matters is its answer.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

/** Memory that the heap limit does not cover (buffers), where the system tells it. */
function residentMb(child: ChildProcess): number {
  try {
    return Number(readFileSync(`/proc/${child.pid}/statm`, 'utf8').split(' ')[1]) * PAGE_MB;
  } catch {
    return 0;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
