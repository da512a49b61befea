import type { Command } from 'commander';
import type { Context } from './context.ts';
import type { CliIo } from './io.ts';
import type { UpOptions } from './stack.ts';

const DOWN_WITHIN_MS = 60_000;

/** `up` and `down`: the embedded stack with its worker. */
export function addUpCommands(root: Command, io: CliIo, context: () => Promise<Context>): void {
  root
    .command('up')
    .description('starts everything that is not configured elsewhere; Ctrl-C stops all in order')
    .option('--detach', 'returns when everything is ready')
    .option('--port <n>', 'first of eight ports in a row')
    .option('--no-samples', 'starts empty')
    .action(async (options: UpOptions) => {
      if (options.detach === true) {
        const { detach } = await import('./detach.ts');
        return detach(io, await context(), options);
      }
      const { up } = await import('./stack.ts');
      return up(io, await context(), options);
    });
  root
    .command('down')
    .description('stops the embedded stack of the data folder')
    .action(async () => {
      const { stopStack } = await import('../embedded/stack.ts');
      const ended = await stopStack((await context()).data, DOWN_WITHIN_MS, (line) => process.stderr.write(`${line}\n`));
      io.out({ ended });
      io.say(ended === 'stopped' ? 'Stopped.' : 'Nothing was running.');
    });
}
