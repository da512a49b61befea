import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { CliError } from './error.ts';
import { ExitCode } from './exit.ts';
import type { CliIo } from './io.ts';

/** A benchmark's file exports `run`; what it returns is the JSON document. */
const benchSchema = z.object({ run: z.custom<(args: readonly string[]) => Promise<unknown>>((value) => typeof value === 'function') });

/** `bench NAME [args...]`: speed and cost are measured here, never asserted in a timed test. */
export function addBenchCommand(root: Command, io: CliIo): void {
  root
    .command('bench')
    .argument('<name>', 'detection, real-input, throughput')
    .argument('[args...]')
    .allowUnknownOption()
    .description('measures and prints')
    .action(async (name: string, args: readonly string[]) => {
      const file = join(import.meta.dirname, '..', 'bench', `${name}.ts`);
      if (!/^[a-z-]+$/.test(name) || !existsSync(file)) throw new CliError(ExitCode.usage, 'unknown-bench', `There is no benchmark "${name}".`);
      const { run } = benchSchema.parse(await import(pathToFileURL(file).href));
      io.out(await run(args));
    });
}
