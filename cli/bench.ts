import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import type { Command } from 'commander';
import { CliError } from './error.ts';
import { ExitCode } from './exit.ts';
import type { CliIo } from './io.ts';

/** `bench NAME [args...]`: speed and cost are measured here, never asserted in a timed test. */
export function addBenchCommand(root: Command, io: CliIo): void {
  root
    .command('bench')
    .argument('<name>', 'api-lists, detection, real-input, redecide, throughput')
    .argument('[args...]')
    .allowUnknownOption()
    .description('runs a benchmark and prints the result')
    .action(async (name: string, args: readonly string[]) => {
      const file = join(import.meta.dirname, '..', 'bench', `${name}.ts`);
      if (!/^[a-z-]+$/.test(name) || !existsSync(file)) throw new CliError(ExitCode.usage, 'unknown-bench', `There is no benchmark "${name}".`);
      const module: unknown = await import(pathToFileURL(file).href);
      if (!isBench(module)) throw new CliError(ExitCode.failed, 'unknown-bench', `bench/${name}.ts is a part of the benchmarks, not one of them.`);
      io.out(await module.run(args));
    });
}

/** A benchmark's file exports `run`; what it returns is the JSON document. */
function isBench(module: unknown): module is { run(args: readonly string[]): Promise<unknown> } {
  return typeof module === 'object' && module !== null && 'run' in module && typeof module.run === 'function';
}
