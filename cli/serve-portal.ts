import { portArgument } from './arguments.ts';
import type { Context } from './context.ts';
import { CliError } from './error.ts';
import { ExitCode } from './exit.ts';
import type { CliIo } from './io.ts';
import { startPortal } from './portal.ts';
import { untilSignalled } from './stack.ts';
import { keepTalking } from '../worker/steady-output.ts';

/** Runs the API in this process until it is told to stop. */
export async function servePortal(io: CliIo, context: Context, { host, port }: { readonly host: string; readonly port: string }): Promise<void> {
  const number = portArgument(port, '--port') ?? 0;
  if (host !== '127.0.0.1' && context.config.portal.origin === undefined)
    throw new CliError(
      ExitCode.usage,
      'no-origin',
      'Others are to reach the portal, but nothing says under which address.',
      'Set INTERDICT_ORIGIN: cookies and links are made for it.',
    );
  keepTalking();
  const stopped = untilSignalled((line) => process.stderr.write(`${line}\n`));
  const portal = await startPortal(context, number, host);
  io.out({ ready: true, portal: portal.origin });
  io.say(`The portal is ready: ${portal.origin} (listening on ${host}:${number}).`);
  await stopped;
  await portal.stop();
}
