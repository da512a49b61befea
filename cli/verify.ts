import type { Command } from 'commander';
import { ExitCode } from './exit.ts';
import type { CliIo } from './io.ts';

/** `verify FILE`: checks an evidence packet or an exported history offline. */
export function addVerifyCommand(program: Command, io: CliIo): void {
  program
    .command('verify <file>')
    .description('checks an evidence packet or an exported history offline, each check in words')
    .option('--root <hash>', 'the root as published or witnessed elsewhere')
    .action((file: string, options: { root?: string }) => runVerify(io, file, options));
}

async function runVerify(io: CliIo, path: string, options: { readonly root?: string }): Promise<void> {
  const [{ verifyFile }, { unproved }, { checkLines, unprovedLines }, { rulesLoader }] = await Promise.all([
    import('../verifier/entry/verify-file.ts'),
    import('../verifier/checks.ts'),
    import('../verifier/report.ts'),
    import('./rules-loader.ts'),
  ]);
  const checks = await verifyFile(path, await rulesLoader(), options);
  const broken = checks.find(({ ok }) => !ok) ?? null;
  const open = broken === null ? unproved(options) : [];
  for (const line of [...checkLines(checks), ...unprovedLines(open)]) io.say(line);
  io.out({ ok: broken === null, broken, checks, unproved: open });
  io.exitCode = broken === null ? ExitCode.done : ExitCode.failed;
}
