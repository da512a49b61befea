import type { Command } from 'commander';
import type { Context } from './context.ts';
import type { CliIo } from './io.ts';
import type { UpOptions } from './stack.ts';

const DOWN_WITHIN_MS = 60_000;

interface PortalOptions {
  readonly host: string;
  readonly port: string;
}

/** `up` and `down`: the embedded stack with its worker; `migrate` and `portal`: its steps apart, for servers of your own. */
export function addUpCommands(root: Command, io: CliIo, context: () => Promise<Context>): void {
  root
    .command('up')
    .description('starts everything that is not configured elsewhere; Ctrl-C shuts everything down cleanly')
    .option('--detach', 'return when everything is ready')
    .option('--port <n>', 'first of nine consecutive ports')
    .option('--no-samples', 'start without sample data')
    .action(async (options: UpOptions) => {
      if (options.detach === true) {
        const { detach } = await import('./detach.ts');
        return detach(io, await context(), options);
      }
      const { up } = await import('./stack.ts');
      return up(io, await context(), options);
    });
  root
    .command('migrate')
    .description('prepares your own servers for this version: schema, namespace, first policy')
    .action(async () => {
      const { prepare } = await import('./stack.ts');
      await prepare(await context(), (line) => process.stderr.write(`${line}\n`));
      io.out({ ready: true });
      io.say('The servers are ready for this version.');
    });
  root
    .command('portal')
    .description('runs only the HTTP server until it is stopped; a worker runs elsewhere')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <n>', 'port to listen on', '8080')
    .action(async (options: PortalOptions) => {
      const { servePortal } = await import('./serve-portal.ts');
      return servePortal(io, await context(), options);
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
